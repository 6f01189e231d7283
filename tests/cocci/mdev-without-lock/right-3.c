// SPDX-License-Identifier: GPL-2.0-only
/* The lock is a caller's, the work has it, an open is alone, a list of its own. */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct dyke {
	struct vfio_device vdev;
	struct mutex lock;
	struct work_struct pump;
	struct list_head leaks;
	u32 level;
};

static void dyke_rise(struct dyke *dyke)
{
	dyke->level++;
}

static void dyke_storm(struct dyke *dyke)
{
	mutex_lock(&dyke->lock);
	dyke->level += 2;
	dyke_rise(dyke);
	mutex_unlock(&dyke->lock);
}

static void dyke_pump(struct work_struct *work)
{
	struct dyke *dyke = container_of(work, struct dyke, pump);

	guard(mutex)(&dyke->lock);
	dyke->level--;
}

static long dyke_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dyke *dyke = file->private_data;
	LIST_HEAD(gone);

	dyke_storm(dyke);
	mutex_lock(&dyke->lock);
	list_splice_init(&dyke->leaks, &gone);
	mutex_unlock(&dyke->lock);
	return list_empty(&gone);
}

static int dyke_open(struct inode *inode, struct file *file)
{
	struct dyke *dyke = file->private_data;

	dyke->level++;
	INIT_WORK(&dyke->pump, dyke_pump);
	return 0;
}

static int dyke_release(struct inode *inode, struct file *file)
{
	struct dyke *dyke = file->private_data;

	cancel_work_sync(&dyke->pump);
	return 0;
}

static const struct file_operations dyke_ops = {
	.open = dyke_open, .release = dyke_release, .unlocked_ioctl = dyke_ioctl,
};
