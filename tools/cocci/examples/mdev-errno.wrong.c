// SPDX-License-Identifier: GPL-2.0-only
static int my_open(struct vfio_device *vdev)
{
	return my_of(vdev)->ready ? 0 : -1;
}

static int my_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	return -1;
}

static const struct vfio_device_ops my_ops = {
	.open_device = my_open,
	.mmap = my_mmap,
};
