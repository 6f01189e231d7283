// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static ssize_t my_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct my_device *my = to_my(vdev);

	if (*ppos >= MY_BYTES)
		return -EINVAL;
	if (copy_to_user(buf, my->bytes + *ppos, count))
		return -EFAULT;
	return count;
}
