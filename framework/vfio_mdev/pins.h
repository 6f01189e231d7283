/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device has pinned, and its calls into VFIO. */
#ifndef MDK_VFIO_MDEV_PINS_H
#define MDK_VFIO_MDEV_PINS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "gate.h"

struct mdv_bridge;
struct page;

/**
 * struct mdv_pins - what a device has pinned, and when it may pin
 * @lock: guards all but the last three
 * @live: pins are allowed: from the first access after open until close begins. Cleared under
 *	@stop_lock too
 * @closing: from then on until the driver's release op has returned: its DMA may still run
 * @tree: pins by address (struct mdv_pin)
 * @in_flight: pins inside vfio_pin_pages()
 * @calls: calls inside VFIO, of pins and copies
 * @abandoned: of those, the workers' whose caller does not wait any more (async.c)
 * @queued: pins that wait for the worker to unpin them, oldest first
 * @nr_queued: pins ever queued
 * @nr_unpinned: pins ever unpinned by the worker, in the order in which they were queued
 * @gates: ranges that must not be pinned, by address (struct mdv_gate)
 * @gates_lru: the same, the one made or looked at longest ago first
 * @unfinished: those of them whose last call gave up
 * @nr_gates: those of them that were allocated
 * @gates_spare: those of @gates_reserve that are not used
 * @gates_reserve: for when there is no memory
 * @gates_merged: how often even these were all used
 * @stop_lock: held across the driver's notifier, quiesce and reset, so that close can wait for them
 * @progress: woken when a call into VFIO returns, when a pin is unpinned and when @closing ends
 * @work: unpins what is @queued; never inside a VFIO callback
 */
struct mdv_pins {
	spinlock_t lock;
	bool live;
	bool closing;
	struct rb_root_cached tree;
	struct list_head in_flight;
	unsigned int calls;
	unsigned int abandoned;
	struct list_head queued;
	unsigned long nr_queued;
	unsigned long nr_unpinned;
	struct rb_root_cached gates;
	struct list_head gates_lru;
	struct list_head unfinished;
	unsigned int nr_gates;
	struct list_head gates_spare;
	struct mdv_gate gates_reserve[MDV_GATES_RESERVE];
	unsigned long gates_merged;
	struct mutex stop_lock;
	wait_queue_head_t progress;
	struct work_struct work;
};

/* A pin: in one of the lists of struct mdv_pins by @link, or in its tree. */
struct mdv_pin {
	struct rb_node node;
	struct list_head link;
	u64 first;
	u64 last;
	u64 subtree_last;
	int npage;
};

struct mdv_pin *mdv_pin_begin(struct mdv_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages);
int mdv_pin_finish(struct mdv_bridge *b, struct mdv_pin *pin, int got, bool wanted);
int mdv_copy_check(struct mdv_bridge *b, u64 iova, const void *data, size_t len);
int mdv_call_enter(struct mdv_bridge *b, struct mdv_pin *pin);
void mdv_call_leave(struct mdv_pins *pins);
bool mdv_unpinned(struct mdv_pins *pins, unsigned long target);
bool mdv_range_in_flight(struct mdv_pins *pins, u64 first, u64 last);
bool mdv_range_pinned(struct mdv_pins *pins, u64 first, u64 last);
void mdv_queue_unpin_range(struct mdv_pins *pins, u64 first, u64 last);
int mdv_pins_module_init(void);
void mdv_pins_module_exit(void);
void mdv_pins_init(struct mdv_pins *pins);
void mdv_pins_begin(struct mdv_pins *pins);
void mdv_pins_end(struct mdv_pins *pins);
void mdv_pins_drain(struct mdv_bridge *b);
void mdv_pins_destroy(struct mdv_pins *pins);

#endif /* MDK_VFIO_MDEV_PINS_H */
