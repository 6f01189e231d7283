// SPDX-License-Identifier: GPL-2.0-only
/* Sizes of one element, of a pointer, of a count, and arguments the wrong way round. */
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

#define JARS 16

struct jar {
	u32 sweets, price;
};

struct counter {
	struct vfio_device vdev;
	struct jar jars[JARS];
	u32 sold[JARS];
	u8 *till;
	size_t till_size;
};

static void counter_wipe(void *at, u8 with, size_t bytes)
{
	memset(at, with, bytes);
}

static void counter_close(struct vfio_device *vdev)
{
	struct counter *counter = container_of(vdev, struct counter, vdev);

	memset(counter->jars, 0, sizeof(counter->jars[0]));
	memset(counter->jars, 0, sizeof(*counter->jars)); /* finds: mdev-clear */
	memset(counter->sold, 0, ARRAY_SIZE(counter->sold)); /* finds: mdev-clear */
	memset(counter->till, 0, sizeof(counter->till)); /* finds: mdev-clear */
	memset(counter->till, counter->till_size, 0); /* finds: mdev-clear */
	counter_wipe(counter->sold, sizeof(counter->sold), 0); /* finds: mdev-clear */
}

static int counter_show(struct counter *counter, void __user *to)
{
	struct jar *first = counter->jars;

	return copy_to_user(to, first, sizeof(first)) ? -EFAULT : 0; /* finds: mdev-clear */
}
