// SPDX-License-Identifier: GPL-2.0-only
/* Elements of an array, filled by their number or through another pointer. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct lane {
	struct vfio_device vdev;
	u32 depth[8];
};

struct lane_row {
	__u32 lane;
	__u32 depth;
};

struct lane_cell {
	struct lane_row row;
	__u32 at;
};

static u32 lane_collect(struct lane *lane, struct lane_row *to, u32 room)
{
	u32 nr = 0;

	while (nr < room && nr < 8) {
		to[nr].lane = nr;
		to[nr].depth = lane->depth[nr];
		nr++;
	}
	return nr;
}

static long lane_get(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_row *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	room = lane_collect(lane, rows, room);
	if (copy_to_user(arg, rows, room * sizeof(*rows)))
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

/* One element at a time, by its address. */
static long lane_get_each(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_row *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	for (u32 i = 0; i < room; i++) {
		struct lane_row *row = &rows[i];

		row->lane = i;
		row->depth = lane->depth[i];
	}
	if (copy_to_user(arg, rows, room * sizeof(*rows)))
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

static void lane_fill(struct lane *lane, struct lane_row *rows, u32 room)
{
	struct lane_row *row = rows + room;

	while (row-- > rows) {
		row->lane = row - rows;
		row->depth = lane->depth[row - rows];
	}
}

static long lane_get_down(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_row *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	lane_fill(lane, rows, room);
	if (copy_to_user(arg, rows, room * sizeof(*rows)))
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

/* An element as a whole, and a struct through a pointer to it. */
static long lane_get_whole(struct lane *lane, void __user *arg, u32 room)
{
	struct lane_row *rows = kmalloc(room * sizeof(*rows), GFP_KERNEL);
	long ret = 0;

	if (!rows)
		return -ENOMEM;
	for (u32 i = 0; i < room; i++)
		rows[i] = (struct lane_row){ .lane = i };
	if (copy_to_user(arg, rows, room * sizeof(*rows)))
		ret = -EFAULT;
	kfree(rows);
	return ret;
}

static long lane_get_cell(struct lane *lane, void __user *arg)
{
	struct lane_row *row;
	struct lane_cell cell;
	struct lane_cell *to = &cell;

	row = &cell.row;
	row->lane = 1;
	row->depth = lane->depth[1];
	to->at = 2;
	return copy_to_user(arg, &cell, sizeof(cell)) ? -EFAULT : 0;
}
