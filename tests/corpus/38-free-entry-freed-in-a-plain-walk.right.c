// SPDX-License-Identifier: GPL-2.0-only
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct ob_create {
	__u32 argsz;
	__u32 bytes;
	__u32 owner;
	__u32 id;
};

#define OB_CREATE _IOWR(VFIO_TYPE, VFIO_BASE + 20, struct ob_create)
#define OB_FLUSH _IO(VFIO_TYPE, VFIO_BASE + 21)

#define OB_BYTES_MAX 65536
#define OB_MAX 256

struct ob_buf {
	struct list_head entry;
	u32 owner;
	u32 id;
	void *words;
};

struct ob_gpu {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head bufs;
	unsigned int nr_bufs;
	u32 next_id;
};

static void ob_drop(struct ob_gpu *gpu, struct ob_buf *buf)
{
	list_del(&buf->entry);
	gpu->nr_bufs--;
	kfree(buf->words);
	kfree(buf);
}

static void ob_flush(struct ob_gpu *gpu, u32 owner, bool all)
{
	struct ob_buf *buf, *next;

	mutex_lock(&gpu->lock);
	list_for_each_entry_safe(buf, next, &gpu->bufs, entry)
		if (all || buf->owner == owner)
			ob_drop(gpu, buf);
	mutex_unlock(&gpu->lock);
}

static int ob_create(struct ob_gpu *gpu, struct ob_create *req)
{
	struct ob_buf *buf;
	int ret = 0;

	if (!req->bytes || req->bytes > OB_BYTES_MAX)
		return -EINVAL;
	buf = kzalloc(sizeof(*buf), GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;
	buf->words = kzalloc(req->bytes, GFP_KERNEL_ACCOUNT);
	if (!buf->words) {
		kfree(buf);
		return -ENOMEM;
	}
	buf->owner = req->owner;
	mutex_lock(&gpu->lock);
	if (gpu->nr_bufs < OB_MAX) {
		req->id = buf->id = gpu->next_id++;
		list_add_tail(&buf->entry, &gpu->bufs);
		gpu->nr_bufs++;
	} else {
		ret = -ENOSPC;
	}
	mutex_unlock(&gpu->lock);
	if (ret) {
		kfree(buf->words);
		kfree(buf);
	}
	return ret;
}

static long ob_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct ob_gpu *gpu = container_of(vdev, struct ob_gpu, vdev);
	unsigned long minsz = offsetofend(struct ob_create, id);
	struct ob_create req;
	int ret;

	switch (cmd) {
	case OB_CREATE:
		if (copy_from_user(&req, (void __user *)arg, minsz))
			return -EFAULT;
		if (req.argsz < minsz)
			return -EINVAL;
		ret = ob_create(gpu, &req);
		if (ret)
			return ret;
		return copy_to_user((void __user *)arg, &req, minsz) ? -EFAULT : 0;
	case OB_FLUSH:
		ob_flush(gpu, arg, false);
		return 0;
	default:
		return -ENOTTY;
	}
}

static void ob_close(struct vfio_device *vdev)
{
	struct ob_gpu *gpu = container_of(vdev, struct ob_gpu, vdev);

	ob_flush(gpu, 0, true);
}

static const struct vfio_device_ops ob_ops = {
	.name = "ob-gpu",
	.close_device = ob_close,
	.ioctl = ob_ioctl,
};
