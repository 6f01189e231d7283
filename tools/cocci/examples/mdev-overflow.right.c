// SPDX-License-Identifier: GPL-2.0-only
static long my_range(struct my_dev *my, void __user *arg)
{
	struct my_range range;
	u64 end;

	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;
	if (check_add_overflow(range.start, range.length, &end) || end > my->size)
		return -EINVAL;
	return my_use(my, range.start, range.length);
}
