// SPDX-License-Identifier: GPL-2.0-only
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct ev_item {
	struct list_head node;
	u32 code;
};

struct ev_dev {
	struct vfio_device vdev;
	spinlock_t lock;
	struct list_head events;
	unsigned int nr;
};

static irqreturn_t ev_interrupt(int irq, void *data)
{
	struct ev_dev *ev = data;
	struct ev_item *item = kzalloc(sizeof(*item), GFP_ATOMIC);

	if (!item)
		return IRQ_HANDLED;
	spin_lock(&ev->lock);
	list_add_tail(&item->node, &ev->events);
	ev->nr++;
	spin_unlock(&ev->lock);
	return IRQ_HANDLED;
}

static ssize_t ev_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);
	struct ev_item *item;
	u32 code;

	if (count < sizeof(code))
		return -EINVAL;
	spin_lock_irq(&ev->lock);
	item = list_first_entry_or_null(&ev->events, struct ev_item, node);
	if (item) {
		list_del(&item->node);
		ev->nr--;
	}
	spin_unlock_irq(&ev->lock);
	if (!item)
		return 0;
	code = item->code;
	kfree(item);
	return copy_to_user(buf, &code, sizeof(code)) ? -EFAULT : sizeof(code);
}

static int ev_open(struct vfio_device *vdev)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);

	return request_irq(33, ev_interrupt, 0, "ev", ev);
}

static void ev_close(struct vfio_device *vdev)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);
	struct ev_item *item, *next;

	free_irq(33, ev);
	list_for_each_entry_safe(item, next, &ev->events, node) {
		list_del(&item->node);
		kfree(item);
	}
}

static const struct vfio_device_ops ev_ops = {
	.open_device = ev_open, .close_device = ev_close, .read = ev_read, .name = "ev",
};
