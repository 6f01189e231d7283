/* SPDX-License-Identifier: GPL-2.0-only */
/* So many jobs at a time. */
#ifndef MDEV_SDK_CHECK_POOL_H
#define MDEV_SDK_CHECK_POOL_H

#include <stddef.h>

/*
 * Does work(0..count-1) in so many threads; tick, if not NULL, is told in this thread how many are
 * done. work() must not print.
 */
struct pool {
	size_t count;
	unsigned int threads;
	void (*work)(size_t index, void *data);
	void (*tick)(size_t done, size_t count, void *data);
	void *data;
};

void pool_run(const struct pool *pool);

#endif
