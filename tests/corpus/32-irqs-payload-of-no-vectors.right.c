// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct dz_dev {
	struct vfio_device vdev;
	struct mutex igate;
	struct eventfd_ctx *trigger;
};

static void dz_disarm(struct dz_dev *dz)
{
	struct eventfd_ctx *old = dz->trigger;

	dz->trigger = NULL;
	if (old)
		eventfd_ctx_put(old);
}

static void dz_fire(struct dz_dev *dz)
{
	if (dz->trigger)
		eventfd_signal(dz->trigger);
}

static int dz_arm(struct dz_dev *dz, int fd)
{
	struct eventfd_ctx *ctx;

	if (fd == -1) {
		dz_disarm(dz);
		return 0;
	}
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	dz_disarm(dz);
	dz->trigger = ctx;
	return 0;
}

static int dz_set_trigger(struct dz_dev *dz, u32 flags, unsigned int start, unsigned int count,
			  void *data)
{
	if (!count) {
		if (!(flags & VFIO_IRQ_SET_DATA_NONE))
			return -EINVAL;
		dz_disarm(dz);
		return 0;
	}
	switch (flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		dz_fire(dz);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (*(u8 *)data)
			dz_fire(dz);
		return 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return dz_arm(dz, *(s32 *)data);
	default:
		return -EINVAL;
	}
}

static long dz_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct dz_dev *dz = container_of(vdev, struct dz_dev, vdev);
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data = NULL;
	size_t size = 0;
	int ret;

	if (cmd != VFIO_DEVICE_SET_IRQS)
		return -ENOTTY;
	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 1, 1, &size);
	if (ret)
		return ret;
	if ((hdr.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;
	if (size) {
		data = memdup_user((void __user *)(arg + minsz), size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	mutex_lock(&dz->igate);
	ret = dz_set_trigger(dz, hdr.flags, hdr.start, hdr.count, data);
	mutex_unlock(&dz->igate);
	kfree(data);
	return ret;
}

static void dz_close(struct vfio_device *vdev)
{
	struct dz_dev *dz = container_of(vdev, struct dz_dev, vdev);

	mutex_lock(&dz->igate);
	dz_disarm(dz);
	mutex_unlock(&dz->igate);
}

static const struct vfio_device_ops dz_ops = {
	.name = "dz",
	.close_device = dz_close,
	.ioctl = dz_ioctl,
};
