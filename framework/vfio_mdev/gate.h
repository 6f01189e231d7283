/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gates: ranges of guest memory that must not be pinned for now, because a thread unmaps them.
 * All functions but the last are called with the lock of the pins held, where they do not take it.
 */
#ifndef MDK_VFIO_MDEV_GATE_H
#define MDK_VFIO_MDEV_GATE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct mdev_device;
struct mdv_unmap;
struct mdv_pin;
struct mdv_pins;
struct pid;

/* The most gates that a device allocates, and those that it has without allocating. */
#define MDV_GATES_MAX 4096
#define MDV_GATES_RESERVE 16

/**
 * struct mdv_gate - a range of guest memory that must not be pinned for now
 * @node: in @gates of struct mdv_pins
 * @subtree_last: highest @last below @node
 * @link: in @gates_lru of struct mdv_pins, or in @gates_spare
 * @unfinished: in the list of that name of struct mdv_pins, after a dma_unmap call that gave up,
 *	until one does not or the gate is found open: then nothing is left that it gave up on
 * @first: first byte
 * @last: last byte, inclusive, so that the whole address space can be named
 * @unmapper: the thread that unmaps, with a reference; NULL: not known, or more than one. Such a
 *	gate serves any thread
 * @merged: made of several for want of memory, so that it covers more than is being unmapped
 * @nr_unmaps: dma_unmap calls under way
 * @repeats: dma_unmap calls in a row that overlapped it
 * @last_at: ktime of the last of these, or of what came of it
 * @shut_until: ktime before which it is shut in any case (the backoff)
 * @gave_up: of @unmapper's calls in a row, those that gave up
 * @unfinished_first: first byte of what calls gave up on, while it is in @unfinished
 * @unfinished_last: last byte of that; a merged gate may cover more
 * @queued: the last call that ended left no pin of the range but queued ones
 * @target: what @nr_unpinned of struct mdv_pins has to reach for these to be unpinned
 */
struct mdv_gate {
	struct rb_node node;
	u64 subtree_last;
	struct list_head link;
	struct list_head unfinished;
	u64 first;
	u64 last;
	struct pid *unmapper;
	bool merged;
	unsigned int nr_unmaps;
	unsigned int repeats;
	u64 last_at;
	u64 shut_until;
	unsigned int gave_up;
	u64 unfinished_first;
	u64 unfinished_last;
	bool queued;
	unsigned long target;
};

void mdv_gates_init(struct mdv_pins *pins);
void mdv_gates_destroy(struct mdv_pins *pins);
void mdv_gates_pin_queued(struct mdv_pins *pins, const struct mdv_pin *pin);
void mdv_gates_pin_unpinned(struct mdv_pins *pins);
void mdv_gates_free_over(struct mdv_pins *pins);
bool mdv_range_shut(struct mdv_pins *pins, u64 first, u64 last);
bool mdv_gates_stuck(struct mdv_pins *pins);
void mdv_unmap_begin(struct mdv_pins *pins, struct mdv_unmap *unmap);
void mdv_unmap_end(struct mdv_pins *pins, struct mdv_unmap *unmap, bool queued,
		   unsigned long target);
void mdv_gates_set_finished(struct mdv_pins *pins);

/**
 * mdk_mdev_gates_merged() - how often memory ran out for what is being unmapped
 * @mdev: the device
 *
 * Two ranges were then taken for one, and pages between them could not be pinned for a while.
 * Context: any. Return: that number, since the device was made.
 */
unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev);

#endif /* MDK_VFIO_MDEV_GATE_H */
