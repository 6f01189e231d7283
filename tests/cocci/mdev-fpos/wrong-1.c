// SPDX-License-Identifier: GPL-2.0-only
/* Three files of device state whose position is checked too early. */
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/uaccess.h>

struct state_file {
	struct mutex lock;
	u8 data[256];
	loff_t filled;
};

static ssize_t state_write(struct file *filp, const char __user *buf, size_t len, loff_t *pos)
{
	struct state_file *file = filp->private_data;
	loff_t end;
	ssize_t ret;

	if (pos)
		return -ESPIPE;
	pos = &filp->f_pos;
	if (*pos < 0 || check_add_overflow((loff_t)len, *pos, &end)) /* finds: mdev-fpos */
		return -EINVAL;
	if (end > sizeof(file->data))
		return -ENOMEM;
	mutex_lock(&file->lock);
	if (copy_from_user(file->data + *pos, buf, len)) {
		ret = -EFAULT;
		goto unlock;
	}
	*pos += len;
	ret = len;
unlock:
	mutex_unlock(&file->lock);
	return ret;
}

static ssize_t state_read(struct file *filp, char __user *buf, size_t len, loff_t *pos)
{
	struct state_file *file = filp->private_data;
	ssize_t ret = -EFAULT;

	pos = &filp->f_pos;
	if (*pos >= file->filled) /* finds: mdev-fpos */
		return 0;
	len = min_t(size_t, len, file->filled - *pos);
	mutex_lock(&file->lock);
	if (!copy_to_user(buf, file->data + *pos, len)) {
		*pos += len;
		ret = len;
	}
	mutex_unlock(&file->lock);
	return ret;
}

static ssize_t state_skip(struct file *filp, const char __user *buf, size_t len, loff_t *pos)
{
	struct state_file *file = filp->private_data;

	pos = &filp->f_pos;
	if (*pos > 128 || len > 128) /* finds: mdev-fpos */
		return -EINVAL;
	mutex_lock(&file->lock);
	memcpy(file->data + *pos, file->data, len);
	*pos += len;
	mutex_unlock(&file->lock);
	return len;
}
