// SPDX-License-Identifier: GPL-2.0-only
/* Put by helper and caller. */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct cx {
	struct kref ref;
	struct list_head node;
	u32 id;
	bool dead;
};

struct cx_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head all;
};

static void cx_release(struct kref *ref)
{
	kfree(container_of(ref, struct cx, ref));
}

static void cx_put(struct cx *cx)
{
	kref_put(&cx->ref, cx_release);
}

static struct cx *cx_get(struct cx_dev *dev, u32 id)
{
	struct cx *cx;

	mutex_lock(&dev->lock);
	list_for_each_entry(cx, &dev->all, node)
		if (cx->id == id) {
			kref_get(&cx->ref);
			mutex_unlock(&dev->lock);
			return cx;
		}
	mutex_unlock(&dev->lock);
	return NULL;
}

static int cx_run(struct cx *cx)
{
	if (cx->dead) {
		cx_put(cx);
		return -ESHUTDOWN;
	}
	return 0;
}

static long cx_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct cx *cx = cx_get(container_of(vdev, struct cx_dev, vdev), arg);
	int ret;

	if (!cx)
		return -ENOENT;
	ret = cx_run(cx);
	cx_put(cx); /* finds: mdev-after-put */
	return ret;
}

static const struct vfio_device_ops cx_ops = { .ioctl = cx_ioctl, .name = "cx" };
