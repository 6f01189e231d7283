// SPDX-License-Identifier: GPL-2.0-only
static long my_info(struct my_dev *my, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
