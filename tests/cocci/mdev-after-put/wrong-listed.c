// SPDX-License-Identifier: GPL-2.0-only
/* The entry is freed and stays on the list. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct pawn {
	struct list_head node;
	u32 id;
};

struct pawnshop {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head pawns;
};

static int pawnshop_sell(struct pawnshop *shop, u32 id)
{
	struct pawn *pawn, *next;

	mutex_lock(&shop->lock);
	list_for_each_entry_safe(pawn, next, &shop->pawns, node)
		if (pawn->id == id) {
			kfree(pawn); /* finds: mdev-after-put */
			mutex_unlock(&shop->lock);
			return 0;
		}
	mutex_unlock(&shop->lock);
	return -ENOENT;
}
