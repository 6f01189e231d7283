// SPDX-License-Identifier: GPL-2.0-only
/* A number of a text shifts, a product loses its upper bits in the variable, a text divides. */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct abacus {
	struct vfio_device vdev;
	u32 beads, rows;
};

static long abacus_set(struct abacus *abacus, struct vfio_irq_set *hdr, void __user *arg)
{
	u32 bytes = hdr->count * sizeof(u32);
	u32 *beads = kmalloc(bytes, GFP_KERNEL); /* finds: mdev-guest-sum */
	long ret = 0;

	if (!beads)
		return -ENOMEM;
	if (copy_from_user(beads, arg, bytes))
		ret = -EFAULT;
	else
		abacus->beads = beads[0];
	kfree(beads);
	return ret;
}

static long abacus_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct abacus *abacus = container_of(vdev, struct abacus, vdev);
	size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz)
		return -EINVAL;
	return abacus_set(abacus, &hdr, (void __user *)arg + minsz); /* mdev-sdk: allow mdev-irq-validate: a fixture of another rule */
}

static ssize_t bead_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct abacus *abacus = dev_get_drvdata(dev);
	u32 bead;
	int ret = kstrtou32(buf, 0, &bead);

	if (ret)
		return ret;
	abacus->beads |= 1U << bead; /* finds: mdev-guest-sum */
	return count;
}

static ssize_t row_store(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count)
{
	struct abacus *abacus = dev_get_drvdata(dev);
	unsigned int rows;

	if (kstrtouint(buf, 0, &rows))
		return -EINVAL;
	abacus->rows = abacus->beads / rows; /* finds: mdev-guest-sum */
	return count;
}

static const struct vfio_device_ops abacus_ops = {
	.ioctl = abacus_ioctl,
};
