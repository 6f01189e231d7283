// SPDX-License-Identifier: GPL-2.0-only
/* Not without one. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct chime {
	struct vfio_device vdev;
	int fd, fds[4];
	bool masked;
};

static long chime_set_flat(struct chime *chime, unsigned long arg)
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
	if (hdr.count == 1 && hdr.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		chime->fd = *(s32 *)data;
	kfree(data);
	return 0;
}

static void chime_arm(struct chime *chime, const s32 *fds)
{
	chime->fd = fds ? fds[0] : -1;
}

static int chime_trigger(struct chime *chime, u32 flags, unsigned int count, const void *what)
{
	const s32 *fds = what;
	unsigned int i;

	if (!count)
		return 0;
	for (i = 0; i < count; i++)
		chime->fds[i & 3] = fds[i];
	chime_arm(chime, what);
	return 0;
}

static int chime_some(struct chime *chime, unsigned int start, unsigned int count, u8 *bools)
{
	unsigned int i;

	for (i = start; i < start + count; i++)
		chime->masked |= bools[i - start];
	return 0;
}

static long chime_set_deep(struct chime *chime, unsigned long arg)
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
	ret = chime_trigger(chime, hdr.flags, hdr.count, data);
	kfree(data);
	return ret;
}

static int chime_mask(struct chime *chime, const struct vfio_irq_set *hdr, void *data)
{
	u8 *bools = data;

	if (hdr->count != 1 || !data)
		return -EINVAL;
	chime->masked = *bools;
	return 0;
}

static long chime_set_mask(struct chime *chime, unsigned long arg)
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
	ret = chime_mask(chime, &hdr, data) ?: chime_some(chime, hdr.start, hdr.count, data);
	kfree(data);
	return ret;
}
