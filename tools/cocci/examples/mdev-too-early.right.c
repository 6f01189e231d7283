// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static u8 my_first(struct my_device *my)
{
	return my->buffer[0];
}

static void my_clean(struct my_device *my)
{
	kfree(my->buffer);
}

static void my_remove(struct mdev_device *mdev)
{
	struct my_device *my = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&my->vdev);
	my_clean(my);
}
