// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

static long my_set_irqs(unsigned long arg, int *fd)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	s32 *data = NULL;
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
	*fd = data[0];
	kfree(data);
	return 0;
}
