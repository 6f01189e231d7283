/* SPDX-License-Identifier: GPL-2.0-only */
/* A ring inside: ring.c moves it, rings.c does so for rows of a model. */
#ifndef MDK_RING_PRIVATE_H
#define MDK_RING_PRIVATE_H

#include <linux/atomic.h>
#include <linux/list.h>

#include <mdk/ring.h>

#include "guest_pages.h"
#include "ring_index.h"

struct mdk_pinned;
struct mdk_work;

/**
 * struct mdk_ring_view - registers that show a ring to its guest; of a row's ring
 * @state: where @running and @broken are, or NULL
 * @running: its bits while the ring runs
 * @broken: its bits once it has broken
 * @done: the end that the device moves, or NULL
 * @slots: the ends are places, and one place stays free
 * @mask: what @done shows of the index
 */
struct mdk_ring_view {
	atomic_t *state;
	u32 running;
	u32 broken;
	atomic_t *done;
	bool slots;
	u32 mask;
};

/**
 * struct mdk_ring - a ring
 * @dev: the instance
 * @spec: of its maker
 * @memory: the descriptors; NULL: it is stopped
 * @memory_dir: how they are pinned
 * @base: where they are
 * @broken: an error has stopped it, until it is started again
 * @lost: @memory is dead; set in an unmap, under the lock of the pin cache
 * @awaits: a migration has brought it: its memory is pinned when the device runs
 * @told: @on_broken was called, or need not be
 * @on_broken: the driver's callback, or NULL
 * @teller: calls it
 * @fetched: @desc is the one at @index.consumed
 * @silent: nothing is written back
 * @view: of a row's ring
 * @bound: likewise, see rings.c
 * @index: the two ends; of completions @index.produced counts places that the guest has freed
 * @desc: copy of the descriptor that was fetched last
 * @made: in mdk_inst.rings_made
 * @buffers: pinned pages of buffers
 * @pages: of @buffers; spec.buffer_pages entries
 */
struct mdk_ring {
	struct mdk_dev *dev;
	struct mdk_ring_spec spec;
	struct mdk_pinned *memory;
	enum mdk_dma_dir memory_dir;
	u64 base;
	bool broken;
	bool lost;
	bool awaits;
	bool told;
	void (*on_broken)(struct mdk_dev *dev, struct mdk_ring *ring);
	struct mdk_work *teller;
	bool fetched;
	bool silent;
	struct mdk_ring_view view;
	struct mdk_bound *bound;
	struct mdk_ring_index index;
	u8 desc[MDK_RING_DESC_MAX];
	struct list_head made;
	struct mdk_guest_pages buffers;
	struct mdk_guest_page pages[];
};

/* As mdk_ring_create(), of a specification that was checked. */
struct mdk_ring *mdk_ring_make(struct mdk_dev *dev, const struct mdk_ring_spec *spec);

/* All that follows under mdk_inst.callbacks. As mdk_ring_start() and mdk_ring_stop(). */
int mdk_ring_take(struct mdk_ring *ring, u64 base, u32 size);
void mdk_ring_drop(struct mdk_ring *ring);

/* Pins the memory of a ring whose base and size are known. Return: as mdk_ring_start(). */
int mdk_ring_pin(struct mdk_ring *ring);
/* Could a ring of that maker be there? */
bool mdk_ring_place_good(const struct mdk_ring *ring, u64 base, u32 size);

/* rings.c: the same of a row's ring, with what else belongs to it. */
int mdk_rings_start(struct mdk_ring *ring, u64 base, u32 size);
void mdk_rings_stop(struct mdk_ring *ring);
/* It runs where a migration has brought it: its driver is told. */
void mdk_rings_came(struct mdk_ring *ring);
/* A row's ring, into which the device puts entries: nothing is fetched from it. */
bool mdk_ring_gets_entries(const struct mdk_ring *ring);

/* Return: @why. */
int mdk_ring_break(struct mdk_ring *ring, int why);

/* A guest sees that a ring could not start. Return: @why. */
int mdk_ring_refused(struct mdk_ring *ring, int why);

/* Descriptors, or entries, that fit in; and that a guest has made, or freed places. */
u32 mdk_ring_limit(const struct mdk_ring *ring);
u32 mdk_ring_waiting(const struct mdk_ring *ring);

/* The guest's end goes forward. Return: as mdk_ring_produce(). */
int mdk_ring_advance(struct mdk_ring *ring, u32 more);

/* The next entry of completions, if a place is free. Return: as mdk_ring_complete(). */
int mdk_ring_put(struct mdk_ring *ring, const void *entry);

#endif /* MDK_RING_PRIVATE_H */
