// SPDX-License-Identifier: GPL-2.0-only
/* What an error leaves is given back, in reverse order. */
#include <linux/highmem.h>
#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/miscdevice.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

static DEFINE_IDA(silo_numbers);
static struct miscdevice silo_misc;
static struct mdev_driver silo_driver;

struct silo {
	struct vfio_device vdev;
	struct workqueue_struct *hands;
	struct list_head stalls;
	u8 *hay;
	int number;
};

struct silo_stall {
	struct list_head next;
	struct page *page;
	dma_addr_t at;
	bool busy;
};

static int silo_init(struct vfio_device *vdev)
{
	struct silo *silo = container_of(vdev, struct silo, vdev);

	silo->number = ida_alloc(&silo_numbers, GFP_KERNEL);
	if (silo->number < 0)
		return silo->number;
	silo->hay = kzalloc(4096, GFP_KERNEL);
	if (!silo->hay) {
		ida_free(&silo_numbers, silo->number);
		return -ENOMEM;
	}
	return 0;
}

static void silo_release(struct vfio_device *vdev)
{
	struct silo *silo = container_of(vdev, struct silo, vdev);

	kfree(silo->hay);
	ida_free(&silo_numbers, silo->number);
}

static int silo_open(struct vfio_device *vdev)
{
	struct silo *silo = container_of(vdev, struct silo, vdev);
	int ret;

	silo->hands = alloc_ordered_workqueue("silo", 0);
	if (!silo->hands)
		return -ENOMEM;
	ret = pm_runtime_resume_and_get(vdev->dev);
	if (ret) {
		destroy_workqueue(silo->hands);
		return ret;
	}
	return 0;
}

static int silo_count(struct page *page, u32 at, u32 bytes)
{
	u8 *data = kmap_local_page(page);
	int sum = 0;

	if (at > PAGE_SIZE || bytes > PAGE_SIZE - at) {
		kunmap_local(data);
		return -ERANGE;
	}
	while (bytes--)
		sum += data[at++];
	kunmap_local(data);
	return sum;
}

static int silo_fill(struct silo *silo, dma_addr_t at, u32 bytes)
{
	struct silo_stall *stall = kzalloc(sizeof(*stall), GFP_KERNEL);
	int ret;

	if (!stall)
		return -ENOMEM;
	ret = vfio_pin_pages(&silo->vdev, at, 1, IOMMU_READ, &stall->page);
	if (ret != 1) {
		kfree(stall);
		return ret < 0 ? ret : -EFAULT;
	}
	ret = silo_count(stall->page, 0, bytes);
	if (ret < 0) {
		vfio_unpin_pages(&silo->vdev, at, 1);
		kfree(stall);
		return ret;
	}
	stall->at = at;
	list_add(&stall->next, &silo->stalls);
	return 0;
}

static void silo_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct silo *silo = container_of(vdev, struct silo, vdev);
	struct silo_stall *stall, *next;

	list_for_each_entry_safe(stall, next, &silo->stalls, next) {
		if (stall->at < iova || stall->at >= iova + length)
			continue;
		list_del(&stall->next);
		vfio_unpin_pages(vdev, stall->at, 1);
		kfree(stall);
	}
}

static void silo_close(struct vfio_device *vdev)
{
	struct silo *silo = container_of(vdev, struct silo, vdev);
	struct silo_stall *stall, *next;

	pm_runtime_put(vdev->dev);
	destroy_workqueue(silo->hands);
	list_for_each_entry_safe(stall, next, &silo->stalls, next) {
		list_del(&stall->next);
		vfio_unpin_pages(vdev, stall->at, 1);
		kfree(stall);
	}
}

static const struct vfio_device_ops silo_ops = {
	.init = silo_init,
	.release = silo_release,
	.open_device = silo_open,
	.close_device = silo_close,
	.dma_unmap = silo_unmap,
};

static int __init silo_module_init(void)
{
	int ret = misc_register(&silo_misc);

	if (ret)
		return ret;
	ret = mdev_register_driver(&silo_driver);
	if (ret) {
		misc_deregister(&silo_misc);
		return ret;
	}
	return 0;
}

static void __exit silo_module_exit(void)
{
	mdev_unregister_driver(&silo_driver);
	misc_deregister(&silo_misc);
}
module_init(silo_module_init);
module_exit(silo_module_exit);
