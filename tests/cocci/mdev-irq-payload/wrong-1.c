// SPDX-License-Identifier: GPL-2.0-only
/* The payload of a request with count 0, read in the function itself and in helpers. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct gong {
	struct vfio_device vdev;
	int fd;
	bool masked;
};

static long gong_set_flat(struct gong *gong, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data = NULL;
	size_t size = 0;
	int ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 1, 1, &size);
	if (ret)
		return ret;
	if (size) {
		data = memdup_user((void __user *)(arg + minsz), size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	if (hdr.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		gong->fd = *(s32 *)data; /* finds: mdev-irq-payload */
	kfree(data);
	return 0;
}

/* A helper that is given no count. */
static void gong_arm(struct gong *gong, const s32 *fds)
{
	gong->fd = fds[0]; /* finds: mdev-irq-payload */
}

static int gong_trigger(struct gong *gong, u32 flags, const void *what)
{
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		gong_arm(gong, what);
	return 0;
}

static long gong_set_deep(struct gong *gong, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	u8 *data = NULL;
	size_t size = 0;
	long ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 1, 1, &size);
	if (ret)
		return ret;
	if (hdr.count) {
		data = memdup_user((void __user *)(arg + minsz), size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = gong_trigger(gong, hdr.flags, data);
	kfree(data);
	return ret;
}

/* What is asked is whether there are too many. */
static int gong_mask(struct gong *gong, const struct vfio_irq_set *hdr, void *data)
{
	u8 *bools = data;

	if (hdr->count > 1)
		return -EINVAL;
	gong->masked = *bools; /* finds: mdev-irq-payload */
	return 0;
}

static long gong_set_mask(struct gong *gong, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data = NULL;
	size_t size = 0;
	long ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 1, 1, &size);
	if (ret)
		return ret;
	if (size)
		data = memdup_user((void __user *)(arg + minsz), size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = gong_mask(gong, &hdr, data);
	kfree(data);
	return ret;
}
