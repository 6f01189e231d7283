// SPDX-License-Identifier: GPL-2.0-only
static void my_remove(struct mdev_device *mdev)
{
	struct my_dev *my = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&my->vdev);
	kfree(my->ring);
	vfio_put_device(&my->vdev);
}
