// SPDX-License-Identifier: GPL-2.0-only
/* Answers that are longer than what was filled. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define RAIL_CARS 32

struct rail_car {
	__u32 nr;
	__u32 load;
};

struct rail {
	struct vfio_device vdev;
	u32 loads[RAIL_CARS];
	u8 log[4096];
	u32 logged;
};

static u32 rail_collect(struct rail *rail, struct rail_car *to, u32 room)
{
	u32 nr, used = 0;

	for (nr = 0; nr < RAIL_CARS && used < room; nr++) {
		if (!rail->loads[nr])
			continue;
		to[used].nr = nr;
		to[used].load = rail->loads[nr];
		used++;
	}
	return used;
}

static long rail_get(struct rail *rail, void __user *arg, u32 room)
{
	struct rail_car *cars = kmalloc_array(room, sizeof(*cars), GFP_KERNEL);
	long ret;

	if (!cars)
		return -ENOMEM;
	ret = rail_collect(rail, cars, room);
	if (copy_to_user(arg, cars, room * sizeof(*cars))) /* finds: mdev-stack-bytes */
		ret = -EFAULT;
	kfree(cars);
	return ret;
}

/* On the stack, and in the function itself. */
static long rail_loaded(struct rail *rail, void __user *arg)
{
	struct rail_car cars[RAIL_CARS];
	u32 nr, used = 0;

	for (nr = 0; nr < RAIL_CARS; nr++) {
		if (rail->loads[nr]) {
			cars[used].nr = nr;
			cars[used++].load = rail->loads[nr];
		}
	}
	if (copy_to_user(arg, cars, sizeof(cars))) /* finds: mdev-stack-bytes */
		return -EFAULT;
	return used;
}

/* Text that is shorter than its buffer. */
static long rail_name(struct rail *rail, char __user *arg)
{
	char name[64];

	snprintf(name, sizeof(name), "rail with %u cars", rail->loads[0]);
	if (copy_to_user(arg, name, sizeof(name))) /* finds: mdev-stack-bytes */
		return -EFAULT;
	return 0;
}

/* A copy that was cut. */
static long rail_log(struct rail *rail, char __user *arg, size_t count)
{
	size_t there;
	u8 *copy;
	long ret = 0;

	copy = kvmalloc(count, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	there = min_t(size_t, count, rail->logged);
	memcpy(copy, rail->log, there);
	if (copy_to_user(arg, copy, count)) /* finds: mdev-stack-bytes */
		ret = -EFAULT;
	kvfree(copy);
	return ret;
}
