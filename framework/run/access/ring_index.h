/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arithmetic of a ring, also compiled in user space. Indices are counted modulo 2^32; the size
 * is a power of two, so that an index gives its slot without a division, also when it wraps.
 */
#ifndef MDK_RING_INDEX_H
#define MDK_RING_INDEX_H

#include <mdk/types.h>

/**
 * struct mdk_ring_index - the two ends
 * @size: descriptors
 * @produced: by the guest; at most @size ahead of @consumed
 * @consumed: by the device
 */
struct mdk_ring_index {
	u32 size;
	u32 produced;
	u32 consumed;
};

static inline bool mdk_power_of_2(u32 value)
{
	return value && !(value & (value - 1));
}

static inline bool mdk_ring_size_good(u32 size, u32 max)
{
	return size >= 2 && size <= max && mdk_power_of_2(size);
}

static inline u32 mdk_ring_filled(const struct mdk_ring_index *index)
{
	return index->produced - index->consumed;
}

/* Return: false for a step back, which wraps to a very large one, and for one beyond the size. */
static inline bool mdk_ring_step_good(const struct mdk_ring_index *index, u32 produced)
{
	return produced - index->produced <= index->size - mdk_ring_filled(index);
}

/* Return: so many more fit, of @limit that may be ahead at once. */
static inline bool mdk_ring_more_good(const struct mdk_ring_index *index, u32 limit, u32 more)
{
	return more <= limit - mdk_ring_filled(index);
}

static inline u32 mdk_ring_slot(const struct mdk_ring_index *index)
{
	return index->consumed & (index->size - 1);
}

/* Return: bytes from @addr to the end of its page of 1 << @shift bytes, at most @len. */
static inline u32 mdk_ring_piece(u64 addr, u32 len, u32 shift)
{
	u64 left = (1ULL << shift) - (addr & ((1ULL << shift) - 1));

	return left < len ? (u32)left : len;
}

/* Return: the range has bytes, and its last one has an address. */
static inline bool mdk_ring_range_good(u64 addr, u32 len)
{
	return len && addr + (len - 1) >= addr;
}

#endif /* MDK_RING_INDEX_H */
