/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges of guest memory that are not to be pinned for now. */
#ifndef MDK_VFIO_MDEV_GATE_H
#define MDK_VFIO_MDEV_GATE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct mdev_device;
struct mdk_notice;
struct mdk_pin;
struct mdk_pins;
struct pid;

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

void mdk_gates_await(struct mdk_pins *pins, const struct mdk_pin *pin);
void mdk_gates_extend(struct mdk_pins *pins);
void mdk_gate_free(struct mdk_pins *pins, struct mdk_gate *gate);
void mdk_gates_free_over(struct mdk_pins *pins);
bool mdk_range_shut(struct mdk_pins *pins, u64 first, u64 last);
bool mdk_gates_stuck(struct mdk_pins *pins);
void mdk_notice_begin(struct mdk_pins *pins, struct mdk_notice *notice);
void mdk_notice_end(struct mdk_pins *pins, struct mdk_notice *notice, bool condemned,
		    unsigned long target);
void mdk_gates_forgive(struct mdk_pins *pins);

/**
 * mdk_mdev_gates_merged() - how often memory ran out for what is being unmapped
 * @mdev: the device
 *
 * Two ranges were then taken for one, and pages between them could not be pinned for a while.
 * Context: any. Return: that number, since the device was made.
 */
unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev);

#endif /* MDK_VFIO_MDEV_GATE_H */
