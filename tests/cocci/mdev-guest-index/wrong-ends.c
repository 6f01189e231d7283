// SPDX-License-Identifier: GPL-2.0-only
/* The first and the count are compared, and where the last one is nobody asks. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define HATSTAND_PEGS 8

struct hatstand_set {
	__u32 argsz;
	__u32 first;
	__u32 count;
};

struct hatstand {
	struct vfio_device vdev;
	u32 pegs[HATSTAND_PEGS];
};

static int hatstand_hang(struct hatstand *hatstand, u32 first, u32 count)
{
	u32 i;

	if (first >= HATSTAND_PEGS || count > HATSTAND_PEGS)
		return -EINVAL;
	for (i = first; i < first + count; i++)
		hatstand->pegs[i]++; /* finds: mdev-guest-index */
	return 0;
}

static long hatstand_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct hatstand *hatstand = container_of(vdev, struct hatstand, vdev);
	struct hatstand_set set;

	if (copy_from_user(&set, (void __user *)arg, sizeof(set)))
		return -EFAULT;
	if (set.argsz < sizeof(set))
		return -EINVAL;
	return hatstand_hang(hatstand, set.first, set.count);
}

static const struct vfio_device_ops hatstand_ops = { .name = "hatstand", .ioctl = hatstand_ioctl };
