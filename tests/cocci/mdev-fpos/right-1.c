// SPDX-License-Identifier: GPL-2.0-only
/* Under the lock; looked up page by page there; or no position at all. */
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
	mutex_lock(&file->lock);
	if (*pos < 0 || check_add_overflow((loff_t)len, *pos, &end)) {
		ret = -EINVAL;
		goto unlock;
	}
	if (end > sizeof(file->data)) {
		ret = -ENOMEM;
		goto unlock;
	}
	ret = copy_from_user(file->data + *pos, buf, len) ? -EFAULT : len;
	if (ret > 0)
		*pos += len;
unlock:
	mutex_unlock(&file->lock);
	return ret;
}

static ssize_t state_read(struct file *filp, char __user *buf, size_t len, loff_t *pos)
{
	struct state_file *file = filp->private_data;
	ssize_t ret = 0;

	if (!len)
		return 0;
	pos = &filp->f_pos;
	mutex_lock(&file->lock);
	if (*pos < file->filled) {
		len = min_t(size_t, len, file->filled - *pos);
		ret = copy_to_user(buf, file->data + *pos, len) ? -EFAULT : len;
	}
	mutex_unlock(&file->lock);
	return ret;
}

static loff_t state_where(struct file *filp)
{
	return filp->f_pos;
}
