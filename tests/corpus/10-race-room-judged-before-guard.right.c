// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define CL_JOBS 32
#define CL_JOB_BYTES 64

struct cl_job {
	u8 words[CL_JOB_BYTES];
};

struct cl_accel {
	struct vfio_device vdev;
	struct mutex lock;
	unsigned int nr_jobs;
	struct cl_job *jobs[CL_JOBS];
};

static struct cl_accel *to_accel(struct vfio_device *vdev)
{
	return container_of(vdev, struct cl_accel, vdev);
}

static int cl_push(struct cl_accel *accel, struct cl_job *job)
{
	guard(mutex)(&accel->lock);
	if (accel->nr_jobs == CL_JOBS)
		return -ENOSPC;
	accel->jobs[accel->nr_jobs++] = job;
	return 0;
}

static struct cl_job *cl_pop(struct cl_accel *accel)
{
	guard(mutex)(&accel->lock);
	if (!accel->nr_jobs)
		return NULL;
	return accel->jobs[--accel->nr_jobs];
}

static ssize_t cl_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			loff_t *ppos)
{
	struct cl_accel *accel = to_accel(vdev);
	struct cl_job *job;
	int ret;

	if (count != CL_JOB_BYTES || *ppos)
		return -EINVAL;
	job = kmalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		return -ENOMEM;
	if (copy_from_user(job->words, buf, CL_JOB_BYTES)) {
		kfree(job);
		return -EFAULT;
	}
	ret = cl_push(accel, job);
	if (ret) {
		kfree(job);
		return ret;
	}
	return count;
}

static ssize_t cl_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct cl_job *job;
	ssize_t ret = count;

	if (count != CL_JOB_BYTES || *ppos)
		return -EINVAL;
	job = cl_pop(to_accel(vdev));
	if (!job)
		return -EAGAIN;
	if (copy_to_user(buf, job->words, CL_JOB_BYTES))
		ret = -EFAULT;
	kfree(job);
	return ret;
}

static void cl_close(struct vfio_device *vdev)
{
	struct cl_job *job;

	while ((job = cl_pop(to_accel(vdev))))
		kfree(job);
}

static const struct vfio_device_ops cl_ops = {
	.name = "cl-accel",
	.close_device = cl_close,
	.read = cl_read,
	.write = cl_write,
};
