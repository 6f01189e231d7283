// SPDX-License-Identifier: GPL-2.0-only
/* The place is emptied, or another member says so, or a helper fills it; the scope is told. */
#include <linux/cleanup.h>
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct pond {
	struct vfio_device vdev;
	u32 *reeds, *lilies;
	struct eventfd_ctx *ripple;
	bool wet;
};

static void pond_grow(struct pond *pond)
{
	pond->reeds = kzalloc(16, GFP_KERNEL);
}

/* The old one goes by a local. */
static void pond_swap(struct vfio_device *vdev, u32 *reeds)
{
	struct pond *pond = container_of(vdev, struct pond, vdev);
	u32 *old = pond->reeds;

	pond->reeds = reeds;
	kfree(old);
}

static void pond_mow(struct vfio_device *vdev)
{
	struct pond *pond = container_of(vdev, struct pond, vdev);

	kfree(pond->reeds);
	pond_grow(pond);
}

static long pond_drain(struct vfio_device *vdev)
{
	struct pond *pond = container_of(vdev, struct pond, vdev);

	if (pond->wet)
		kfree(pond->lilies);
	pond->wet = false;
	return 0;
}

static long pond_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	if (cmd == 1)
		pond_mow(vdev);
	if (cmd == 2)
		pond_swap(vdev, NULL);
	return cmd ? 0 : pond_drain(vdev);
}

static void pond_close(struct vfio_device *vdev)
{
	struct pond *pond = container_of(vdev, struct pond, vdev);

	kfree(pond->reeds);
	if (pond->wet)
		kfree(pond->lilies);
	if (pond->ripple)
		eventfd_ctx_put(pond->ripple);
	pond->ripple = NULL;
}

static const struct vfio_device_ops pond_ops = {
	.close_device = pond_close, .ioctl = pond_ioctl,
};

static u32 *pond_measure(struct pond *pond, size_t size)
{
	u32 *marks __free(kfree) = kzalloc(size, GFP_KERNEL);

	if (!marks || !pond->wet)
		return NULL;
	return no_free_ptr(marks);
}
