// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
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

struct cxr_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head all;
};

static void cxr_release(struct kref *ref)
{
	kfree(container_of(ref, struct cx, ref));
}

static void cxr_put(struct cx *cx)
{
	kref_put(&cx->ref, cxr_release);
}

static struct cx *cxr_get(struct cxr_dev *dev, u32 id)
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

static int cxr_run(struct cx *cx)
{
	if (cx->dead) {
		return -ESHUTDOWN;
	}
	return 0;
}

static long cxr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct cx *cx = cxr_get(container_of(vdev, struct cxr_dev, vdev), arg);
	int ret;

	if (!cx)
		return -ENOENT;
	ret = cxr_run(cx);
	cxr_put(cx);
	return ret;
}

static const struct vfio_device_ops cxr_ops = { .ioctl = cxr_ioctl, .name = "cx" };
