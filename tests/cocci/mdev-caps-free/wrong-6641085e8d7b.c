// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reconstruction of the shape, in our own words: who adds a capability frees the chain when it
 * cannot grow, and leaves it to the caller, who frees it once more.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/vfio.h>

static void *chain_grow(struct vfio_info_cap *caps, size_t size)
{
	void *buf = krealloc(caps->buf, caps->size + size, GFP_KERNEL);

	if (!buf) {
		kfree(caps->buf); /* finds: mdev-caps-free */
		return ERR_PTR(-ENOMEM);
	}
	caps->buf = buf;
	buf += caps->size;
	caps->size += size;
	return buf;
}

static int chain_add(struct vfio_info_cap *caps, const void *cap, size_t size)
{
	void *to = chain_grow(caps, size);

	if (IS_ERR(to))
		return PTR_ERR(to);
	memcpy(to, cap, size);
	return 0;
}
