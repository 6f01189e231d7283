// SPDX-License-Identifier: GPL-2.0-only
static ssize_t my_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	loff_t offset = *ppos & MY_OFFSET_MASK;

	return copy_to_user(buf, my_of(vdev)->mem + offset, count) ? -EFAULT : count;
}
