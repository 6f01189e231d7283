// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define LR_ENTRIES 256

struct lr_attach {
	__u32 argsz;
	__s32 kick_fd;
	__u64 iova;
};

#define LR_ATTACH _IOW(VFIO_TYPE, VFIO_BASE + 70, struct lr_attach)

struct lr_nic {
	struct vfio_device vdev;
	struct mutex lock;
	struct page *ring;
	dma_addr_t ring_iova;
	u32 *shadow;
	struct eventfd_ctx *kick;
};

static void lr_detach(struct lr_nic *nic)
{
	lockdep_assert_held(&nic->lock);
	if (!nic->ring)
		return;
	vfio_unpin_pages(&nic->vdev, nic->ring_iova, 1);
	nic->ring = NULL;
	eventfd_ctx_put(nic->kick);
	nic->kick = NULL;
	kfree(nic->shadow);
	nic->shadow = NULL;
}

static int lr_attach(struct lr_nic *nic, const struct lr_attach *req)
{
	struct eventfd_ctx *kick;
	struct page *page;
	u32 *shadow;
	int ret;

	if (!PAGE_ALIGNED(req->iova))
		return -EINVAL;
	mutex_lock(&nic->lock);
	if (nic->ring) {
		ret = -EBUSY;
		goto unlock;
	}
	ret = vfio_pin_pages(&nic->vdev, req->iova, 1, IOMMU_READ | IOMMU_WRITE, &page);
	if (ret != 1) {
		ret = ret < 0 ? ret : -EFAULT;
		goto unlock;
	}
	shadow = kcalloc(LR_ENTRIES, sizeof(*shadow), GFP_KERNEL);
	if (!shadow) {
		ret = -ENOMEM;
		goto unpin;
	}
	kick = eventfd_ctx_fdget(req->kick_fd);
	if (IS_ERR(kick)) {
		ret = PTR_ERR(kick);
		kfree(shadow);
		goto unlock; /* finds: pins */
	}
	nic->ring = page;
	nic->ring_iova = req->iova;
	nic->shadow = shadow;
	nic->kick = kick;
	ret = 0;
	goto unlock;
unpin:
	vfio_unpin_pages(&nic->vdev, req->iova, 1);
unlock:
	mutex_unlock(&nic->lock);
	return ret;
}

static long lr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct lr_nic *nic = container_of(vdev, struct lr_nic, vdev);
	size_t minsz = offsetofend(struct lr_attach, iova);
	struct lr_attach req;

	if (cmd != LR_ATTACH)
		return -ENOTTY;
	if (copy_from_user(&req, (void __user *)arg, minsz))
		return -EFAULT;
	if (req.argsz < minsz)
		return -EINVAL;
	return lr_attach(nic, &req);
}

static void lr_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct lr_nic *nic = container_of(vdev, struct lr_nic, vdev);

	mutex_lock(&nic->lock);
	if (nic->ring && nic->ring_iova >= iova && nic->ring_iova - iova < length)
		lr_detach(nic);
	mutex_unlock(&nic->lock);
}

static void lr_close(struct vfio_device *vdev)
{
	struct lr_nic *nic = container_of(vdev, struct lr_nic, vdev);

	mutex_lock(&nic->lock);
	lr_detach(nic);
	mutex_unlock(&nic->lock);
}

static const struct vfio_device_ops lr_ops = {
	.name = "lr-nic",
	.close_device = lr_close,
	.ioctl = lr_ioctl,
	.dma_unmap = lr_dma_unmap,
};
