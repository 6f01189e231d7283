// SPDX-License-Identifier: GPL-2.0-only
/* A request gives back what stays in its place; a scope gives back what was given back. */
#include <linux/cleanup.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct well {
	struct vfio_device vdev;
	u32 *rope;
	struct eventfd_ctx *splash;
	struct file *owner;
	u32 depth;
};

static void well_cut(u32 *rope)
{
	kfree(rope); /* finds: mdev-after-put */
}

static void well_loosen(struct well *well)
{
	well_cut(well->rope);
}

static int well_owner(struct vfio_device *vdev)
{
	struct well *well = container_of(vdev, struct well, vdev);
	struct file *owner = well->owner;
	int ret = owner ? 0 : -ENOENT;

	if (owner)
		fput(owner); /* finds: mdev-after-put */
	return ret;
}

static long well_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct well *well = container_of(vdev, struct well, vdev);

	switch (cmd) {
	case 1:
		well_loosen(well);
		return 0;
	case 2:
		eventfd_ctx_put(well->splash); /* finds: mdev-eventfd-clear */
		return 0;
	default:
		return well_owner(vdev);
	}
}

static void well_close(struct vfio_device *vdev)
{
	struct well *well = container_of(vdev, struct well, vdev);

	kfree(well->rope);
	if (well->splash)
		eventfd_ctx_put(well->splash); /* finds: mdev-eventfd-clear */
	if (well->owner)
		fput(well->owner);
	well->owner = NULL;
}

static const struct vfio_device_ops well_ops = {
	.close_device = well_close, .ioctl = well_ioctl,
};

static int well_measure(struct well *well, size_t size)
{
	u32 *marks __free(kfree) = kzalloc(size, GFP_KERNEL);

	if (!marks)
		return -ENOMEM;
	if (!well->depth) {
		kfree(marks); /* finds: mdev-after-put */
		return -EINVAL;
	}
	return 0;
}
