// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

struct my_status {
	__u8 state;
	__u64 frames;
};

static long my_get_status(struct my_device *my, void __user *arg)
{
	struct my_status status;

	status.state = my->state;
	status.frames = my->frames;
	return copy_to_user(arg, &status, sizeof(status)) ? -EFAULT : 0;
}

static const struct vfio_device_ops my_ops = { .ioctl = my_ioctl };
