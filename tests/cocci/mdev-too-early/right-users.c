// SPDX-License-Identifier: GPL-2.0-only
/* First nobody can start it any more. */
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct barge {
	struct vfio_device vdev;
	struct work_struct tow;
	u32 trips;
};

static void barge_tow(struct work_struct *work)
{
	struct barge *barge = container_of(work, struct barge, tow);

	barge->trips++;
}

static long barge_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct barge *barge = container_of(vdev, struct barge, vdev);

	schedule_work(&barge->tow);
	return 0;
}

static const struct vfio_device_ops barge_ops = { .name = "barge", .ioctl = barge_ioctl };

static void barge_setup(struct barge *barge)
{
	INIT_WORK(&barge->tow, barge_tow);
}

static void barge_remove(struct mdev_device *mdev)
{
	struct barge *barge = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&barge->vdev);
	cancel_work_sync(&barge->tow);
	vfio_put_device(&barge->vdev);
}

static struct mdev_driver barge_driver = {
	.remove = barge_remove, .driver = { .owner = THIS_MODULE },
};
