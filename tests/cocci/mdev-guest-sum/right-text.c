// SPDX-License-Identifier: GPL-2.0-only
/* The numbers of a text are judged, and the product is as wide as it can be. */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct slate {
	struct vfio_device vdev;
	u32 marks, rows;
};

static long slate_set(struct slate *slate, struct vfio_irq_set *hdr, void __user *arg)
{
	u32 *marks = kmalloc_array(hdr->count, sizeof(u32), GFP_KERNEL);
	long ret = 0;

	if (!marks)
		return -ENOMEM;
	if (copy_from_user(marks, arg, array_size(hdr->count, sizeof(u32))))
		ret = -EFAULT;
	else if (hdr->count)
		slate->marks = marks[0];
	kfree(marks);
	return ret;
}

static long slate_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct slate *slate = container_of(vdev, struct slate, vdev);
	size_t minsz = offsetofend(struct vfio_irq_set, count), bytes;
	struct vfio_irq_set hdr;
	int ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 32, 1, &bytes);
	return ret ? ret : slate_set(slate, &hdr, (void __user *)arg + minsz);
}

static ssize_t mark_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct slate *slate = dev_get_drvdata(dev);
	u32 mark;
	int ret = kstrtou32(buf, 0, &mark);

	if (ret)
		return ret;
	if (mark > 31)
		return -EINVAL;
	slate->marks |= 1U << mark;
	return count;
}

static ssize_t line_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct slate *slate = dev_get_drvdata(dev);
	unsigned int rows;

	if (kstrtouint(buf, 0, &rows) || !rows)
		return -EINVAL;
	slate->rows = slate->marks / rows;
	return count;
}

static const struct vfio_device_ops slate_ops = {
	.ioctl = slate_ioctl,
};
