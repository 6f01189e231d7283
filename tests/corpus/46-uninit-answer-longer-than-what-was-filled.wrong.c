// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define QS_QUEUES 64

struct qs_entry {
	__u32 queue;
	__u32 depth;
	__u64 done;
};

struct qs_query {
	__u32 argsz;
	__u32 nr;
	__u64 entries;
};

#define QS_QUERY _IOWR(VFIO_TYPE, VFIO_BASE + 90, struct qs_query)

struct qs_queue {
	bool active;
	u32 depth;
	u64 done;
};

struct qs_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct qs_queue queues[QS_QUEUES];
};

static u32 qs_collect(struct qs_dev *qs, struct qs_entry *to, u32 room)
{
	u32 i, nr = 0;

	mutex_lock(&qs->lock);
	for (i = 0; i < QS_QUEUES && nr < room; i++) {
		const struct qs_queue *queue = &qs->queues[i];

		if (!queue->active)
			continue;
		to[nr].queue = i;
		to[nr].depth = queue->depth;
		to[nr].done = queue->done;
		nr++;
	}
	mutex_unlock(&qs->lock);
	return nr;
}

static long qs_query(struct qs_dev *qs, struct qs_query __user *arg)
{
	unsigned long minsz = offsetofend(struct qs_query, entries);
	struct qs_entry *entries;
	struct qs_query query;
	long ret = 0;
	u32 room;

	if (copy_from_user(&query, arg, minsz))
		return -EFAULT;
	if (query.argsz < minsz || !query.nr)
		return -EINVAL;
	room = min_t(u32, query.nr, QS_QUEUES);
	entries = kmalloc_array(room, sizeof(*entries), GFP_KERNEL); /* finds: uninit */
	if (!entries)
		return -ENOMEM;
	query.nr = qs_collect(qs, entries, room);
	if (copy_to_user(u64_to_user_ptr(query.entries), entries, /* finds: uninit */
			 room * sizeof(*entries)) ||
	    copy_to_user(arg, &query, minsz))
		ret = -EFAULT;
	kfree(entries);
	return ret;
}

static long qs_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct qs_dev *qs = container_of(vdev, struct qs_dev, vdev);

	switch (cmd) {
	case QS_QUERY:
		return qs_query(qs, (struct qs_query __user *)arg);
	default:
		return -ENOTTY;
	}
}

static void qs_close(struct vfio_device *vdev)
{
	struct qs_dev *qs = container_of(vdev, struct qs_dev, vdev);

	mutex_lock(&qs->lock);
	memset(qs->queues, 0, sizeof(qs->queues));
	mutex_unlock(&qs->lock);
}

static const struct vfio_device_ops qs_ops = {
	.name = "qs",
	.close_device = qs_close,
	.ioctl = qs_ioctl,
};
