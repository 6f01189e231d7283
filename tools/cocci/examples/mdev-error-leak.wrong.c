// SPDX-License-Identifier: GPL-2.0-only
static long my_load(struct my_dev *my, void __user *arg, u32 kind, size_t size)
{
	void *data;

	data = memdup_user(arg, size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	if (kind > MY_KINDS)
		return -EINVAL;
	return my_take(my, data);
}
