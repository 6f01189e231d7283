// SPDX-License-Identifier: GPL-2.0-only
/* A walk over a list goes on from an entry that is not there any more. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct bead {
	struct list_head node;
	struct hlist_node hash;
	u32 colour;
	void *thread;
};

struct chain {
	struct vfio_device vdev;
	struct list_head beads, spare;
	struct hlist_head hash;
	u32 count;
};

static void chain_free(struct bead *bead)
{
	kfree(bead->thread);
	kfree(bead);
}

static void chain_drop(struct chain *chain, struct bead *bead)
{
	chain->count--;
	chain_free(bead);
}

static void chain_clear(struct chain *chain)
{
	struct bead *bead;

	list_for_each_entry(bead, &chain->beads, node)
		chain_drop(chain, bead); /* finds: mdev-after-put */
	INIT_LIST_HEAD(&chain->beads);
}

static void chain_pick(struct chain *chain, u32 colour)
{
	struct bead *bead;

	list_for_each_entry_reverse(bead, &chain->beads, node) {
		if (bead->colour != colour)
			continue;
		list_move(&bead->node, &chain->spare); /* finds: mdev-after-put */
		chain->count--;
	}
}

static void chain_hash(struct chain *chain)
{
	struct bead *bead;

	hlist_for_each_entry(bead, &chain->hash, hash) {
		hlist_del(&bead->hash); /* finds: mdev-after-put */
		bead->colour = 0;
	}
}

static void chain_old(struct chain *chain)
{
	struct list_head *pos;

	list_for_each(pos, &chain->beads) {
		struct bead *bead = list_entry(pos, struct bead, node);

		if (bead->colour)
			chain_free(bead); /* finds: mdev-after-put */
	}
}
