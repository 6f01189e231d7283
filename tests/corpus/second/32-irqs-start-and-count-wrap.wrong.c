// SPDX-License-Identifier: GPL-2.0-only
#include <linux/eventfd.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define ZT_VECTORS 4

struct zt_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *msi[ZT_VECTORS];
};

static int zt_one(struct zt_dev *zt, u32 vector, int fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	swap(zt->msi[vector], ctx); /* finds: irqs */
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static int zt_set(struct zt_dev *zt, const struct vfio_irq_set *hdr, const s32 __user *fds)
{
	u32 i;
	int ret = 0;

	if (hdr->start + hdr->count > ZT_VECTORS) /* finds: irqs */
		return -EINVAL;
	mutex_lock(&zt->lock);
	for (i = 0; i < hdr->count && !ret; i++) {
		s32 fd;

		if (get_user(fd, fds + i))
			ret = -EFAULT;
		else
			ret = zt_one(zt, hdr->start + i, fd); /* finds: irqs */
	}
	mutex_unlock(&zt->lock);
	return ret;
}

static long zt_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct zt_dev *zt = container_of(vdev, struct zt_dev, vdev);
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;

	if (cmd != VFIO_DEVICE_SET_IRQS)
		return -ENOTTY;
	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz || hdr.index != VFIO_PCI_MSI_IRQ_INDEX ||
	    (hdr.flags & VFIO_IRQ_SET_DATA_TYPE_MASK) != VFIO_IRQ_SET_DATA_EVENTFD)
		return -EINVAL;
	return zt_set(zt, &hdr, (s32 __user *)(arg + minsz));
}

static void zt_close(struct vfio_device *vdev)
{
	struct zt_dev *zt = container_of(vdev, struct zt_dev, vdev);
	unsigned int i;

	mutex_lock(&zt->lock);
	for (i = 0; i < ZT_VECTORS; i++)
		zt_one(zt, i, -1);
	mutex_unlock(&zt->lock);
}

static const struct vfio_device_ops zt_ops = {
	.ioctl = zt_ioctl, .close_device = zt_close, .name = "zt",
};
