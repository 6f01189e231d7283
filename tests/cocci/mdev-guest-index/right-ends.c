// SPDX-License-Identifier: GPL-2.0-only
/* The count is compared with what is left. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define CLOAKROOM_PEGS 8

struct cloakroom_set {
	__u32 argsz;
	__u32 first;
	__u32 count;
};

struct cloakroom {
	struct vfio_device vdev;
	u32 pegs[CLOAKROOM_PEGS];
};

static int cloakroom_hang(struct cloakroom *cloakroom, u32 first, u32 count)
{
	u32 i;

	if (first >= CLOAKROOM_PEGS || count > CLOAKROOM_PEGS - first)
		return -EINVAL;
	for (i = first; i < first + count; i++)
		cloakroom->pegs[i]++;
	return 0;
}

static long cloakroom_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct cloakroom *cloakroom = container_of(vdev, struct cloakroom, vdev);
	struct cloakroom_set set;

	if (copy_from_user(&set, (void __user *)arg, sizeof(set)))
		return -EFAULT;
	if (set.argsz < sizeof(set))
		return -EINVAL;
	return cloakroom_hang(cloakroom, set.first, set.count);
}

static const struct vfio_device_ops cloakroom_ops = { .name = "cloakroom", .ioctl = cloakroom_ioctl };
