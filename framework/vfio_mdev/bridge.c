// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFIO bridge: contract.md section 4 on a vfio_device.
 *
 * Lifetimes: mdv_bridge lives from probe until VFIO drops its last reference, maybe after remove;
 * its release touches nothing of the vendor's. The vendor's callbacks run only between enter_open
 * and leave_open, while his module is pinned; the exceptions are create and remove (core) and
 * request (a removal is waiting, so the mediated device is alive).
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "async.h"
#include "bridge.h"
#include "info.h"
#include "migration.h"
#include "unmap.h"

static atomic_t mdv_bridge_count = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(mdv_bridge_all_gone);

struct mdv_bridge *mdv_bridge_of(struct mdev_device *mdev)
{
	return dev_get_drvdata(mdk_mdev_of(mdev)->dev);
}

static int mdv_bridge_open(struct vfio_device *vdev)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);
	struct device *dev = b->mdev->dev;
	int ret;

	/* v11: a parent without open has no usable devices. */
	if (!b->ops->open) {
		dev_info_ratelimited(dev, "open: its driver has no open callback, so no device of it can be used: set mdev_parent_ops.open [K50]\n");
		return -EINVAL;
	}
	ret = mdk_mdev_enter_open(b->mdev);
	if (ret) {
		dev_info_ratelimited(dev, "open: the device is being removed or its driver unloaded; create it again afterwards [K51]\n");
		return ret;
	}

	WRITE_ONCE(b->touched, false);
	ret = mdk_mdev_errno(b->mdev, "open", b->ops->open(&b->mdev->base));
	if (ret) {
		dev_info_ratelimited(dev, "open: the driver refused (errno %d); its own lines before say why, if it gave any [K52]\n",
				     -ret);
		mdk_mdev_leave_open(b->mdev);
		return ret;
	}
	mdv_migration_open(b);
	return 0;
}

static void mdv_bridge_close(struct vfio_device *vdev)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	/* No new pin from here on; the driver's release stops the DMA; then the pages go. */
	mdv_pins_end(&b->pins);
	mdv_migration_close(b);
	if (b->ops->release)
		b->ops->release(&b->mdev->base);
	mdv_pins_drain(b);
	mdk_mdev_leave_open(b->mdev);
}

static ssize_t mdv_bridge_read(struct vfio_device *vdev, char __user *buf, size_t count,
			       loff_t *ppos)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	if (unlikely(!b->ops->read))
		return -EINVAL;
	mdv_bridge_touch(b);
	return b->ops->read(&b->mdev->base, buf, count, ppos);
}

static ssize_t mdv_bridge_write(struct vfio_device *vdev, const char __user *buf, size_t count,
				loff_t *ppos)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	if (unlikely(!b->ops->write))
		return -EINVAL;
	mdv_bridge_touch(b);
	return b->ops->write(&b->mdev->base, buf, count, ppos);
}

static long mdv_bridge_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	mdv_bridge_touch(b);
	if (cmd == VFIO_DEVICE_GET_REGION_INFO && b->ops->get_region_info)
		return mdv_bridge_region_info(b, arg);
	if (!b->ops->ioctl)
		return -EINVAL;
	return b->ops->ioctl(&b->mdev->base, cmd, arg);
}

static int mdv_bridge_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	if (!b->ops->mmap)
		return -EINVAL;
	mdv_bridge_touch(b);
	return b->ops->mmap(&b->mdev->base, vma);
}

/* From VFIO, when a removal finds somebody holding the device without having it open. */
static void mdv_bridge_request(struct vfio_device *vdev, unsigned int count)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	if (!count)
		dev_notice(b->mdev->dev, "removal waits: an unopened descriptor still refers to the device; close it [K60]\n");
}

#ifdef MDK_HAVE_VFIO_REGION_INFO_OP
static int mdv_bridge_get_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
				      struct vfio_info_cap *caps)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);
	u32 argsz = info->argsz, index = info->index;

	if (!b->ops->get_region_info)
		return -EINVAL;
	mdv_bridge_touch(b);
	*info = (struct vfio_region_info){ .argsz = argsz, .index = index };
	return b->ops->get_region_info(&b->mdev->base, info, caps);
}
#endif

/* VFIO reads our ops until its last reference is gone; module exit waits for that. */
static void mdv_bridge_release(struct vfio_device *vdev)
{
	mdv_pins_destroy(&to_mdv_bridge(vdev)->pins);
	mdk_vfio_free_device(vdev);
	rcu_read_lock();
	if (atomic_dec_and_test(&mdv_bridge_count))
		wake_up(&mdv_bridge_all_gone);
	rcu_read_unlock();
}

static const struct vfio_device_ops mdv_bridge_ops = {
	.name = "mdk-vfio-mdev",
	.release = mdv_bridge_release,
	.open_device = mdv_bridge_open,
	.close_device = mdv_bridge_close,
	.read = mdv_bridge_read,
	.write = mdv_bridge_write,
	.ioctl = mdv_bridge_ioctl,
	.mmap = mdv_bridge_mmap,
	.request = mdv_bridge_request,
	.dma_unmap = mdv_bridge_dma_unmap,
	.device_feature = mdv_migration_feature,
#ifdef MDK_HAVE_VFIO_REGION_INFO_OP
	.get_region_info_caps = mdv_bridge_get_region_info,
#endif
	MDK_VFIO_IOMMUFD_OPS
};

static int mdv_bridge_probe(struct mdk_mdev *mdev)
{
	struct mdv_bridge *b;
	int ret;

	b = vfio_alloc_device(mdv_bridge, vdev, mdev->dev, &mdv_bridge_ops);
	if (IS_ERR(b))
		return PTR_ERR(b);
	atomic_inc(&mdv_bridge_count);
	b->mdev = mdev;
	b->ops = mdev->ops;
	mdv_pins_init(&b->pins);
	/* What VFIO finds of it at the registration holds. */
	mdv_migration_init(b);

	/* Before it is registered: from then on it can be opened. */
	dev_set_drvdata(mdev->dev, b);
	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret)
		vfio_put_device(&b->vdev);
	return ret;
}

static void mdv_bridge_remove(struct mdk_mdev *mdev)
{
	struct mdv_bridge *b = dev_get_drvdata(mdev->dev);

	vfio_unregister_group_dev(&b->vdev);
	vfio_put_device(&b->vdev);
}

static void mdv_bridge_request_release(struct mdk_mdev *mdev, unsigned int count)
{
	if (mdev->ops->request)
		mdev->ops->request(&mdev->base, count);
	if (count)
		dev_notice(mdev->dev, "the parent is going and waits for the user of this device to close it [K61]\n");
}

static struct mdk_mdev_driver mdv_bridge_driver = {
	.driver = {
		.name = "vfio_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.probe = mdv_bridge_probe,
	.remove = mdv_bridge_remove,
	.request = mdv_bridge_request_release,
};

static int __init mdv_bridge_init(void)
{
	int ret;

	ret = mdv_pins_module_init();
	if (ret)
		return ret;
	ret = mdv_async_module_init();
	if (ret)
		goto err_pins;
	ret = mdk_mdev_register_driver(&mdv_bridge_driver);
	if (ret)
		goto err_async;
	return 0;

err_async:
	mdv_async_module_exit();
err_pins:
	mdv_pins_module_exit();
	return ret;
}

static void __exit mdv_bridge_exit(void)
{
	mdk_mdev_unregister_driver(&mdv_bridge_driver);
	wait_event(mdv_bridge_all_gone, !atomic_read(&mdv_bridge_count));
	/* Whoever brought it to zero may still be about to wake us up. */
	synchronize_rcu();
	mdv_async_module_exit();
	mdv_pins_module_exit();
}

module_init(mdv_bridge_init)
module_exit(mdv_bridge_exit)

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: VFIO bridge for mediated devices");
