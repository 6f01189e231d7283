// SPDX-License-Identifier: GPL-2.0-only
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct ln_dev {
	struct vfio_device vdev;
	struct mutex irq_lock;
	struct eventfd_ctx *trigger;
	struct work_struct done;
};

static void ln_done(struct work_struct *work)
{
	struct ln_dev *ln = container_of(work, struct ln_dev, done);

	mutex_lock(&ln->irq_lock);
	if (ln->trigger)
		eventfd_signal(ln->trigger);
	mutex_unlock(&ln->irq_lock);
}

static int ln_set_trigger(struct ln_dev *ln, int fd)
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

static long ln_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return ln_set_trigger(container_of(vdev, struct ln_dev, vdev), (int)arg);
}

static int ln_open(struct vfio_device *vdev)
{
	struct ln_dev *ln = container_of(vdev, struct ln_dev, vdev);

	INIT_WORK(&ln->done, ln_done);
	return 0;
}

static void ln_close(struct vfio_device *vdev)
{
	struct ln_dev *ln = container_of(vdev, struct ln_dev, vdev);

	cancel_work_sync(&ln->done);
	ln_set_trigger(ln, -1);
}

static const struct vfio_device_ops ln_ops = {
	.open_device = ln_open, .close_device = ln_close, .ioctl = ln_ioctl, .name = "ln",
};
