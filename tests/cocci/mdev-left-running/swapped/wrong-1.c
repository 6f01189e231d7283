// SPDX-License-Identifier: GPL-2.0-only
/* Of two contexts one is taken out of its place and put at the end, and the other stays. */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct siren {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *heard_by, *hushed_by;
};

static void siren_loud(struct siren *siren, struct eventfd_ctx *ctx) /* finds: mdev-left-running */
{
	struct eventfd_ctx *old;

	mutex_lock(&siren->lock);
	old = siren->heard_by;
	siren->heard_by = ctx;
	mutex_unlock(&siren->lock);
	if (old)
		eventfd_ctx_put(old);
}

static void siren_quiet(struct siren *siren, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	mutex_lock(&siren->lock);
	old = siren->hushed_by;
	siren->hushed_by = ctx;
	mutex_unlock(&siren->lock);
	if (old)
		eventfd_ctx_put(old);
}

static long siren_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct siren *siren = container_of(vdev, struct siren, vdev);
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(arg);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (cmd) {
		siren_loud(siren, ctx);
		return 0;
	}
	siren_quiet(siren, ctx);
	return 0;
}

static void siren_close(struct vfio_device *vdev)
{
	struct siren *siren = container_of(vdev, struct siren, vdev);

	siren_loud(siren, NULL);
}

static const struct vfio_device_ops siren_ops = {
	.ioctl = siren_ioctl,
	.close_device = siren_close,
};
