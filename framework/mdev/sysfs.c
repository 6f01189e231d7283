// SPDX-License-Identifier: GPL-2.0-only
/* The files of a mediated device: remove, mdev_type, the link in its type's devices/. */
#include "mdev_private.h"

int mdk_mdev_vendor_files_add(struct mdk_mdev *mdev)
{
	int ret = sysfs_create_groups(&mdev->dev->kobj, mdev->ops->mdev_attr_groups);

	mdev->files = !ret;
	return ret;
}

void mdk_mdev_vendor_files_remove(struct mdk_mdev *mdev)
{
	/* sysfs dumps a stack if a named group to be removed does not exist. */
	if (mdev->files)
		sysfs_remove_groups(&mdev->dev->kobj, mdev->ops->mdev_attr_groups);
	mdev->files = false;
}

static int mdk_mdev_links_add(struct mdk_mdev *mdev)
{
	struct kobject *kobj = &mdev->dev->kobj;
	int ret;

	ret = sysfs_create_link(kobj, mdev->type->kobj, "mdev_type");
	if (ret)
		return ret;
	ret = sysfs_create_link(mdk_mdev_type_devices(mdev->type), kobj, dev_name(mdev->dev));
	if (ret)
		sysfs_remove_link(kobj, "mdev_type");
	return ret;
}

static void mdk_mdev_links_remove(struct mdk_mdev *mdev)
{
	sysfs_remove_link(mdk_mdev_type_devices(mdev->type), dev_name(mdev->dev));
	sysfs_remove_link(&mdev->dev->kobj, "mdev_type");
}

/* Everything but `remove`, which comes last: a device that can be removed is complete. */
int mdk_mdev_sysfs_add(struct mdk_mdev *mdev)
{
	int ret;

	ret = mdk_mdev_links_add(mdev);
	if (ret)
		return ret;
	ret = mdk_mdev_vendor_files_add(mdev);
	if (ret)
		goto err_links;
	ret = mdk_mdev_remove_file_add(mdev);
	if (ret)
		goto err_vendor;
	return 0;

err_vendor:
	mdk_mdev_vendor_files_remove(mdev);
err_links:
	mdk_mdev_links_remove(mdev);
	return ret;
}

int mdk_mdev_remove_file_add(struct mdk_mdev *mdev)
{
	return device_create_file(mdev->dev, &mdk_mdev_remove_file);
}

/* The vendor's files are gone already: they go before ops->remove. */
void mdk_mdev_sysfs_remove(struct mdk_mdev *mdev)
{
	device_remove_file(mdev->dev, &mdk_mdev_remove_file);
	mdk_mdev_links_remove(mdev);
}
