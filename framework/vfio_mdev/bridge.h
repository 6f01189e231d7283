/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the VFIO bridge: one emulated-group vfio_device for each mediated device.
 */
#ifndef MDK_VFIO_MDEV_BRIDGE_H
#define MDK_VFIO_MDEV_BRIDGE_H

#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <mdev_sdk/mdev_driver.h>

#include "../compat/compat.h"

/* Gates of each device: at most, and of those that need no memory when they are needed. */
#define MDK_GATES_MAX 4096
#define MDK_GATES_RESERVE 16

/**
 * struct mdk_gate - a range of guest memory that a thread unmaps: not to be pinned for now
 * @node: in struct mdk_pins' @gates
 * @subtree_last: highest @last below @node
 * @link: in @recent of struct mdk_pins, or in @spare
 * @late: in @late of struct mdk_pins, from a notice that gave up until one that did not, or until
 *	the gate is found open: then nothing is left of what that notice gave up on
 * @first: first byte
 * @last: last byte, inclusive, so that the whole address space can be named
 * @asker: the thread, referenced; NULL: not known, or more than one. Such a gate is any thread's
 * @merged: out of several, for want of memory: it covers more than was ever asked about
 * @noticing: notices under way
 * @asked: notices in a row that overlapped it
 * @asked_at: ktime of the last, or of what came of it
 * @until: ktime until which it is shut in any case
 * @gave_up: of this thread's notices in a row, those that ended before all was released
 * @late_first: first byte of what notices gave up on, while it is in @late
 * @late_last: last byte of that; in a merged gate it is less than the gate
 * @condemned: after the last of them all pins of the range were the worker's
 * @target: where the worker has then released them (of struct mdk_pins' @nr_released), and what
 *	was condemned since
 */
struct mdk_gate {
	struct rb_node node;
	u64 subtree_last;
	struct list_head link;
	struct list_head late;
	u64 first;
	u64 last;
	struct pid *asker;
	bool merged;
	unsigned int noticing;
	unsigned int asked;
	u64 asked_at;
	u64 until;
	unsigned int gave_up;
	u64 late_first;
	u64 late_last;
	bool condemned;
	unsigned long target;
};

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

/**
 * struct mdk_pins - what a device has pinned, and when it may pin
 * @lock: guards the rest but for the last three
 * @live: pins are allowed: from the first access after open until close begins; cleared under
 *	@stop_lock too
 * @closing: from then on until the driver's release has returned: its DMA may still run
 * @tree: pins by address (struct mdk_pin)
 * @flying: pins inside vfio_pin_pages()
 * @calls: calls inside VFIO of any kind
 * @strays: of those, workers whose caller was stopped (apart.c)
 * @condemned: pins that wait for the worker, oldest first
 * @nr_condemned: pins ever condemned
 * @nr_released: pins ever released by the worker, in the order of their condemnation
 * @gates: ranges being unmapped, by address (struct mdk_gate)
 * @recent: they again, in the order of their last notices
 * @late: those of them whose last notice gave up
 * @nr_gates: of them, those that are not of @reserve
 * @spare: those of @reserve that are in no use
 * @reserve: for when there is no memory
 * @gates_merged: how often there was not even one of these
 * @stop_lock: held across notifier, quiesce and reset, so that close can wait for them
 * @settled: woken when a call comes back, when a pin is released and when @closing ends
 * @work: releases @condemned; never inside a VFIO callback
 */
struct mdk_pins {
	spinlock_t lock;
	bool live;
	bool closing;
	struct rb_root_cached tree;
	struct list_head flying;
	unsigned int calls;
	unsigned int strays;
	struct list_head condemned;
	unsigned long nr_condemned;
	unsigned long nr_released;
	struct rb_root_cached gates;
	struct list_head recent;
	struct list_head late;
	unsigned int nr_gates;
	struct list_head spare;
	struct mdk_gate reserve[MDK_GATES_RESERVE];
	unsigned long gates_merged;
	struct mutex stop_lock;
	wait_queue_head_t settled;
	struct work_struct work;
};

/**
 * struct mdk_bridge - the VFIO side of a mediated device
 * @vdev: first, as vfio_alloc_device() demands
 * @mdev: alive as long as the bridge is registered, and while a descriptor is open
 * @ops: of the parent
 * @touched: the user has accessed the device since open: pins may begin
 * @pins: see there
 */
struct mdk_bridge {
	struct vfio_device vdev;
	struct mdk_mdev *mdev;
	const struct mdev_parent_ops *ops;
	bool touched;
	struct mdk_pins pins;
};

static inline struct mdk_bridge *to_mdk_bridge(struct vfio_device *vdev)
{
	return container_of(vdev, struct mdk_bridge, vdev);
}

/* info.c */
long mdk_bridge_region_info(struct mdk_bridge *b, unsigned long arg);

/* A pin: of one of the lists of struct mdk_pins (@link), or of its tree. */
struct mdk_pin {
	struct rb_node node;
	struct list_head link;
	u64 first;
	u64 last;
	u64 subtree_last;
	int npage;
};

/* apart.c */
int mdk_apart_module_init(void);
void mdk_apart_module_exit(void);

/* pin.c */
struct mdk_pin *mdk_pin_begin(struct mdk_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages);
int mdk_pin_leave(struct mdk_bridge *b, struct mdk_pin *pin, int got, bool wanted);
int mdk_copy_check(struct mdk_bridge *b, u64 iova, const void *data, size_t len);
int mdk_call_enter(struct mdk_bridge *b, struct mdk_pin *pin);
void mdk_call_leave(struct mdk_pins *pins);
struct mdk_bridge *mdk_bridge_of(struct mdev_device *mdev);
int mdk_pins_module_init(void);
void mdk_pins_module_exit(void);
void mdk_pins_init(struct mdk_pins *pins);
void mdk_pins_begin(struct mdk_pins *pins);
void mdk_pins_end(struct mdk_pins *pins);
void mdk_pins_drain(struct mdk_bridge *b);
void mdk_pins_destroy(struct mdk_pins *pins);
void mdk_bridge_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

#endif /* MDK_VFIO_MDEV_BRIDGE_H */
