// SPDX-License-Identifier: GPL-2.0-only
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define XQ_QUEUES 16
#define XQ_DEPTH_MAX 1024

struct xq_bind {
	__u32 argsz;
	__u32 flags;
	__s32 queue;
	__u32 depth;
	__u64 base;
};

#define XQ_BIND _IOW(VFIO_TYPE, VFIO_BASE + 40, struct xq_bind)
#define XQ_UNBIND _IOW(VFIO_TYPE, VFIO_BASE + 41, struct xq_bind)

struct xq_queue {
	u64 base;
	u32 depth;
	bool bound;
};

struct xq_adapter {
	struct vfio_device vdev;
	struct mutex lock;
	struct xq_queue queues[XQ_QUEUES];
};

static struct xq_queue *xq_lookup(struct xq_adapter *xq, int nr)
{
	if (nr < 0 || nr >= XQ_QUEUES)
		return NULL;
	return xq->queues + array_index_nospec(nr, XQ_QUEUES);
}

static int xq_bind(struct xq_adapter *xq, const struct xq_bind *req)
{
	struct xq_queue *queue = xq_lookup(xq, req->queue);

	if (!queue)
		return -ENOENT;
	if (!is_power_of_2(req->depth) || req->depth > XQ_DEPTH_MAX)
		return -EINVAL;
	if (queue->bound)
		return -EBUSY;
	queue->base = req->base;
	queue->depth = req->depth;
	queue->bound = true;
	return 0;
}

static int xq_unbind(struct xq_adapter *xq, const struct xq_bind *req)
{
	struct xq_queue *queue = xq_lookup(xq, req->queue);

	if (!queue || !queue->bound)
		return -ENOENT;
	memset(queue, 0, sizeof(*queue));
	return 0;
}

static long xq_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct xq_adapter *xq = container_of(vdev, struct xq_adapter, vdev);
	const size_t minsz = offsetofend(struct xq_bind, base);
	struct xq_bind req;
	long ret;

	if (cmd != XQ_BIND && cmd != XQ_UNBIND)
		return -ENOTTY;
	if (copy_from_user(&req, (void __user *)arg, minsz))
		return -EFAULT;
	if (req.argsz < minsz || req.flags)
		return -EINVAL;
	mutex_lock(&xq->lock);
	ret = cmd == XQ_BIND ? xq_bind(xq, &req) : xq_unbind(xq, &req);
	mutex_unlock(&xq->lock);
	return ret;
}

static void xq_close(struct vfio_device *vdev)
{
	struct xq_adapter *xq = container_of(vdev, struct xq_adapter, vdev);

	mutex_lock(&xq->lock);
	memset(xq->queues, 0, sizeof(xq->queues));
	mutex_unlock(&xq->lock);
}

static const struct vfio_device_ops xq_ops = {
	.name = "xq",
	.close_device = xq_close,
	.ioctl = xq_ioctl,
};
