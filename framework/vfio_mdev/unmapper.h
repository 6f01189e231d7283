/* SPDX-License-Identifier: GPL-2.0-only */
/* The threads that unmap, and whether they are still inside VFIO. */
#ifndef MDK_VFIO_MDEV_UNMAPPER_H
#define MDK_VFIO_MDEV_UNMAPPER_H

#include <linux/list.h>
#include <linux/types.h>

struct mdv_gate;
struct pid;

/**
 * struct mdv_unmap - a dma_unmap call, on the stack of the thread that makes it
 * @first: first byte of the range
 * @last: last byte, inclusive
 * @gate: which it shuts; its range may be wider
 * @thread: the thread
 * @link: in the list of the calls under way, of all devices
 */
struct mdv_unmap {
	u64 first;
	u64 last;
	struct mdv_gate *gate;
	struct pid *thread;
	struct list_head link;
};

struct pid *mdv_unmapper_mark(bool *again);
bool mdv_unmapper_inside(struct pid *unmapper);
void mdv_unmapper_enter(struct mdv_unmap *unmap);
void mdv_unmapper_leave(struct mdv_unmap *unmap);

#endif /* MDK_VFIO_MDEV_UNMAPPER_H */
