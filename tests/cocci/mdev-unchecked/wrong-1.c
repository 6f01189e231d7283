// SPDX-License-Identifier: GPL-2.0-only
/* Used at once: followed, copied to, read through, given to a helper that follows it. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

struct crate {
	u32 weight;
	u8 *goods;
};

struct store {
	struct vfio_device vdev;
	struct crate *crates[4];
	struct workqueue_struct *queue;
	struct work_struct work;
	u32 count;
};

static void store_weigh(struct crate *crate, u32 weight)
{
	crate->weight = weight;
}

static void store_label(struct crate *crate, u32 weight)
{
	pr_debug("%u\n", weight);
	store_weigh(crate, weight);
}

static int store_add(struct store *store, u32 weight)
{
	struct crate *crate = kzalloc(sizeof(*crate), GFP_KERNEL);

	store_weigh(crate, weight); /* finds: mdev-unchecked */
	store_label(crate, weight);
	store->crates[store->count++ & 3] = crate;
	return 0;
}

static int store_fill(struct store *store, const void __user *from, size_t size)
{
	struct crate *crate = store->crates[0];

	crate->goods = kmalloc(size, GFP_KERNEL);
	if (copy_from_user(crate->goods, from, size)) /* finds: mdev-unchecked */
		return -EFAULT;
	crate->goods[0] = 0;
	return 0;
}

static void store_copy(struct store *store, const void *from, size_t size)
{
	u8 *goods = kmalloc(size, GFP_KERNEL);

	memcpy(goods, from, size); /* finds: mdev-unchecked */
	store->crates[0]->goods = goods;
}

static int store_open(struct vfio_device *vdev)
{
	struct store *store = container_of(vdev, struct store, vdev);
	unsigned int i = store->count & 3;

	store->crates[i] = kzalloc(sizeof(**store->crates), GFP_KERNEL);
	store->crates[i]->weight = 1; /* finds: mdev-unchecked */
	store->queue = alloc_workqueue("store", 0, 0);
	queue_work(store->queue, &store->work); /* finds: mdev-unchecked */
	return 0;
}

static u32 store_guest(struct mdk_dev *dev, u64 iova)
{
	struct mdk_pinned *page = mdk_pin(dev, iova, 4, MDK_TO_DEVICE);
	u32 word = 0;

	if (mdk_pinned_read(page, 0, &word, sizeof(word))) /* finds: mdev-unchecked */
		word = ~0U;
	word = mdk_pinned_write(page, 0, &word, sizeof(word)) ? ~0U : word;
	mdk_unpin(page);
	return word;
}
