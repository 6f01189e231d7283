// SPDX-License-Identifier: GPL-2.0-only
/* First and count are judged together, the number itself, and so is what stands in a text. */
#include <linux/device.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define HARP_STRINGS 16
#define HARP_KEYS 64

struct harp {
	struct vfio_device vdev;
	bool loose[HARP_STRINGS];
	u32 notes[HARP_KEYS];
	u32 tuned[HARP_STRINGS];
};

static void harp_loosen(struct harp *harp, struct vfio_irq_set *hdr)
{
	for (u32 i = hdr->start; i < hdr->start + hdr->count; i++)
		harp->loose[i] = true;
}

static void harp_tune(struct harp *harp, int string, u32 by)
{
	harp->tuned[string] += by;
}

static void harp_tune_all(struct harp *harp, struct vfio_irq_set *hdr)
{
	for (u32 i = 0; i < hdr->count; i++)
		harp_tune(harp, hdr->start + i, 1);
}

static long harp_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct harp *harp = container_of(vdev, struct harp, vdev);
	size_t minsz = offsetofend(struct vfio_irq_set, count), bytes;
	struct vfio_irq_set hdr;
	int ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, HARP_STRINGS, 1, &bytes);
	if (ret)
		return ret;
	if (hdr.flags & VFIO_IRQ_SET_ACTION_MASK)
		harp_tune_all(harp, &hdr);
	else
		harp_loosen(harp, &hdr);
	return 0;
}

static ssize_t harp_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct harp *harp = container_of(vdev, struct harp, vdev);
	u64 note = (*ppos & 0xffff) >> 2;

	switch (*ppos >> 40) {
	case 0:
		if (note >= HARP_KEYS)
			return -EINVAL;
		note = array_index_nospec(note, HARP_KEYS);
		return get_user(harp->notes[note], (u32 __user *)buf) ? -EFAULT : sizeof(u32);
	default:
		return -EINVAL;
	}
}

static ssize_t pitch_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct harp *harp = dev_get_drvdata(dev);
	u32 string;
	int ret = kstrtou32(buf, 0, &string);

	if (ret || string >= HARP_STRINGS)
		return ret ? ret : -EINVAL;
	harp->tuned[string] = 1;
	return count;
}

static const struct vfio_device_ops harp_ops = {
	.ioctl = harp_ioctl,
	.write = harp_write,
};
