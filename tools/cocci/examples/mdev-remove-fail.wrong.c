// SPDX-License-Identifier: GPL-2.0-only
static void my_remove(struct mdev_device *mdev)
{
	struct my_dev *my = dev_get_drvdata(&mdev->dev);

	kfree(my->ring);
	vfio_unregister_group_dev(&my->vdev);
	vfio_put_device(&my->vdev);
}
