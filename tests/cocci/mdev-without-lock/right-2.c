// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct lnr_dev {
	struct vfio_device vdev;
	struct mutex irq_lock;
	struct eventfd_ctx *trigger;
	struct work_struct done;
};

static void lnr_done(struct work_struct *work)
{
	struct lnr_dev *ln = container_of(work, struct lnr_dev, done);

	mutex_lock(&ln->irq_lock);
	if (ln->trigger)
		eventfd_signal(ln->trigger);
	mutex_unlock(&ln->irq_lock);
}

static int lnr_set_trigger(struct lnr_dev *ln, int fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	mutex_lock(&ln->irq_lock);
	swap(ln->trigger, ctx);
	mutex_unlock(&ln->irq_lock);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static long lnr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return lnr_set_trigger(container_of(vdev, struct lnr_dev, vdev), (int)arg);
}

static int lnr_open(struct vfio_device *vdev)
{
	struct lnr_dev *ln = container_of(vdev, struct lnr_dev, vdev);

	INIT_WORK(&ln->done, lnr_done);
	return 0;
}

static void lnr_close(struct vfio_device *vdev)
{
	struct lnr_dev *ln = container_of(vdev, struct lnr_dev, vdev);

	cancel_work_sync(&ln->done);
	lnr_set_trigger(ln, -1);
}

static const struct vfio_device_ops lnr_ops = {
	.open_device = lnr_open, .close_device = lnr_close, .ioctl = lnr_ioctl, .name = "ln",
};
