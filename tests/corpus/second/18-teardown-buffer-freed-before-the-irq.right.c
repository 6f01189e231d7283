// SPDX-License-Identifier: GPL-2.0-only
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct cl_dev {
	struct vfio_device vdev;
	int irq;
	u32 *log;
	unsigned int head;
};

static irqreturn_t cl_interrupt(int irq, void *data)
{
	struct cl_dev *cl = data;

	cl->log[cl->head++ % 64] = irq;
	return IRQ_HANDLED;
}

static int cl_open(struct vfio_device *vdev)
{
	struct cl_dev *cl = container_of(vdev, struct cl_dev, vdev);
	int ret;

	cl->log = kcalloc(64, sizeof(*cl->log), GFP_KERNEL);
	if (!cl->log)
		return -ENOMEM;
	ret = request_irq(cl->irq, cl_interrupt, 0, "cl", cl);
	if (ret) {
		kfree(cl->log);
		cl->log = NULL;
	}
	return ret;
}

static void cl_free_log(struct cl_dev *cl)
{
	kfree(cl->log);
	cl->log = NULL;
}

static void cl_close(struct vfio_device *vdev)
{
	struct cl_dev *cl = container_of(vdev, struct cl_dev, vdev);

	free_irq(cl->irq, cl);
	cl_free_log(cl);
}

static const struct vfio_device_ops cl_ops = {
	.open_device = cl_open, .close_device = cl_close, .name = "cl",
};
