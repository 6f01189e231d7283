// SPDX-License-Identifier: GPL-2.0-only
static irqreturn_t my_interrupt(int irq, void *data)
{
	struct my_device *my = data;

	spin_lock(&my->lock);
	my->status |= 1;
	spin_unlock(&my->lock);
	return IRQ_HANDLED;
}

static int my_open(struct vfio_device *vdev)
{
	struct my_device *my = container_of(vdev, struct my_device, vdev);

	return request_irq(my->irq, my_interrupt, 0, "my", my);
}

static long my_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct my_device *my = container_of(vdev, struct my_device, vdev);

	spin_lock(&my->lock);
	my->status = 0;
	spin_unlock(&my->lock);
	return 0;
}

static const struct vfio_device_ops my_ops = { .open_device = my_open, .ioctl = my_ioctl };
