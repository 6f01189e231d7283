// SPDX-License-Identifier: GPL-2.0-only
static long my_range(struct my_dev *my, void __user *arg)
{
	struct my_range range;

	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;
	if (range.start + range.length > my->size)
		return -EINVAL;
	return my_use(my, range.start, range.length);
}
