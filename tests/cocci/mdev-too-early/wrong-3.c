// SPDX-License-Identifier: GPL-2.0-only
/* Readers of RCU may be inside: of an entry, of a table that was replaced, of one in a helper. */
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sign {
	struct list_head node;
	u32 text;
};

struct road {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head signs;
	struct sign __rcu *last, *first;
};

static void road_free(struct sign *sign)
{
	kfree(sign);
}

static void road_remove(struct road *road, struct sign *sign)
{
	mutex_lock(&road->lock);
	list_del_rcu(&sign->node);
	mutex_unlock(&road->lock);
	road_free(sign); /* finds: mdev-too-early */
}

static void road_last(struct road *road, struct sign *sign)
{
	struct sign *old;

	old = rcu_replace_pointer(road->last, sign, lockdep_is_held(&road->lock));
	kfree(old); /* finds: mdev-too-early */
}

static void road_first(struct road *road, struct sign *sign)
{
	struct sign *old = rcu_dereference_protected(road->first, 1);

	rcu_assign_pointer(road->first, sign);
	if (sign)
		synchronize_rcu();
	kfree(old); /* finds: mdev-too-early */
}
