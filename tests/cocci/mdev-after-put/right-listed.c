// SPDX-License-Identifier: GPL-2.0-only
/* Off the list first; or all of them, and the list with them. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct relic {
	struct list_head node;
	u32 id;
};

struct crypt {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head relics;
};

static int crypt_take(struct crypt *crypt, u32 id)
{
	struct relic *relic, *next;

	mutex_lock(&crypt->lock);
	list_for_each_entry_safe(relic, next, &crypt->relics, node)
		if (relic->id == id) {
			list_del(&relic->node);
			kfree(relic);
			mutex_unlock(&crypt->lock);
			return 0;
		}
	mutex_unlock(&crypt->lock);
	return -ENOENT;
}

static void crypt_destroy(struct crypt *crypt)
{
	struct relic *relic, *next;

	list_for_each_entry_safe(relic, next, &crypt->relics, node)
		kfree(relic);
	kfree(crypt);
}
