// SPDX-License-Identifier: GPL-2.0-only
/* Narrow read of a wide word. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define NR_REGS 64

struct nw_dev {
	struct vfio_device vdev;
	u32 regs[NR_REGS];
};

static int nw_load(struct nw_dev *nw, u64 at, size_t len, void *to)
{
	if (len != sizeof(u32))
		return 0;
	memcpy(to, &nw->regs[at / 4], len);
	return 0;
}

static ssize_t nw_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct nw_dev *nw = container_of(vdev, struct nw_dev, vdev);
	u8 word[4];
	u64 at = *ppos;
	int ret;

	if (count > sizeof(word) || at >= sizeof(nw->regs) || at % 4)
		return -EINVAL;
	ret = nw_load(nw, at, count, word);
	if (ret)
		return ret;
	if (copy_to_user(buf, word, count)) /* finds: mdev-stack-bytes */
		return -EFAULT;
	return count;
}

static const struct vfio_device_ops nw_ops = { .read = nw_read, .name = "nw" };
