// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct iqr_dev {
	struct vfio_device vdev;
	spinlock_t lock;
	u32 status;
	int irq;
};

static irqreturn_t iqr_handler(int irq, void *data)
{
	struct iqr_dev *iq = data;

	spin_lock(&iq->lock);
	iq->status |= 1;
	spin_unlock(&iq->lock);
	return IRQ_HANDLED;
}

static u32 iqr_take_status(struct iqr_dev *iq)
{
	u32 status;

	spin_lock_irq(&iq->lock);
	status = iq->status;
	iq->status = 0;
	spin_unlock_irq(&iq->lock);
	return status;
}

static ssize_t iqr_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	u32 status;

	if (count != sizeof(status))
		return -EINVAL;
	status = iqr_take_status(container_of(vdev, struct iqr_dev, vdev));
	return copy_to_user(buf, &status, sizeof(status)) ? -EFAULT : sizeof(status);
}

static int iqr_open(struct vfio_device *vdev)
{
	struct iqr_dev *iq = container_of(vdev, struct iqr_dev, vdev);

	return request_irq(iq->irq, iqr_handler, IRQF_SHARED, "iq", iq);
}

static void iqr_close(struct vfio_device *vdev)
{
	struct iqr_dev *iq = container_of(vdev, struct iqr_dev, vdev);

	free_irq(iq->irq, iq);
}

static const struct vfio_device_ops iqr_ops = {
	.open_device = iqr_open, .close_device = iqr_close, .read = iqr_read, .name = "iq",
};
