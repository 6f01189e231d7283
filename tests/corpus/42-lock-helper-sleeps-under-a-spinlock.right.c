// SPDX-License-Identifier: GPL-2.0-only
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define EV_MAX 64

struct ev_record {
	struct list_head entry;
	u32 code;
	u32 value;
};

struct ev_dev {
	struct vfio_device vdev;
	spinlock_t lock;
	struct list_head records;
	unsigned int nr;
	u32 lost;
	u32 (*decode)(struct ev_dev *ev, u32 code);
};

static struct ev_record *ev_record_new(struct ev_dev *ev, u32 code)
{
	struct ev_record *record;

	record = kzalloc(sizeof(*record), GFP_ATOMIC);
	if (!record)
		return NULL;
	record->code = code;
	record->value = ev->decode(ev, code);
	return record;
}

static void ev_report(struct ev_dev *ev, u32 code)
{
	struct ev_record *record;
	unsigned long flags;

	spin_lock_irqsave(&ev->lock, flags);
	if (ev->nr >= EV_MAX) {
		ev->lost++;
		goto out;
	}
	record = ev_record_new(ev, code);
	if (!record) {
		ev->lost++;
		goto out;
	}
	list_add_tail(&record->entry, &ev->records);
	ev->nr++;
out:
	spin_unlock_irqrestore(&ev->lock, flags);
}

static struct ev_record *ev_take(struct ev_dev *ev)
{
	struct ev_record *record;
	unsigned long flags;

	spin_lock_irqsave(&ev->lock, flags);
	record = list_first_entry_or_null(&ev->records, struct ev_record, entry);
	if (record) {
		list_del(&record->entry);
		ev->nr--;
	}
	spin_unlock_irqrestore(&ev->lock, flags);
	return record;
}

static ssize_t ev_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);
	struct ev_record *record;
	u32 pair[2];

	if (*ppos || count != sizeof(pair))
		return -EINVAL;
	record = ev_take(ev);
	if (!record)
		return -EAGAIN;
	pair[0] = record->code;
	pair[1] = record->value;
	kfree(record);
	return copy_to_user(buf, pair, sizeof(pair)) ? -EFAULT : count;
}

static ssize_t ev_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			loff_t *ppos)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);
	u32 code;

	if (*ppos || count != sizeof(code))
		return -EINVAL;
	if (copy_from_user(&code, buf, sizeof(code)))
		return -EFAULT;
	ev_report(ev, code);
	return count;
}

static void ev_close(struct vfio_device *vdev)
{
	struct ev_dev *ev = container_of(vdev, struct ev_dev, vdev);
	struct ev_record *record;

	while ((record = ev_take(ev)))
		kfree(record);
}

static const struct vfio_device_ops ev_ops = {
	.name = "ev",
	.close_device = ev_close,
	.read = ev_read,
	.write = ev_write,
};
