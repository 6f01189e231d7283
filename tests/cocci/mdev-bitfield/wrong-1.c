// SPDX-License-Identifier: GPL-2.0-only
/* Neighbours that an interrupt, a timer or a worker writes to. */
#include <linux/interrupt.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct port {
	struct vfio_device vdev;
	struct work_struct work;
	struct timer_list timer;
	int irq;
	u8 masked:1;
	u8 pending:1;
	u8 late:1;
	u8 dead:1;
};

static irqreturn_t port_irq(int irq, void *data)
{
	struct port *port = data;

	port->pending = 1; /* finds: mdev-bitfield */
	return IRQ_HANDLED;
}

static void port_tick(struct timer_list *timer)
{
	struct port *port = from_timer(port, timer, timer);

	if (!port->masked)
		port->late = 1; /* finds: mdev-bitfield */
}

static void port_work(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, work);

	port->dead = 1; /* finds: mdev-bitfield */
}

static int port_open(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	INIT_WORK(&port->work, port_work);
	timer_setup(&port->timer, port_tick, 0);
	return request_irq(port->irq, port_irq, 0, "port", port);
}

static void port_close(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	port->masked = 1;
	free_irq(port->irq, port);
	del_timer_sync(&port->timer);
	cancel_work_sync(&port->work);
}

static const struct vfio_device_ops port_ops = {
	.open_device = port_open,
	.close_device = port_close,
};
