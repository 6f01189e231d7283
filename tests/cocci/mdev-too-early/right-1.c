// SPDX-License-Identifier: GPL-2.0-only
/* Unregistered first; judged under the lock. */
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
};

static void tape_free(struct tape *tape)
{
	kvfree(tape->store);
}

static u8 tape_first(struct tape *tape)
{
	return tape->store[0];
}

static void tape_remove(struct mdev_device *mdev)
{
	struct tape *tape = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&tape->vdev);
	tape_free(tape);
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

	if (!len)
		return 0;
	mutex_lock(&tape->lock);
	if (tape_full(filp, len))
		done = -ENOSPC;
	else if (copy_from_user(tape->store + filp->f_pos, buf, len))
		done = -EFAULT;
	else
		filp->f_pos += len;
	mutex_unlock(&tape->lock);
	return done;
}
