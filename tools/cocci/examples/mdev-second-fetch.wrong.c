// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct my_rules {
	__u32 argsz;
	__u32 count;
};

static u32 my_set_rules(struct vfio_device *vdev, struct my_rules __user *from)
{
	struct my_rules rules;
	u32 count;

	if (get_user(count, &from->count) || count > 64)
		return 0;
	if (copy_from_user(&rules, from, sizeof(rules)))
		return 0;
	return rules.count;
}
