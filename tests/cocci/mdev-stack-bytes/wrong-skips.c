// SPDX-License-Identifier: GPL-2.0-only
/* The loop goes on past elements that it has not set. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct roll_entry {
	__u32 id;
	__u32 state;
};

struct roll {
	struct vfio_device vdev;
	struct roll_entry entries[8];
};

static long roll_call(struct roll *roll, void __user *to)
{
	struct roll_entry out[8];
	u32 i;

	for (i = 0; i < 8; i++) {
		if (!roll->entries[i].id)
			continue;
		out[i].id = roll->entries[i].id;
		out[i].state = roll->entries[i].state;
	}
	return copy_to_user(to, out, sizeof(out)) ? -EFAULT : 0; /* finds: mdev-stack-bytes */
}
