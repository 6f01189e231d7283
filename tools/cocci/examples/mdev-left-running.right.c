// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static int my_open(struct vfio_device *vdev)
{
	struct my_device *my = to_my(vdev);

	INIT_WORK(&my->probe_work, my_scan);
	hrtimer_init(&my->blank, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return 0;
}

static void my_close(struct vfio_device *vdev)
{
	hrtimer_cancel(&to_my(vdev)->blank);
	cancel_work_sync(&to_my(vdev)->probe_work);
}

static const struct vfio_device_ops my_ops = { .open_device = my_open, .close_device = my_close };
