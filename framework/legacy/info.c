// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_GET_REGION_INFO as the driver's ioctl answers it, where the question comes without a
 * buffer of the user's: on new kernels the VFIO core asks, and everywhere the bridge does.
 *
 * The driver is given the address of a bounce buffer, which is kernel memory, and its copies to and
 * from it (mdev_sdk/legacy.h) are recognised by address and thread. A user cannot name one: it
 * exists only during a call that the framework makes, for the thread that makes it.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "compat/compat.h"
#include "legacy.h"

/* Room for the answer with all its capabilities. */
#define MDK_LEGACY_BOUNCE_SIZE PAGE_SIZE

/**
 * struct mdk_legacy_bounce - a bounce buffer: kernel memory in place of the user's
 * @link: mdk_legacy_bounces
 * @task: the thread whose driver it is given to
 * @mem: the memory, MDK_LEGACY_BOUNCE_SIZE bytes
 */
struct mdk_legacy_bounce {
	struct list_head link;
	struct task_struct *task;
	char *mem;
};

static DEFINE_SPINLOCK(mdk_legacy_bounces_lock);
static LIST_HEAD(mdk_legacy_bounces);

static bool mdk_legacy_bounce_covers(const struct mdk_legacy_bounce *bounce, unsigned long at,
				     unsigned long size)
{
	unsigned long start = (unsigned long)bounce->mem;

	return bounce->task == current && at >= start && size <= MDK_LEGACY_BOUNCE_SIZE &&
	       at - start <= MDK_LEGACY_BOUNCE_SIZE - size;
}

/* Return: where @uat is, if it is in a bounce buffer of this thread; NULL for user memory. */
void *mdk_legacy_window(const void __user *uat, unsigned long size)
{
	unsigned long at = (__force unsigned long)uat;
	struct mdk_legacy_bounce *bounce;
	void *found = NULL;

	/* Every access of a driver passes here; a user's address is done at once. */
	if (likely(at < TASK_SIZE_MAX))
		return NULL;
	spin_lock(&mdk_legacy_bounces_lock);
	list_for_each_entry(bounce, &mdk_legacy_bounces, link)
		if (mdk_legacy_bounce_covers(bounce, at, size))
			found = (void *)at;
	spin_unlock(&mdk_legacy_bounces_lock);
	return found;
}

static int mdk_legacy_bounce_ioctl(struct mdev_device *mdev, struct mdk_legacy_bounce *bounce)
{
	const struct mdev_parent_ops *ops = mdk_legacy_ops(mdev);
	long ret;

	spin_lock(&mdk_legacy_bounces_lock);
	list_add(&bounce->link, &mdk_legacy_bounces);
	spin_unlock(&mdk_legacy_bounces_lock);
	ret = ops->ioctl(mdev, VFIO_DEVICE_GET_REGION_INFO, (unsigned long)bounce->mem);
	spin_lock(&mdk_legacy_bounces_lock);
	list_del(&bounce->link);
	spin_unlock(&mdk_legacy_bounces_lock);
	return ret > 0 ? -EINVAL : ret;
}

/* Bytes of a capability with its header that starts at @cap, of @room; 0 if it is none we know. */
static size_t mdk_legacy_cap_size(const struct vfio_info_cap_header *cap, size_t room)
{
	const struct vfio_region_info_cap_sparse_mmap *sparse = (const void *)cap;
	size_t size = 0;

	if (cap->id == VFIO_REGION_INFO_CAP_TYPE)
		size = sizeof(struct vfio_region_info_cap_type);
	else if (cap->id == VFIO_REGION_INFO_CAP_MSIX_MAPPABLE)
		size = sizeof(*cap);
	else if (cap->id == VFIO_REGION_INFO_CAP_SPARSE_MMAP && room >= sizeof(*sparse))
		size = struct_size(sparse, areas, sparse->nr_areas);
	return size <= room ? size : 0;
}

/* The chain that the driver wrote behind its answer, for whoever gives it to the user. */
static int mdk_legacy_bounce_caps(const struct mdk_legacy_bounce *bounce, u32 offset,
				  struct vfio_info_cap *caps)
{
	struct vfio_info_cap_header *cap;
	u32 least = sizeof(struct vfio_region_info);
	size_t size;
	int ret = 0;

	/* Each lies behind the one before: so it ends. */
	while (!ret && offset) {
		if (offset < least || offset > MDK_LEGACY_BOUNCE_SIZE - sizeof(*cap))
			return -EINVAL;
		cap = (void *)(bounce->mem + offset);
		size = mdk_legacy_cap_size(cap, MDK_LEGACY_BOUNCE_SIZE - offset);
		if (!size)
			return -EINVAL;
		least = offset + size;
		offset = cap->next;
		ret = vfio_info_add_capability(caps, cap, size);
	}
	return ret;
}

static int mdk_legacy_bounce_answer(const struct mdk_legacy_bounce *bounce,
				    struct vfio_region_info *info, struct vfio_info_cap *caps)
{
	const struct vfio_region_info *answer = (const void *)bounce->mem;
	int ret = 0;

	if (answer->flags & VFIO_REGION_INFO_FLAG_CAPS)
		ret = mdk_legacy_bounce_caps(bounce, answer->cap_offset, caps);
	if (ret)
		return ret;
	info->flags = answer->flags & ~VFIO_REGION_INFO_FLAG_CAPS;
	info->size = answer->size;
	info->offset = answer->offset;
	return 0;
}

int mdk_legacy_region_info(struct mdev_device *mdev, struct vfio_region_info *info,
			   struct vfio_info_cap *caps)
{
	struct mdk_legacy_bounce bounce = { .task = current };
	struct vfio_region_info *question;
	int ret;

	bounce.mem = kzalloc(MDK_LEGACY_BOUNCE_SIZE, GFP_KERNEL);
	if (!bounce.mem)
		return -ENOMEM;
	question = (void *)bounce.mem;
	question->argsz = MDK_LEGACY_BOUNCE_SIZE;
	question->index = info->index;
	ret = mdk_legacy_bounce_ioctl(mdev, &bounce);
	if (!ret)
		ret = mdk_legacy_bounce_answer(&bounce, info, caps);
	kfree(bounce.mem);
	return ret;
}

/* Capabilities by id */

static const struct mdk_legacy_cap {
	int id;
	u16 version;
} mdk_legacy_caps[] = {
	{ VFIO_REGION_INFO_CAP_SPARSE_MMAP, 1 },
	{ VFIO_REGION_INFO_CAP_TYPE, 1 },
};

static int mdk_legacy_cap_append(struct vfio_info_cap *caps, const struct mdk_legacy_cap *row,
				 const void *cap_type)
{
	const struct vfio_region_info_cap_sparse_mmap *sparse = cap_type;
	struct vfio_info_cap_header *cap;
	size_t size = sizeof(struct vfio_region_info_cap_type);
	int ret;

	if (row->id == VFIO_REGION_INFO_CAP_SPARSE_MMAP)
		size = struct_size(sparse, areas, sparse->nr_areas);
	cap = kmemdup(cap_type, size, GFP_KERNEL);
	if (!cap)
		return -ENOMEM;
	*cap = (struct vfio_info_cap_header){ .id = row->id, .version = row->version };
	ret = vfio_info_add_capability(caps, cap, size);
	kfree(cap);
	return ret;
}

int mdk_legacy_add_capability(struct vfio_info_cap *caps, int cap_type_id, void *cap_type)
{
	size_t i;

	if (!cap_type)
		return 0;
	for (i = 0; i < ARRAY_SIZE(mdk_legacy_caps); i++)
		if (mdk_legacy_caps[i].id == cap_type_id)
			return mdk_legacy_cap_append(caps, &mdk_legacy_caps[i], cap_type);
	return -EINVAL;
}

int mdk_legacy_eventfd_signal(struct eventfd_ctx *ctx, int n)
{
	int i;

	for (i = 0; i < n; i++)
		mdk_eventfd_signal(ctx);
	return i;
}
