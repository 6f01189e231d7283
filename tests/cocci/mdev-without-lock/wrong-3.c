// SPDX-License-Identifier: GPL-2.0-only
/* A count in a work, a pointer that a request replaces, two helpers away from the lock. */
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct weir_map {
	u32 gates;
};

struct weir {
	struct vfio_device vdev;
	struct mutex lock;
	struct work_struct flow;
	struct weir_map *map;
	u32 drops;
};

static void weir_drop(struct weir *weir)
{
	weir->drops++;
}

static void weir_rain(struct weir *weir)
{
	mutex_lock(&weir->lock);
	weir_drop(weir);
	weir->drops += 2;
	mutex_unlock(&weir->lock);
}

static void weir_flow(struct work_struct *work)
{
	struct weir *weir = container_of(work, struct weir, flow);

	weir->drops--; /* finds: mdev-without-lock */
}

static struct weir_map *weir_replace(struct weir *weir, struct weir_map *map)
{
	struct weir_map *old = weir->map;

	scoped_guard(mutex, &weir->lock)
		weir->map = map;
	return old;
}

static long weir_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct weir *weir = file->private_data;

	weir_rain(weir);
	return !weir_replace(weir, NULL);
}

static int weir_open(struct inode *inode, struct file *file)
{
	struct weir *weir = file->private_data;

	INIT_WORK(&weir->flow, weir_flow);
	return 0;
}

static int weir_release(struct inode *inode, struct file *file)
{
	struct weir *weir = file->private_data;

	cancel_work_sync(&weir->flow);
	return 0;
}

static const struct file_operations weir_ops = {
	.open = weir_open, .release = weir_release, .unlocked_ioctl = weir_ioctl,
};
