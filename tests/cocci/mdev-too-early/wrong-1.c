// SPDX-License-Identifier: GPL-2.0-only
/* Freed while a user may be inside, and positions that are judged before the lock. */
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define TAPE_BYTES 4096

struct tape {
	struct vfio_device vdev;
	struct mutex lock;
	u8 *store;
	void *index;
	size_t used;
};

static void tape_free_index(struct tape *tape)
{
	kvfree(tape->index);
}

static void tape_free(struct tape *tape)
{
	tape_free_index(tape);
}

static u8 tape_first(struct tape *tape)
{
	return tape->index ? tape->store[0] : 0;
}

static void tape_remove(struct mdev_device *mdev)
{
	struct tape *tape = dev_get_drvdata(&mdev->dev);

	tape_free(tape); /* finds: mdev-too-early */
	vfio_unregister_group_dev(&tape->vdev);
	vfio_put_device(&tape->vdev);
}

static bool tape_full(struct file *filp, size_t len)
{
	return filp->f_pos > TAPE_BYTES || len > TAPE_BYTES - filp->f_pos;
}

static ssize_t tape_write(struct file *filp, const char __user *buf, size_t len, loff_t *unused)
{
	struct tape *tape = filp->private_data;
	ssize_t done = len;

	if (tape_full(filp, len)) /* finds: mdev-too-early */
		return -ENOSPC;
	mutex_lock(&tape->lock);
	if (copy_from_user(tape->store + filp->f_pos, buf, len))
		done = -EFAULT;
	else
		filp->f_pos += len;
	mutex_unlock(&tape->lock);
	return done;
}

static ssize_t tape_read(struct file *filp, char __user *buf, size_t len, loff_t *unused)
{
	struct tape *tape = filp->private_data;

	if (filp->f_pos > TAPE_BYTES || len > TAPE_BYTES - filp->f_pos) /* finds: mdev-too-early */
		return -EINVAL;
	mutex_lock(&tape->lock);
	if (copy_to_user(buf, tape->store + filp->f_pos, len)) {
		mutex_unlock(&tape->lock);
		return -EFAULT;
	}
	filp->f_pos += len;
	mutex_unlock(&tape->lock);
	return len;
}
