/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges of guest memory that are not to be pinned for now. */
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

/* Gates of each device: at most, and of those that need no memory when they are needed. */
#define MDV_GATES_MAX 4096
#define MDV_GATES_RESERVE 16

/**
 * struct mdv_gate - a range of guest memory that a thread unmaps: not to be pinned for now
 * @node: in struct mdv_pins' @gates
 * @subtree_last: highest @last below @node
 * @link: in @recent of struct mdv_pins, or in @spare
 * @late: in @late of struct mdv_pins, from a notice that gave up until one that did not, or until
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
 * @target: where the worker has then released them (of struct mdv_pins' @nr_released), and what
 *	was condemned since
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

void mdv_gates_await(struct mdv_pins *pins, const struct mdv_pin *pin);
void mdv_gates_extend(struct mdv_pins *pins);
void mdv_gate_free(struct mdv_pins *pins, struct mdv_gate *gate);
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
