// SPDX-License-Identifier: GPL-2.0-only
/* A reference below the list's lock, and an unmap that takes the lock that requests take. */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/vfio.h>

struct clipper {
	struct list_head next;
	struct kref refs;
	u32 number;
	struct vfio_device vdev;
	struct mutex lock;
	u64 cargo;
	u32 pages, unmaps;
};

static LIST_HEAD(clippers);
static DEFINE_MUTEX(clippers_lock);

static struct clipper *clipper_find(u32 number)
{
	struct clipper *clipper;

	guard(mutex)(&clippers_lock);
	list_for_each_entry(clipper, &clippers, next)
		if (clipper->number == number) {
			kref_get(&clipper->refs);
			return clipper;
		}
	return NULL;
}

static struct clipper *clipper_find_locked(u32 number)
{
	struct clipper *clipper;

	list_for_each_entry(clipper, &clippers, next)
		if (clipper->number == number)
			return clipper;
	return NULL;
}

static struct clipper *clipper_take(u32 number)
{
	struct clipper *clipper;

	mutex_lock(&clippers_lock);
	clipper = clipper_find_locked(number);
	if (clipper)
		kref_get(&clipper->refs);
	mutex_unlock(&clippers_lock);
	return clipper;
}

/* The reference is its caller's; this one is for the new owner. */
static int clipper_tie(struct clipper *to, u32 number)
{
	struct clipper *other = clipper_find(number);

	if (!other)
		return -EINVAL;
	get_device(&other->vdev.device);
	return 0;
}

static void clipper_drop(struct clipper *clipper)
{
	if (!clipper->pages)
		return;
	vfio_unpin_pages(&clipper->vdev, clipper->cargo, clipper->pages);
	clipper->pages = 0;
}

static long clipper_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct clipper *clipper = container_of(vdev, struct clipper, vdev);

	mutex_lock(&clipper->lock);
	if (cmd)
		clipper_drop(clipper);
	clipper->cargo = arg;
	mutex_unlock(&clipper->lock);
	return 0;
}

static void clipper_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct clipper *clipper = container_of(vdev, struct clipper, vdev);

	guard(mutex)(&clipper->lock);
	if (clipper->cargo < iova + length &&
	    iova < clipper->cargo + clipper->pages * PAGE_SIZE)
		clipper_drop(clipper);
}

static const struct vfio_device_ops clipper_ops = {
	.ioctl = clipper_ioctl, .dma_unmap = clipper_dma_unmap,
};

struct raft {
	struct vfio_device vdev;
	struct mutex lock;
	u32 unmaps;
	u64 cargo;
};

static long raft_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct raft *raft = container_of(vdev, struct raft, vdev);

	mutex_lock(&raft->lock);
	raft->cargo = arg;
	mutex_unlock(&raft->lock);
	return 0;
}

static void raft_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct raft *raft = container_of(vdev, struct raft, vdev);

	raft->unmaps++;
	vfio_unpin_pages(vdev, iova, 1);
}

static const struct vfio_device_ops raft_ops = {
	.ioctl = raft_ioctl, .dma_unmap = raft_dma_unmap,
};
