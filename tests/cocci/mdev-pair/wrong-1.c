// SPDX-License-Identifier: GPL-2.0-only
/* Started, and never stopped. */
#include <linux/interrupt.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct port {
	struct vfio_device vdev;
	struct work_struct work;
	struct timer_list timer;
	int irq;
};

static void port_work(struct work_struct *work)
{
}

static void port_tick(struct timer_list *timer)
{
}

static irqreturn_t port_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int port_open(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	INIT_WORK(&port->work, port_work); /* finds: mdev-pair */
	timer_setup(&port->timer, port_tick, 0); /* finds: mdev-pair */
	return request_irq(port->irq, port_irq, 0, "port", port); /* finds: mdev-pair */
}

static void port_close(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops port_ops = {
	.open_device = port_open,
	.close_device = port_close,
};

static struct mdev_driver port_driver = {
	.driver = {
		.name = "port",
		.owner = THIS_MODULE,
	},
};

static int __init port_init(void)
{
	return mdev_register_driver(&port_driver); /* finds: mdev-pair */
}
module_init(port_init);
