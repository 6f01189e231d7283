// SPDX-License-Identifier: GPL-2.0-only
/* What it passes over is set before. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct muster_entry {
	__u32 id;
	__u32 state;
};

struct muster {
	struct vfio_device vdev;
	struct muster_entry entries[8];
};

static long muster_call(struct muster *muster, void __user *to)
{
	struct muster_entry out[8] = {};
	u32 i;

	for (i = 0; i < 8; i++) {
		if (!muster->entries[i].id)
			continue;
		out[i].id = muster->entries[i].id;
		out[i].state = muster->entries[i].state;
	}
	return copy_to_user(to, out, sizeof(out)) ? -EFAULT : 0;
}
