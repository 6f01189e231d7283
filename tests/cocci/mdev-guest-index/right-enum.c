// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

enum oqr_counter { OQR_RX, OQR_TX, OQR_DROP, OQR_ERR, OQR_NR };

struct oqr_query {
	__u32 argsz;
	__u32 which;
	__u64 value;
};

#define OQR_QUERY _IOWR(VFIO_TYPE, VFIO_BASE + 55, struct oqr_query)

struct oqr_dev {
	struct vfio_device vdev;
	u64 counters[OQR_NR];
};

static bool oqr_valid(u32 which)
{
	return which < OQR_NR;
}

static long oqr_query(struct oqr_dev *oq, void __user *arg)
{
	struct oqr_query query;

	if (copy_from_user(&query, arg, sizeof(query)))
		return -EFAULT;
	if (query.argsz < sizeof(query) || !oqr_valid(query.which))
		return -EINVAL;
	query.value = oq->counters[array_index_nospec(query.which, OQR_NR)];
	return copy_to_user(arg, &query, sizeof(query)) ? -EFAULT : 0;
}

static long oqr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct oqr_dev *oq = container_of(vdev, struct oqr_dev, vdev);

	return cmd == OQR_QUERY ? oqr_query(oq, (void __user *)arg) : -ENOTTY;
}

static const struct vfio_device_ops oqr_ops = { .ioctl = oqr_ioctl, .name = "oq" };
