// SPDX-License-Identifier: GPL-2.0-only
/* Nobody has asked whether it was copied. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct crate {
	struct vfio_device vdev;
	u32 kind, weight;
};

struct crate_label {
	u32 kind, weight;
};

static void crate_kind(struct crate *crate, const void __user *from)
{
	u32 kind;

	copy_from_user(&kind, from, sizeof(kind));
	crate->kind = kind; /* finds: mdev-unchecked */
}

static int crate_fetch(struct crate *crate, dma_addr_t at)
{
	struct crate_label label;

	vfio_dma_rw(&crate->vdev, at, &label, sizeof(label), false);
	if (label.kind > 7) /* finds: mdev-unchecked */
		return -EINVAL;
	crate->kind = label.kind;
	return 0;
}

static void crate_weigh(struct crate *crate, const u32 __user *from)
{
	u32 weight;

	get_user(weight, from);
	crate->weight += weight; /* finds: mdev-unchecked */
}
