// SPDX-License-Identifier: GPL-2.0-only
/* A size in 16 bits, and a loop as long as a guest says, below a lock. */
#include <linux/slab.h>
#include <linux/vfio.h>

struct forge_order {
	__u32 argsz;
	__u32 bars;
	__u32 blows;
};

struct forge {
	struct vfio_device vdev;
	struct mutex lock;
	u64 *bars;
	u32 blows;
};

static int forge_heat(struct forge *forge, u32 bars)
{
	u16 bytes = bars * sizeof(*forge->bars);

	if (!bars || bars > SZ_16K)
		return -EINVAL;
	forge->bars = kzalloc(bytes, GFP_KERNEL); /* finds: mdev-guest-sum */
	return forge->bars ? 0 : -ENOMEM;
}

static void forge_hammer(struct forge *forge, u32 blows)
{
	u32 i;

	mutex_lock(&forge->lock);
	for (i = 0; i < blows; i++) /* finds: mdev-guest-sum */
		forge->blows ^= i;
	mutex_unlock(&forge->lock);
}

static long forge_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct forge *forge = container_of(vdev, struct forge, vdev);
	struct forge_order order;

	if (copy_from_user(&order, (void __user *)arg, sizeof(order)))
		return -EFAULT;
	if (order.argsz < sizeof(order))
		return -EINVAL;
	forge_hammer(forge, order.blows);
	return forge_heat(forge, order.bars);
}

static const struct vfio_device_ops forge_ops = { .name = "forge", .ioctl = forge_ioctl };
