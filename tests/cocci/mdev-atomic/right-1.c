// SPDX-License-Identifier: GPL-2.0-only
/* Unlocked first, atomic, or in a thread. */
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
	struct work_struct work;
	struct list_head entries;
	u32 state;
	int irq;
};

static long port_state(struct port *port, void __user *arg)
{
	u32 state;

	spin_lock(&port->lock);
	state = port->state;
	spin_unlock(&port->lock);
	return copy_to_user(arg, &state, sizeof(state)) ? -EFAULT : 0;
}

static int port_add(struct port *port)
{
	struct entry *entry;
	unsigned long flags;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	spin_lock_irqsave(&port->lock, flags);
	list_add(&entry->node, &port->entries);
	spin_unlock_irqrestore(&port->lock, flags);
	return 0;
}

static int port_add_now(struct port *port, bool wait)
{
	struct entry *entry;
	int ret = 0;

	spin_lock(&port->lock);
	if (port->state) {
		spin_unlock(&port->lock);
		flush_work(&port->work);
		return -EAGAIN;
	}
	entry = kzalloc(sizeof(*entry), GFP_ATOMIC);
	if (entry)
		list_add(&entry->node, &port->entries);
	else
		ret = -ENOMEM;
	spin_unlock(&port->lock);
	return ret;
}

static irqreturn_t port_irq(int irq, void *data)
{
	struct port *port = data;

	spin_lock(&port->lock);
	port->state |= 1;
	spin_unlock(&port->lock);
	schedule_work(&port->work);
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
