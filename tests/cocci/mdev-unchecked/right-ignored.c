// SPDX-License-Identifier: GPL-2.0-only
/* It was asked, or there was something in it before, or nobody uses it. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct basket {
	struct vfio_device vdev;
	u32 kind, weight;
};

struct basket_label {
	u32 kind, weight;
};

static int basket_kind(struct basket *basket, const void __user *from)
{
	u32 kind;

	if (copy_from_user(&kind, from, sizeof(kind)))
		return -EFAULT;
	basket->kind = kind;
	return 0;
}

static void basket_fetch(struct basket *basket, dma_addr_t at)
{
	struct basket_label label = {};

	vfio_dma_rw(&basket->vdev, at, &label, sizeof(label), false);
	basket->kind = label.kind;
}

static void basket_touch(const u32 __user *from)
{
	u32 weight;

	get_user(weight, from);
}
