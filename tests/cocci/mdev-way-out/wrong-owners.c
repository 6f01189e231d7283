// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, queues, registrations, short mappings and pins that an error leaves behind. */
#include <linux/highmem.h>
#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/miscdevice.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

static DEFINE_IDA(barn_numbers);
static struct miscdevice barn_misc;
static struct mdev_driver barn_driver;

struct barn {
	struct vfio_device vdev;
	struct workqueue_struct *hands;
	struct list_head stalls;
	u8 *hay;
	int number;
};

struct barn_stall {
	struct list_head next;
	struct page *page;
	dma_addr_t at;
	bool busy;
};

static int barn_init(struct vfio_device *vdev)
{
	struct barn *barn = container_of(vdev, struct barn, vdev);

	barn->number = ida_alloc(&barn_numbers, GFP_KERNEL);
	if (barn->number < 0)
		return barn->number;
	barn->hay = kzalloc(4096, GFP_KERNEL);
	if (!barn->hay)
		return -ENOMEM; /* finds: mdev-way-out */
	return 0;
}

static void barn_release(struct vfio_device *vdev)
{
	struct barn *barn = container_of(vdev, struct barn, vdev);

	kfree(barn->hay);
	ida_free(&barn_numbers, barn->number);
}

static int barn_open(struct vfio_device *vdev)
{
	struct barn *barn = container_of(vdev, struct barn, vdev);
	int ret;

	barn->hands = alloc_ordered_workqueue("barn", 0);
	if (!barn->hands)
		return -ENOMEM;
	ret = pm_runtime_resume_and_get(vdev->dev);
	if (ret)
		return ret; /* finds: mdev-way-out */
	return 0;
}

static int barn_count(struct page *page, u32 at, u32 bytes)
{
	u8 *data = kmap_local_page(page);
	int sum = 0;

	if (at > PAGE_SIZE || bytes > PAGE_SIZE - at)
		return -ERANGE; /* finds: mdev-way-out */
	while (bytes--)
		sum += data[at++];
	kunmap_local(data);
	return sum;
}

static int barn_fill(struct barn *barn, dma_addr_t at, u32 bytes)
{
	struct barn_stall *stall = kzalloc(sizeof(*stall), GFP_KERNEL);
	int ret;

	if (!stall)
		return -ENOMEM;
	ret = vfio_pin_pages(&barn->vdev, at, 1, IOMMU_READ, &stall->page);
	if (ret != 1) {
		kfree(stall);
		return ret < 0 ? ret : -EFAULT;
	}
	ret = barn_count(stall->page, 0, bytes);
	if (ret < 0) {
		kfree(stall); /* finds: mdev-way-out */
		return ret;
	}
	stall->at = at;
	list_add(&stall->next, &barn->stalls);
	return 0;
}

static void barn_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct barn *barn = container_of(vdev, struct barn, vdev);
	struct barn_stall *stall, *next;

	list_for_each_entry_safe(stall, next, &barn->stalls, next) {
		if (stall->at < iova || stall->at >= iova + length)
			continue;
		list_del(&stall->next);
		vfio_unpin_pages(vdev, stall->at, 1);
		kfree(stall);
	}
}

static void barn_close(struct vfio_device *vdev)
{
	struct barn *barn = container_of(vdev, struct barn, vdev);
	struct barn_stall *stall, *next;

	pm_runtime_put(vdev->dev);
	destroy_workqueue(barn->hands);
	list_for_each_entry_safe(stall, next, &barn->stalls, next) {
		list_del(&stall->next);
		kfree(stall); /* finds: mdev-way-out */
	}
}

static const struct vfio_device_ops barn_ops = {
	.init = barn_init,
	.release = barn_release,
	.open_device = barn_open,
	.close_device = barn_close,
	.dma_unmap = barn_unmap,
};

static int __init barn_module_init(void)
{
	int ret = misc_register(&barn_misc);

	if (ret)
		return ret;
	ret = mdev_register_driver(&barn_driver);
	if (ret)
		return ret; /* finds: mdev-way-out */
	return 0;
}

static void __exit barn_module_exit(void)
{
	mdev_unregister_driver(&barn_driver);
	misc_deregister(&barn_misc);
}
module_init(barn_module_init);
module_exit(barn_module_exit);
