// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>
#include <linux/vfio.h>

#define MY_JOBS 32

struct my_device {
	struct vfio_device vdev;
	struct mutex lock;
	unsigned int used;
	u64 jobs[MY_JOBS];
};

static int my_push(struct my_device *my, u64 job)
{
	int ret = 0;

	mutex_lock(&my->lock);
	if (my->used == MY_JOBS)
		ret = -ENOSPC;
	else
		my->jobs[my->used++] = job;
	mutex_unlock(&my->lock);
	return ret;
}
