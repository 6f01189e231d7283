// SPDX-License-Identifier: GPL-2.0-only
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

enum oq_counter { OQ_RX, OQ_TX, OQ_DROP, OQ_ERR, OQ_NR };

struct oq_query {
	__u32 argsz;
	__u32 which;
	__u64 value;
};

#define OQ_QUERY _IOWR(VFIO_TYPE, VFIO_BASE + 55, struct oq_query)

struct oq_dev {
	struct vfio_device vdev;
	u64 counters[OQ_NR];
};

static bool oq_valid(u32 which)
{
	return which <= OQ_NR; /* finds: bounds */
}

static long oq_query(struct oq_dev *oq, void __user *arg)
{
	struct oq_query query;

	if (copy_from_user(&query, arg, sizeof(query)))
		return -EFAULT;
	if (query.argsz < sizeof(query) || !oq_valid(query.which))
		return -EINVAL;
	query.value = oq->counters[array_index_nospec(query.which, OQ_NR + 1)]; /* finds: bounds */
	return copy_to_user(arg, &query, sizeof(query)) ? -EFAULT : 0;
}

static long oq_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct oq_dev *oq = container_of(vdev, struct oq_dev, vdev);

	return cmd == OQ_QUERY ? oq_query(oq, (void __user *)arg) : -ENOTTY;
}

static const struct vfio_device_ops oq_ops = { .ioctl = oq_ioctl, .name = "oq" };
