// SPDX-License-Identifier: GPL-2.0-only
/* Judged are the count alone, the upper bits, or a sum that wraps; and numbers out of a text. */
#include <linux/device.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define ORGAN_PIPES 16
#define ORGAN_KEYS 64

struct organ {
	struct vfio_device vdev;
	bool open[ORGAN_PIPES];
	u32 keys[ORGAN_KEYS];
	u32 tuned[ORGAN_PIPES];
};

struct organ_span {
	u32 first, pipes;
};

static void organ_pull(struct organ *organ, struct vfio_irq_set *hdr)
{
	for (u32 i = hdr->start; i < hdr->start + hdr->count; i++)
		organ->open[i] = true; /* finds: mdev-guest-index */
}

static void organ_tune(struct organ *organ, int pipe, u32 by)
{
	organ->tuned[pipe] += by; /* finds: mdev-guest-index */
}

static int organ_tune_all(struct organ *organ, void __user *arg)
{
	struct organ_span span;

	if (copy_from_user(&span, arg, sizeof(span)))
		return -EFAULT;
	if (span.first + span.pipes > ORGAN_PIPES) /* finds: mdev-overflow */
		return -EINVAL;
	for (u32 i = 0; i < span.pipes; i++)
		organ_tune(organ, span.first + i, 1);
	return 0;
}

static long organ_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct organ *organ = container_of(vdev, struct organ, vdev);
	size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;

	if (cmd != VFIO_DEVICE_SET_IRQS)
		return organ_tune_all(organ, (void __user *)arg);
	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz || hdr.count > ORGAN_PIPES) /* mdev-sdk: allow mdev-irq-validate: a fixture of another rule */
		return -EINVAL;
	organ_pull(organ, &hdr);
	return 0;
}

static ssize_t organ_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct organ *organ = container_of(vdev, struct organ, vdev);
	u64 key = (*ppos & 0xffff) >> 2;

	switch (*ppos >> 40) {
	case 0:
		if (key > ORGAN_KEYS)
			return -EINVAL;
		if (get_user(organ->keys[key], (u32 __user *)buf)) /* finds: mdev-guest-index */
			return -EFAULT;
		return sizeof(u32);
	default:
		return -EINVAL;
	}
}

static ssize_t stop_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct organ *organ = dev_get_drvdata(dev);
	unsigned int pipe, by;

	if (sscanf(buf, "%u %u", &pipe, &by) != 2 || pipe > ORGAN_PIPES)
		return -EINVAL;
	organ->tuned[pipe] = by; /* finds: mdev-guest-index */
	return count;
}

static const struct vfio_device_ops organ_ops = {
	.ioctl = organ_ioctl,
	.write = organ_write,
};
