/* SPDX-License-Identifier: GPL-2.0-only */
/* The threads that unmap. */
#ifndef MDK_VFIO_MDEV_UNMAPPER_H
#define MDK_VFIO_MDEV_UNMAPPER_H

#include <linux/list.h>
#include <linux/types.h>

struct mdv_gate;
struct pid;

/**
 * struct mdv_unmap - VFIO's question about a range, on the stack of the thread that asks
 * @first: first byte
 * @last: last byte, inclusive
 * @gate: which it shuts; may be wider
 * @thread: who asks
 * @link: in the list of the notices under way, of all devices
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
void mdv_unmap_list(struct mdv_unmap *unmap);
void mdv_unmap_unlist(struct mdv_unmap *unmap);

#endif /* MDK_VFIO_MDEV_UNMAPPER_H */
