// SPDX-License-Identifier: GPL-2.0-only
/* Bits enough for the most, a bounded loop, one that an error ends, and one without a lock. */
#include <linux/slab.h>
#include <linux/vfio.h>

#define KILN_MAX 4096

struct kiln_order {
	__u32 argsz;
	__u32 pots;
	__u32 turns;
};

struct kiln {
	struct vfio_device vdev;
	struct mutex lock;
	u64 *pots;
	u32 turns;
};

static int kiln_fire(struct kiln *kiln, u32 pots)
{
	u16 bytes;

	if (!pots || pots > KILN_MAX)
		return -EINVAL;
	bytes = pots * sizeof(*kiln->pots);
	kiln->pots = kzalloc(bytes, GFP_KERNEL);
	return kiln->pots ? 0 : -ENOMEM;
}

static int kiln_turn(struct kiln *kiln, u32 turns)
{
	u32 i;

	if (turns > KILN_MAX)
		return -EINVAL;
	mutex_lock(&kiln->lock);
	for (i = 0; i < turns; i++)
		kiln->turns ^= i;
	mutex_unlock(&kiln->lock);
	return 0;
}

static int kiln_cool(struct kiln *kiln, u32 turns)
{
	u32 i;

	mutex_lock(&kiln->lock);
	for (i = 0; i < turns; i++) {
		if (signal_pending(current))
			break;
		kiln->turns ^= i;
	}
	mutex_unlock(&kiln->lock);
	return 0;
}

static long kiln_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct kiln *kiln = container_of(vdev, struct kiln, vdev);
	struct kiln_order order;

	if (copy_from_user(&order, (void __user *)arg, sizeof(order)))
		return -EFAULT;
	if (order.argsz < sizeof(order) || kiln_turn(kiln, order.turns))
		return -EINVAL;
	kiln_cool(kiln, order.turns);
	return kiln_fire(kiln, order.pots);
}

static const struct vfio_device_ops kiln_ops = { .name = "kiln", .ioctl = kiln_ioctl };
