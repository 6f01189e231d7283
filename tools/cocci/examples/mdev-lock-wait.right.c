// SPDX-License-Identifier: GPL-2.0-only
static void my_refill(struct work_struct *work)
{
	struct my_dev *my = container_of(work, struct my_dev, refill);

	mutex_lock(&my->lock);
	my->credits++;
	mutex_unlock(&my->lock);
}

static void my_setup(struct my_dev *my)
{
	INIT_WORK(&my->refill, my_refill);
}

static void my_close(struct vfio_device *vdev)
{
	struct my_dev *my = container_of(vdev, struct my_dev, vdev);

	cancel_work_sync(&my->refill);
	mutex_lock(&my->lock);
	my->credits = 0;
	mutex_unlock(&my->lock);
}
