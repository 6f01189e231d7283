// SPDX-License-Identifier: GPL-2.0-only
/* A reference that comes after the list's lock; an unmap that changes what is others' below a lock. */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/vfio.h>

struct tender {
	struct list_head next;
	struct kref refs;
	u32 number;
	struct vfio_device vdev;
	struct mutex lock;
	u64 cargo;
	u32 pages;
};

static LIST_HEAD(tenders);
static DEFINE_MUTEX(tenders_lock);

static struct tender *tender_find(u32 number)
{
	struct tender *tender;

	mutex_lock(&tenders_lock);
	list_for_each_entry(tender, &tenders, next)
		if (tender->number == number) {
			mutex_unlock(&tenders_lock);
			return tender;
		}
	mutex_unlock(&tenders_lock);
	return NULL;
}

static struct tender *tender_search(u32 number)
{
	struct tender *tender;

	guard(mutex)(&tenders_lock);
	list_for_each_entry(tender, &tenders, next) {
		if (tender->number == number)
			return tender;
	}
	return NULL;
}

static struct tender *tender_take(u32 number)
{
	struct tender *tender = tender_find(number);

	if (!tender)
		return ERR_PTR(-ENOENT);
	kref_get(&tender->refs); /* finds: mdev-too-early */
	return tender;
}

static void tender_hold(struct tender *tender)
{
	get_device(&tender->vdev.device);
}

static int tender_tie(struct tender *to, u32 number)
{
	struct tender *other;

	other = tender_search(number);
	if (!other || other == to)
		return -EINVAL;
	tender_hold(other); /* finds: mdev-too-early */
	return 0;
}

static void tender_drop(struct tender *tender)
{
	if (!tender->pages)
		return;
	vfio_unpin_pages(&tender->vdev, tender->cargo, tender->pages);
	tender->pages = 0;
}

static long tender_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct tender *tender = container_of(vdev, struct tender, vdev);

	mutex_lock(&tender->lock);
	if (cmd)
		tender_drop(tender);
	tender->cargo = arg;
	mutex_unlock(&tender->lock);
	return 0;
}

static void tender_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct tender *tender = container_of(vdev, struct tender, vdev);

	if (tender->cargo < iova + length &&
	    iova < tender->cargo + tender->pages * PAGE_SIZE)
		tender_drop(tender); /* finds: mdev-too-early */
}

static const struct vfio_device_ops tender_ops = {
	.ioctl = tender_ioctl, .dma_unmap = tender_dma_unmap,
};

struct scow {
	struct vfio_device vdev;
	spinlock_t lock;
	u64 cargo;
};

static ssize_t scow_write(struct vfio_device *vdev, const char __user *buf, size_t count, loff_t *pos)
{
	struct scow *scow = container_of(vdev, struct scow, vdev);

	scoped_guard(spinlock, &scow->lock)
		scow->cargo = *pos;
	return count;
}

static void scow_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct scow *scow = container_of(vdev, struct scow, vdev);

	vfio_unpin_pages(vdev, iova, 1);
	scow->cargo = 0; /* finds: mdev-too-early */
}

static const struct vfio_device_ops scow_ops = {
	.write = scow_write, .dma_unmap = scow_dma_unmap,
};
