// SPDX-License-Identifier: GPL-2.0-only
/* The registration is last, is undone, or what follows it may fail. */
#include <linux/debugfs.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct booth {
	struct vfio_device vdev;
	struct dentry *shown;
	void *stock;
};

static int booth_probe(struct mdev_device *mdev, struct booth *booth)
{
	int ret;

	booth->stock = kzalloc(64, GFP_KERNEL);
	if (!booth->stock)
		return -ENOMEM;
	ret = vfio_register_emulated_iommu_dev(&booth->vdev);
	if (ret)
		kfree(booth->stock);
	return ret;
}

static int tent_probe(struct mdev_device *mdev, struct booth *booth)
{
	int ret = vfio_register_group_dev(&booth->vdev);

	if (ret)
		return ret;
	booth->stock = kzalloc(64, GFP_KERNEL);
	if (!booth->stock) {
		vfio_unregister_group_dev(&booth->vdev);
		return -ENOMEM;
	}
	return 0;
}

static int stall_probe(struct mdev_device *mdev, struct booth *booth)
{
	int ret = vfio_register_emulated_iommu_dev(&booth->vdev);

	if (ret)
		return ret;
	booth->shown = debugfs_create_dir("stall", NULL);
	if (IS_ERR(booth->shown))
		booth->shown = NULL;
	return 0;
}
