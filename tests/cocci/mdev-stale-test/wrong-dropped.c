// SPDX-License-Identifier: GPL-2.0-only
/* Lock dropped between test and use. */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define BQ_MAX 16

struct bq_buffer {
	u64 iova;
	u32 bytes;
};

struct bq_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct bq_buffer *buffers[BQ_MAX];
	unsigned int nr;
};

struct bq_add {
	__u32 argsz;
	__u32 bytes;
	__u64 iova;
};

static int bq_add(struct bq_dev *bq, const struct bq_add *add)
{
	struct bq_buffer *buffer;

	mutex_lock(&bq->lock);
	if (bq->nr >= BQ_MAX) {
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
	bq->buffers[bq->nr++] = buffer; /* finds: mdev-stale-test */
	mutex_unlock(&bq->lock);
	return 0;
}

static long bq_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct bq_dev *bq = container_of(vdev, struct bq_dev, vdev);
	struct bq_add add;

	if (copy_from_user(&add, (void __user *)arg, sizeof(add)))
		return -EFAULT;
	if (add.argsz < sizeof(add))
		return -EINVAL;
	return bq_add(bq, &add);
}

static void bq_close(struct vfio_device *vdev)
{
	struct bq_dev *bq = container_of(vdev, struct bq_dev, vdev);

	mutex_lock(&bq->lock);
	while (bq->nr)
		kfree(bq->buffers[--bq->nr]);
	mutex_unlock(&bq->lock);
}

static const struct vfio_device_ops bq_ops = {
	.ioctl = bq_ioctl, .close_device = bq_close, .name = "bq",
};
