// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct my_size {
	__u32 rows;
	__u32 columns;
};

struct my_device {
	struct vfio_device vdev;
	u8 *picture;
};

static long my_resize(struct my_device *my, void __user *arg)
{
	struct my_size size;

	if (copy_from_user(&size, arg, sizeof(size)))
		return -EFAULT;
	my->picture = kvmalloc_array(size.rows, size.columns, GFP_KERNEL);
	return my->picture ? 0 : -ENOMEM;
}
