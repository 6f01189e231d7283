// SPDX-License-Identifier: GPL-2.0-only
static int my_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vfio_device_ops my_ops = {
	.mmap = my_mmap,
};
