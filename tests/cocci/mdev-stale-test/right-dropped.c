// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define BQR_MAX 16

struct bqr_buffer {
	u64 iova;
	u32 bytes;
};

struct bqr_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct bqr_buffer *buffers[BQR_MAX];
	unsigned int nr;
};

struct bqr_add {
	__u32 argsz;
	__u32 bytes;
	__u64 iova;
};

static int bqr_add(struct bqr_dev *bq, const struct bqr_add *add)
{
	struct bqr_buffer *buffer;

	mutex_lock(&bq->lock);
	if (bq->nr >= BQR_MAX) {
		mutex_unlock(&bq->lock);
		return -ENOSPC;
	}
	mutex_unlock(&bq->lock);

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	buffer->iova = add->iova;
	buffer->bytes = add->bytes;

	mutex_lock(&bq->lock);
	if (bq->nr >= BQR_MAX) {
		mutex_unlock(&bq->lock);
		kfree(buffer);
		return -ENOSPC;
	}
	bq->buffers[bq->nr++] = buffer;
	mutex_unlock(&bq->lock);
	return 0;
}

static long bqr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct bqr_dev *bq = container_of(vdev, struct bqr_dev, vdev);
	struct bqr_add add;

	if (copy_from_user(&add, (void __user *)arg, sizeof(add)))
		return -EFAULT;
	if (add.argsz < sizeof(add))
		return -EINVAL;
	return bqr_add(bq, &add);
}

static void bqr_close(struct vfio_device *vdev)
{
	struct bqr_dev *bq = container_of(vdev, struct bqr_dev, vdev);

	mutex_lock(&bq->lock);
	while (bq->nr)
		kfree(bq->buffers[--bq->nr]);
	mutex_unlock(&bq->lock);
}

static const struct vfio_device_ops bqr_ops = {
	.ioctl = bqr_ioctl, .close_device = bqr_close, .name = "bq",
};
