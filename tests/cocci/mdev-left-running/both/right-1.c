// SPDX-License-Identifier: GPL-2.0-only
/* Both are taken out of their places and put at the end. */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct gong {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *struck_for, *damped_for;
};

static void gong_loud(struct gong *gong, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	mutex_lock(&gong->lock);
	old = gong->struck_for;
	gong->struck_for = ctx;
	mutex_unlock(&gong->lock);
	if (old)
		eventfd_ctx_put(old);
}

static void gong_quiet(struct gong *gong, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	mutex_lock(&gong->lock);
	old = gong->damped_for;
	gong->damped_for = ctx;
	mutex_unlock(&gong->lock);
	if (old)
		eventfd_ctx_put(old);
}

static long gong_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct gong *gong = container_of(vdev, struct gong, vdev);
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(arg);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (cmd) {
		gong_loud(gong, ctx);
		return 0;
	}
	gong_quiet(gong, ctx);
	return 0;
}

static void gong_close(struct vfio_device *vdev)
{
	struct gong *gong = container_of(vdev, struct gong, vdev);

	gong_loud(gong, NULL);
	gong_quiet(gong, NULL);
}

static const struct vfio_device_ops gong_ops = {
	.ioctl = gong_ioctl,
	.close_device = gong_close,
};
