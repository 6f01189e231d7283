// SPDX-License-Identifier: GPL-2.0-only
/* Elements of an array of which nobody sets all members. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct lane {
	struct vfio_device vdev;
	u32 depth[8];
};

struct lane_line {
	__u32 lane;
	__u32 depth;
	__u32 spare;
	__u32 mark;
};

static void lane_collect(struct lane *lane, struct lane_line *to, u32 room)
{
	for (u32 nr = 0; nr < room; nr++) {
		to[nr].lane = nr;
		to[nr].depth = lane->depth[nr];
		to[nr].mark = 0;
	}
}

static long lane_get(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_line *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	lane_collect(lane, rows, room);
	if (copy_to_user(arg, rows, room * sizeof(*rows))) /* finds: mdev-stack-bytes */
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

static long lane_get_each(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_line *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	for (u32 i = 0; i < room; i++) {
		struct lane_line *row = &rows[i];

		row->lane = i;
		row->depth = lane->depth[i];
	}
	if (copy_to_user(arg, rows, room * sizeof(*rows))) /* finds: mdev-stack-bytes */
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

/* Through a pointer to one on the stack. */
static long lane_get_one(struct lane *lane, void __user *arg)
{
	struct lane_line row, *to = &row;

	to->lane = 0;
	to->depth = lane->depth[0];
	to->spare = 0;
	return copy_to_user(arg, &row, sizeof(row)) ? -EFAULT : 0; /* finds: mdev-stack-bytes */
}
