// SPDX-License-Identifier: GPL-2.0-only
static long my_submit(struct my_dev *my, void __user *arg)
{
	struct my_head head;

	if (copy_from_user(&head, arg, sizeof(head)) || head.size > MY_SIZE)
		return -EINVAL;
	if (copy_from_user(my->payload, arg + sizeof(head), head.size))
		return -EFAULT;
	return my_run(my, head.size);
}
