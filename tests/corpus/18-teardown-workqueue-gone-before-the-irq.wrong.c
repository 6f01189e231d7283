// SPDX-License-Identifier: GPL-2.0-only
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#define BT_STATUS 0x10
#define BT_ENABLE 0x14

struct bt_port {
	struct vfio_device vdev;
	void __iomem *regs;
	int irq;
	u32 pending;
	spinlock_t lock;
	struct workqueue_struct *queue;
	struct work_struct drain;
	void (*deliver)(struct bt_port *port, u32 bits);
};

static struct bt_port *to_port(struct vfio_device *vdev)
{
	return container_of(vdev, struct bt_port, vdev);
}

static void bt_drain(struct work_struct *work)
{
	struct bt_port *port = container_of(work, struct bt_port, drain);
	u32 bits;

	spin_lock_irq(&port->lock);
	bits = port->pending;
	port->pending = 0;
	spin_unlock_irq(&port->lock);
	if (bits)
		port->deliver(port, bits);
}

static irqreturn_t bt_interrupt(int irq, void *data)
{
	struct bt_port *port = data;
	u32 bits = readl(port->regs + BT_STATUS);

	if (!bits)
		return IRQ_NONE;
	writel(bits, port->regs + BT_STATUS);
	spin_lock(&port->lock);
	port->pending |= bits;
	spin_unlock(&port->lock);
	queue_work(port->queue, &port->drain);
	return IRQ_HANDLED;
}

static int bt_open(struct vfio_device *vdev)
{
	struct bt_port *port = to_port(vdev);
	int ret;

	port->pending = 0;
	INIT_WORK(&port->drain, bt_drain);
	port->queue = alloc_ordered_workqueue("bt-%s", WQ_MEM_RECLAIM, dev_name(vdev->dev));
	if (!port->queue)
		return -ENOMEM;
	ret = request_irq(port->irq, bt_interrupt, IRQF_SHARED, "bt-port", port);
	if (ret) {
		destroy_workqueue(port->queue);
		return ret;
	}
	writel(~0, port->regs + BT_ENABLE);
	return 0;
}

static void bt_close(struct vfio_device *vdev)
{
	struct bt_port *port = to_port(vdev);

	destroy_workqueue(port->queue); /* finds: teardown */
	writel(0, port->regs + BT_ENABLE);
	free_irq(port->irq, port); /* finds: teardown */
	port->queue = NULL;
}

static const struct vfio_device_ops bt_ops = {
	.name = "bt-port",
	.open_device = bt_open,
	.close_device = bt_close,
};
