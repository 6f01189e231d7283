// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chain of descriptors as pieces. A guest may change its tables at any time, so each descriptor
 * is read once, and what was checked is what is used.
 */
#include <linux/nospec.h>

#include "run/access/ring_index.h"
#include "device.h"

#define MDK_VQ_NEXT 1
#define MDK_VQ_WRITE 2
#define MDK_VQ_INDIRECT 4

/**
 * struct mdk_walk - where in a chain
 * @vq: the queue
 * @in_table: in a table of its own, not in the queue's
 * @table: its address
 * @entries: of that table
 * @err: the chain can be fetched another time, or the device is switched off
 */
struct mdk_walk {
	struct mdk_vq *vq;
	bool in_table;
	u64 table;
	u32 entries;
	int err;
};

static int mdk_walk_read(struct mdk_walk *walk, u32 at, struct mdk_vq_desc *desc)
{
	struct mdk_vq *vq = walk->vq;

	if (!walk->in_table)
		return mdk_vq_gone(mdk_pinned_read(vq->descs, at * sizeof(*desc), desc,
						   sizeof(*desc)));
	return mdk_guest_copy(&vq->buffers, MDK_TO_DEVICE, MDK_TO_DEVICE,
			      walk->table + at * sizeof(*desc), desc, sizeof(*desc));
}

/* One to write to must not lie in the queue itself: the device would write to its own index. */
static bool mdk_piece_in_queue(const struct mdk_vq *vq, u64 addr, u32 len)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vq->areas); i++)
		if (!mdk_vq_area_apart(vq, i, addr, len))
			return true;
	return false;
}

static const char *mdk_chain_add(struct mdk_vq *vq, u64 addr, u32 len, bool write)
{
	u32 *sum = write ? &vq->chain.writable : &vq->chain.readable;

	/* Each step adds one or enters the only table, so this ends a circle too. */
	if (vq->nr_pieces >= vq->size)
		return "a chain longer than the queue, or in a circle";
	if (!mdk_ring_range_good(addr, len))
		return "a buffer without bytes, or one that wraps";
	if (!write && vq->nr_pieces > vq->nr_out)
		return "a readable buffer behind a writable one";
	if (len > U32_MAX - *sum)
		return "a chain of more than 2^32 bytes";
	if (write && mdk_piece_in_queue(vq, addr, len))
		return "a buffer to write to that lies in the queue";
	*sum += len;
	vq->nr_out += !write;
	vq->pieces[vq->nr_pieces++] = (struct mdk_vq_piece){ .addr = addr, .len = len };
	return NULL;
}

static const char *mdk_walk_into(struct mdk_walk *walk, const struct mdk_vq_desc *desc, u16 flags)
{
	u64 addr = le64_to_cpu(desc->addr);
	u32 len = le32_to_cpu(desc->len);

	if (!mdk_virtio_has(walk->vq->virtio, MDK_VIRTIO_F_INDIRECT_DESC))
		return "a table that was not negotiated";
	if (walk->in_table || flags & MDK_VQ_NEXT)
		return "a table in a table, or one with a next descriptor";
	if (len % sizeof(*desc) || !mdk_ring_range_good(addr, len))
		return "a table of no, or of half, descriptors";
	walk->in_table = true;
	walk->table = addr;
	walk->entries = len / sizeof(*desc);
	return NULL;
}

/* @at: the descriptor, then the next one. @more: there is one. */
static const char *mdk_walk_step(struct mdk_walk *walk, u32 *at, bool *more)
{
	struct mdk_vq_desc desc;
	const char *wrong;
	u16 flags;

	if (*at >= walk->entries)
		return "a descriptor beyond its table";
	*at = array_index_nospec(*at, walk->entries);
	walk->err = mdk_walk_read(walk, *at, &desc);
	if (walk->err)
		return "a descriptor without memory";
	flags = le16_to_cpu(desc.flags);
	*more = true;
	if (flags & MDK_VQ_INDIRECT) {
		*at = 0;
		return mdk_walk_into(walk, &desc, flags);
	}
	wrong = mdk_chain_add(walk->vq, le64_to_cpu(desc.addr), le32_to_cpu(desc.len),
			      flags & MDK_VQ_WRITE);
	*more = flags & MDK_VQ_NEXT;
	*at = le16_to_cpu(desc.next);
	return wrong;
}

/* Return: what is wrong with the chain, which is added to the pieces; NULL: nothing. */
static const char *mdk_chain_walk(struct mdk_walk *walk, u32 at)
{
	const char *wrong;
	bool more;

	do {
		wrong = mdk_walk_step(walk, &at, &more);
	} while (!wrong && more);
	return wrong;
}

void mdk_chain_forget(struct mdk_vq *vq)
{
	vq->chain.readable = 0;
	vq->chain.writable = 0;
	vq->nr_out = 0;
	vq->nr_pieces = 0;
	vq->nr_parts = 0;
	vq->done = false;
}

int mdk_chain_fetch(struct mdk_vq *vq, u16 head)
{
	struct mdk_walk walk = { .vq = vq, .entries = vq->size };
	const struct mdk_chain before = vq->chain;
	u32 nr_out = vq->nr_out, nr_pieces = vq->nr_pieces;
	const char *wrong = mdk_chain_walk(&walk, head);
	bool full = vq->nr_parts && vq->nr_pieces >= vq->size;

	if (!wrong) {
		vq->parts[vq->nr_parts++] = (struct mdk_vq_part){
			.head = head, .writable = vq->chain.writable - before.writable,
		};
		return 0;
	}
	vq->chain = before;
	vq->nr_out = nr_out;
	vq->nr_pieces = nr_pieces;
	if (mdk_vq_later(walk.err))
		return walk.err;
	/* It may be good by itself. */
	if (full)
		return -EMSGSIZE;
	mdk_virtio_break(vq->virtio, vq, wrong);
	return -EINVAL;
}

/* Copies */

static int mdk_chain_copy(const struct mdk_chain *chain, enum mdk_dma_dir way, u32 offset,
			  void *buf, u32 len)
{
	struct mdk_vq *vq = chain->vq;
	u32 i = way == MDK_TO_DEVICE ? 0 : vq->nr_out;
	u32 end = way == MDK_TO_DEVICE ? vq->nr_out : vq->nr_pieces;
	int ret = 0;

	for (; !ret && len && i < end; i++) {
		const struct mdk_vq_piece *piece = &vq->pieces[i];
		u32 n;

		if (offset >= piece->len) {
			offset -= piece->len;
			continue;
		}
		n = piece->len - offset < len ? piece->len - offset : len;
		ret = mdk_guest_copy(&vq->buffers, way, way, piece->addr + offset, buf, n);
		offset = 0;
		buf += n;
		len -= n;
		vq->copied += n;
	}
	return ret;
}

int mdk_chain_read(const struct mdk_chain *chain, u32 offset, void *buf, u32 len)
{
	if (offset > chain->readable || len > chain->readable - offset)
		return -EINVAL;
	return mdk_chain_copy(chain, MDK_TO_DEVICE, offset, buf, len);
}

int mdk_chain_write(const struct mdk_chain *chain, u32 offset, const void *buf, u32 len)
{
	if (offset > chain->writable || len > chain->writable - offset)
		return -EINVAL;
	return mdk_chain_copy(chain, MDK_FROM_DEVICE, offset, (void *)buf, len);
}
