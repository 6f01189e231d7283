// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct sh_link {
	__u32 argsz;
	__s32 fd;
};

#define SH_LINK _IOW(VFIO_TYPE, VFIO_BASE + 25, struct sh_link)
#define SH_UNLINK _IO(VFIO_TYPE, VFIO_BASE + 26)

struct sh_heap {
	u64 bytes;
};

struct sh_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct file *heap;
};

static const struct file_operations sh_heap_fops = {
	.llseek = noop_llseek,
};

static struct file *sh_heap_get(int fd)
{
	struct file *file = fget(fd);
	struct sh_heap *heap;

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op != &sh_heap_fops) {
		fput(file);
		return ERR_PTR(-EINVAL);
	}
	heap = file->private_data;
	if (!heap->bytes) {
		fput(file);
		return ERR_PTR(-ENODATA);
	}
	return file;
}

static void sh_unlink(struct sh_dev *sh)
{
	struct file *old;

	mutex_lock(&sh->lock);
	old = sh->heap;
	sh->heap = NULL;
	mutex_unlock(&sh->lock);
	if (old)
		fput(old);
}

static int sh_link(struct sh_dev *sh, int fd)
{
	struct file *file = sh_heap_get(fd);
	int ret = 0;

	if (IS_ERR(file))
		return PTR_ERR(file);
	mutex_lock(&sh->lock);
	if (sh->heap)
		ret = -EBUSY;
	else
		sh->heap = file;
	mutex_unlock(&sh->lock);
	if (ret)
		fput(file);
	return ret;
}

static long sh_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct sh_dev *sh = container_of(vdev, struct sh_dev, vdev);
	unsigned long minsz = offsetofend(struct sh_link, fd);
	struct sh_link link;

	switch (cmd) {
	case SH_LINK:
		if (copy_from_user(&link, (void __user *)arg, minsz))
			return -EFAULT;
		if (link.argsz < minsz)
			return -EINVAL;
		return sh_link(sh, link.fd);
	case SH_UNLINK:
		sh_unlink(sh);
		return 0;
	default:
		return -ENOTTY;
	}
}

static void sh_close(struct vfio_device *vdev)
{
	sh_unlink(container_of(vdev, struct sh_dev, vdev));
}

static const struct vfio_device_ops sh_ops = {
	.name = "sh",
	.close_device = sh_close,
	.ioctl = sh_ioctl,
};
