// SPDX-License-Identifier: GPL-2.0-only
static long my_mode(struct my_dev *my, void __user *arg)
{
	return copy_to_user(arg, &my->mode, sizeof(my->mode));
}
