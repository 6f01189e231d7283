/* SPDX-License-Identifier: GPL-2.0-only */
/* A row of MDK_SAVES(), and what it says of a value. */
#ifndef MDK_SAVE_ROW_H
#define MDK_SAVE_ROW_H

#include <mdk/save.h>

/* What .max means. */
static inline u64 mdk_save_max(const struct mdk_save *row)
{
	u64 all = row->size >= 8 ? U64_MAX : (1ULL << 8 * row->size) - 1;

	if (row->is_bool)
		return 1;
	return row->max && row->max < all ? row->max : all;
}

/* Bytes of a blob, at least: without .length it is always as long. */
static inline u64 mdk_blob_min(const struct mdk_save *row)
{
	return row->length ? row->min : row->max;
}

/* All of its values, in bytes. */
static inline u64 mdk_save_bytes(const struct mdk_save *row)
{
	return (u64)row->size * row->count * row->repeat;
}

#endif /* MDK_SAVE_ROW_H */
