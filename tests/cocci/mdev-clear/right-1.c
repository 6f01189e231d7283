// SPDX-License-Identifier: GPL-2.0-only
/* All of an array, what a pointer points to, one element, bytes whose count is their size. */
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

#define TINS 16

struct tin {
	u32 beans, price;
};

struct larder {
	struct vfio_device vdev;
	struct tin tins[TINS];
	u8 labels[TINS];
	u8 *shelf;
	size_t shelf_size;
	struct tin *best;
};

static void larder_wipe(void *at, u8 with, size_t bytes)
{
	memset(at, with, bytes);
}

static void larder_close(struct vfio_device *vdev)
{
	struct larder *larder = container_of(vdev, struct larder, vdev);

	memset(larder->tins, 0, sizeof(larder->tins));
	memset(&larder->tins[3], 0, sizeof(*larder->tins));
	memset(larder->labels, 0, ARRAY_SIZE(larder->labels));
	memset(larder->shelf, 0, larder->shelf_size);
	larder_wipe(larder->tins, 0, sizeof(larder->tins));
	larder_wipe(larder->labels, 0xff, TINS);
}

static int larder_show(struct larder *larder, void __user *to)
{
	struct tin *first = larder->tins;

	return copy_to_user(to, first, sizeof(*first)) ? -EFAULT : 0;
}

static void larder_choose(struct larder *larder, struct tin *tin)
{
	memcpy(&larder->best, &tin, sizeof(tin));
}
