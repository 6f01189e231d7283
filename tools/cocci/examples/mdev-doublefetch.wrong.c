// SPDX-License-Identifier: GPL-2.0-only
static long my_submit(struct my_dev *my, void __user *arg)
{
	struct my_head head;

	if (copy_from_user(&head, arg, sizeof(head)) || head.size > MY_SIZE)
		return -EINVAL;
	return copy_from_user(my->cmd, arg, head.size) ? -EFAULT : my_run(my, my->cmd->size);
}
