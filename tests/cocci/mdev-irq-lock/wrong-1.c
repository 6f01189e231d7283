// SPDX-License-Identifier: GPL-2.0-only
/* Interrupt takes it too. */
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct iq_dev {
	struct vfio_device vdev;
	spinlock_t lock;
	u32 status;
	int irq;
};

static irqreturn_t iq_handler(int irq, void *data)
{
	struct iq_dev *iq = data;

	spin_lock(&iq->lock);
	iq->status |= 1;
	spin_unlock(&iq->lock);
	return IRQ_HANDLED;
}

static u32 iq_take_status(struct iq_dev *iq)
{
	u32 status;

	spin_lock(&iq->lock); /* finds: mdev-irq-lock */
	status = iq->status;
	iq->status = 0;
	spin_unlock(&iq->lock);
	return status;
}

static ssize_t iq_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	u32 status;

	if (count != sizeof(status))
		return -EINVAL;
	status = iq_take_status(container_of(vdev, struct iq_dev, vdev));
	return copy_to_user(buf, &status, sizeof(status)) ? -EFAULT : sizeof(status);
}

static int iq_open(struct vfio_device *vdev)
{
	struct iq_dev *iq = container_of(vdev, struct iq_dev, vdev);

	return request_irq(iq->irq, iq_handler, IRQF_SHARED, "iq", iq);
}

static void iq_close(struct vfio_device *vdev)
{
	struct iq_dev *iq = container_of(vdev, struct iq_dev, vdev);

	free_irq(iq->irq, iq);
}

static const struct vfio_device_ops iq_ops = {
	.open_device = iq_open, .close_device = iq_close, .read = iq_read, .name = "iq",
};
