/* SPDX-License-Identifier: GPL-2.0-only */
/* The nearest known word to a mistyped one. */
#ifndef MDEV_SDK_NEAREST_H
#define MDEV_SDK_NEAREST_H

#include <stddef.h>

/* Of the words that were tried, the first of least distance; found is NULL if none was below. */
struct nearest {
	const char *word, *found;
	size_t below;
};
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
