// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define HV_MAX_RULES 128

struct hv_rule {
	__u32 match;
	__u32 action;
};

struct hv_rules {
	__u32 argsz;
	__u32 nr;
	struct hv_rule rules[];
};

#define HV_SET_RULES _IOW(VFIO_TYPE, VFIO_BASE + 33, struct hv_rules)

struct hv_filter {
	struct vfio_device vdev;
	struct mutex lock;
	struct hv_rule table[HV_MAX_RULES];
	u32 nr;
};

static struct hv_rules *hv_fetch(struct hv_rules __user *from)
{
	struct hv_rules *set;
	size_t bytes;
	u32 nr;

	if (get_user(nr, &from->nr))
		return ERR_PTR(-EFAULT);
	if (nr > HV_MAX_RULES)
		return ERR_PTR(-E2BIG);
	bytes = struct_size(set, rules, nr);
	set = memdup_user(from, bytes);
	if (IS_ERR(set))
		return set;
	if (set->nr != nr || set->argsz < bytes) {
		kfree(set);
		return ERR_PTR(-EINVAL);
	}
	return set;
}

static void hv_install(struct hv_filter *filter, const struct hv_rules *set)
{
	u32 i;

	mutex_lock(&filter->lock);
	for (i = 0; i < set->nr; i++)
		filter->table[i] = set->rules[i];
	filter->nr = set->nr;
	mutex_unlock(&filter->lock);
}

static long hv_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct hv_filter *filter = container_of(vdev, struct hv_filter, vdev);
	struct hv_rules *set;

	if (cmd != HV_SET_RULES)
		return -ENOTTY;
	set = hv_fetch((struct hv_rules __user *)arg);
	if (IS_ERR(set))
		return PTR_ERR(set);
	hv_install(filter, set);
	kfree(set);
	return 0;
}

static void hv_close(struct vfio_device *vdev)
{
	struct hv_filter *filter = container_of(vdev, struct hv_filter, vdev);

	mutex_lock(&filter->lock);
	filter->nr = 0;
	mutex_unlock(&filter->lock);
}

static const struct vfio_device_ops hv_ops = {
	.name = "hv-filter",
	.close_device = hv_close,
	.ioctl = hv_ioctl,
};
