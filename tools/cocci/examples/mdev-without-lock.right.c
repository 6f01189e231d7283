// SPDX-License-Identifier: GPL-2.0-only
struct my_device {
	struct vfio_device vdev;
	struct mutex lock;
	struct work_struct work;
	unsigned int jobs;
};

static void my_done(struct work_struct *work)
{
	struct my_device *my = container_of(work, struct my_device, work);

	mutex_lock(&my->lock);
	my->jobs--;
	mutex_unlock(&my->lock);
}

static long my_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct my_device *my = container_of(vdev, struct my_device, vdev);

	mutex_lock(&my->lock);
	my->jobs++;
	mutex_unlock(&my->lock);
	INIT_WORK(&my->work, my_done);
	return 0;
}

static const struct vfio_device_ops my_ops = { .ioctl = my_ioctl };
