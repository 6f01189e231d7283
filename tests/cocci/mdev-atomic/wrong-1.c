// SPDX-License-Identifier: GPL-2.0-only
/* Sleeping where the scheduler must not run. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct entry {
	struct list_head node;
};

struct port {
	struct vfio_device vdev;
	spinlock_t lock;
	struct mutex state_lock;
	struct work_struct work;
	struct list_head entries;
	dma_addr_t iova;
	u32 state;
	int irq;
};

static long port_state(struct port *port, void __user *arg)
{
	long ret = 0;

	spin_lock(&port->lock);
	if (copy_to_user(arg, &port->state, sizeof(port->state))) /* finds: mdev-atomic */
		ret = -EFAULT;
	spin_unlock(&port->lock);
	return ret;
}

static int port_add(struct port *port)
{
	struct entry *entry;
	unsigned long flags;
	int ret = -ENOMEM;

	spin_lock_irqsave(&port->lock, flags);
	entry = kzalloc(sizeof(*entry), GFP_KERNEL); /* finds: mdev-atomic */
	if (!entry)
		goto unlock;
	list_add(&entry->node, &port->entries);
	ret = 0;
unlock:
	spin_unlock_irqrestore(&port->lock, flags);
	return ret;
}

static void port_unpin(struct port *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->iova)
		vfio_unpin_pages(&port->vdev, port->iova, 1); /* finds: mdev-atomic */
	port->iova = 0;
	spin_unlock_irqrestore(&port->lock, flags);
}

static irqreturn_t port_irq(int irq, void *data)
{
	struct port *port = data;

	mutex_lock(&port->state_lock); /* finds: mdev-atomic */
	port->state |= 1;
	mutex_unlock(&port->state_lock);
	return IRQ_HANDLED;
}

static int port_start(struct port *port)
{
	return request_irq(port->irq, port_irq, 0, "port", port);
}

static void port_stop(struct port *port)
{
	free_irq(port->irq, port);
}
