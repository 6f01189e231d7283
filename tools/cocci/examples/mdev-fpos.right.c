// SPDX-License-Identifier: GPL-2.0-only
static ssize_t my_resume_write(struct file *filp, const char __user *buf, size_t len, loff_t *pos)
{
	struct my_file *file = filp->private_data;

	pos = &filp->f_pos;
	mutex_lock(&file->lock);
	if (*pos < 0 || *pos + len > MY_STATE_SIZE)
		len = -EINVAL;
	else if (copy_from_user(file->data + *pos, buf, len))
		len = -EFAULT;
	mutex_unlock(&file->lock);
	return len;
}
