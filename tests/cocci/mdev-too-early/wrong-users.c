// SPDX-License-Identifier: GPL-2.0-only
/* Ended while a user may still start it: the unregistration comes after. */
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct ferry {
	struct vfio_device vdev;
	struct work_struct cross;
	u32 trips;
};

static void ferry_cross(struct work_struct *work)
{
	struct ferry *ferry = container_of(work, struct ferry, cross);

	ferry->trips++;
}

static long ferry_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct ferry *ferry = container_of(vdev, struct ferry, vdev);

	schedule_work(&ferry->cross);
	return 0;
}

static const struct vfio_device_ops ferry_ops = { .name = "ferry", .ioctl = ferry_ioctl };

static void ferry_setup(struct ferry *ferry)
{
	INIT_WORK(&ferry->cross, ferry_cross);
}

static void ferry_remove(struct mdev_device *mdev)
{
	struct ferry *ferry = dev_get_drvdata(&mdev->dev);

	cancel_work_sync(&ferry->cross); /* finds: mdev-too-early */
	vfio_unregister_group_dev(&ferry->vdev);
	vfio_put_device(&ferry->vdev);
}

static struct mdev_driver ferry_driver = {
	.remove = ferry_remove, .driver = { .owner = THIS_MODULE },
};
