// SPDX-License-Identifier: GPL-2.0-only
/* The next entry is known before, or the walk ends there, or begins anew. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct bead {
	struct list_head node;
	u32 colour;
	void *thread;
};

struct chain {
	struct vfio_device vdev;
	struct list_head beads, spare;
	u32 count;
};

static void chain_free(struct bead *bead)
{
	kfree(bead->thread);
	kfree(bead);
}

static void chain_clear(struct chain *chain)
{
	struct bead *bead, *next;

	list_for_each_entry_safe(bead, next, &chain->beads, node) {
		list_del(&bead->node);
		chain_free(bead);
	}
}

static int chain_pick(struct chain *chain, u32 colour)
{
	struct bead *bead;

	list_for_each_entry(bead, &chain->beads, node) {
		if (bead->colour == colour) {
			list_del(&bead->node);
			chain_free(bead);
			return 0;
		}
	}
	return -ENOENT;
}

static void chain_first(struct chain *chain)
{
	struct bead *bead;

	list_for_each_entry(bead, &chain->beads, node) {
		kfree(bead->thread);
		bead->thread = NULL;
		if (!bead->colour) {
			list_move(&bead->node, &chain->spare);
			break;
		}
	}
	while (!list_empty(&chain->spare)) {
		bead = list_first_entry(&chain->spare, struct bead, node);
		list_del(&bead->node);
		chain_free(bead);
	}
}

static void chain_again(struct chain *chain)
{
	struct bead *bead;

again:
	list_for_each_entry(bead, &chain->beads, node) {
		if (bead->colour)
			continue;
		list_del(&bead->node);
		chain_free(bead);
		goto again;
	}
}

static void chain_drain(struct chain *chain)
{
	struct bead *bead;

	while (chain->count--)
		list_for_each_entry(bead, &chain->beads, node)
			if (bead->colour) {
				list_del(&bead->node);
				chain_free(bead);
				break;
			}
}

struct two_lists {
	struct list_head one, other;
};

static void chain_other(struct list_head *all)
{
	struct two_lists *entry;

	list_for_each_entry(entry, all, one)
		list_del_init(&entry->other);
}
