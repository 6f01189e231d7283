/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device has pinned. */
#ifndef MDK_VFIO_MDEV_PINS_H
#define MDK_VFIO_MDEV_PINS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "gate.h"

struct mdk_bridge;
struct page;

/**
 * struct mdk_pins - what a device has pinned, and when it may pin
 * @lock: guards the rest but for the last three
 * @live: pins are allowed: from the first access after open until close begins; cleared under
 *	@stop_lock too
 * @closing: from then on until the driver's release has returned: its DMA may still run
 * @tree: pins by address (struct mdk_pin)
 * @flying: pins inside vfio_pin_pages()
 * @calls: calls inside VFIO of any kind
 * @strays: of those, workers whose caller was stopped (async.c)
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

/* A pin: of one of the lists of struct mdk_pins (@link), or of its tree. */
struct mdk_pin {
	struct rb_node node;
	struct list_head link;
	u64 first;
	u64 last;
	u64 subtree_last;
	int npage;
};

struct mdk_pin *mdk_pin_begin(struct mdk_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages);
int mdk_pin_leave(struct mdk_bridge *b, struct mdk_pin *pin, int got, bool wanted);
int mdk_copy_check(struct mdk_bridge *b, u64 iova, const void *data, size_t len);
int mdk_call_enter(struct mdk_bridge *b, struct mdk_pin *pin);
void mdk_call_leave(struct mdk_pins *pins);
bool mdk_released(struct mdk_pins *pins, unsigned long target);
bool mdk_range_flying(struct mdk_pins *pins, u64 first, u64 last);
bool mdk_range_pinned(struct mdk_pins *pins, u64 first, u64 last);
void mdk_pins_condemn_range(struct mdk_pins *pins, u64 first, u64 last);
int mdk_pins_module_init(void);
void mdk_pins_module_exit(void);
void mdk_pins_init(struct mdk_pins *pins);
void mdk_pins_begin(struct mdk_pins *pins);
void mdk_pins_end(struct mdk_pins *pins);
void mdk_pins_drain(struct mdk_bridge *b);
void mdk_pins_destroy(struct mdk_pins *pins);

#endif /* MDK_VFIO_MDEV_PINS_H */
