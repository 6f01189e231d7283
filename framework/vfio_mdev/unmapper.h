/* SPDX-License-Identifier: GPL-2.0-only */
/* The threads that unmap. */
#ifndef MDK_VFIO_MDEV_UNMAPPER_H
#define MDK_VFIO_MDEV_UNMAPPER_H

#include <linux/list.h>
#include <linux/types.h>

struct mdk_gate;
struct pid;

/**
 * struct mdk_notice - VFIO's question about a range, on the stack of the thread that asks
 * @first: first byte
 * @last: last byte, inclusive
 * @gate: which it shuts; may be wider
 * @thread: who asks
 * @link: in the list of the notices under way, of all devices
 */
struct mdk_notice {
	u64 first;
	u64 last;
	struct mdk_gate *gate;
	struct pid *thread;
	struct list_head link;
};

struct pid *mdk_asker_mark(bool *again);
bool mdk_asker_inside(struct pid *asker);
void mdk_notice_list(struct mdk_notice *notice);
void mdk_notice_unlist(struct mdk_notice *notice);

#endif /* MDK_VFIO_MDEV_UNMAPPER_H */
