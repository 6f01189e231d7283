// SPDX-License-Identifier: GPL-2.0-only
/* Errors behind the registration that leave the device registered. */
#include <linux/debugfs.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct kiosk {
	struct vfio_device vdev;
	struct dentry *shown;
	void *stock;
};

static int kiosk_probe(struct mdev_device *mdev, struct kiosk *kiosk)
{
	int ret = vfio_register_emulated_iommu_dev(&kiosk->vdev);

	if (ret)
		return ret;
	kiosk->shown = debugfs_create_dir("kiosk", NULL);
	if (IS_ERR(kiosk->shown))
		return PTR_ERR(kiosk->shown); /* finds: mdev-too-early */
	return 0;
}

static int stand_probe(struct mdev_device *mdev, struct kiosk *kiosk)
{
	int ret;

	ret = vfio_register_group_dev(&kiosk->vdev);
	if (ret)
		goto put;
	kiosk->stock = kzalloc(64, GFP_KERNEL);
	if (!kiosk->stock) {
		ret = -ENOMEM;
		goto put;
	}
	return 0;
put:
	vfio_put_device(&kiosk->vdev);
	return ret; /* finds: mdev-too-early */
}
