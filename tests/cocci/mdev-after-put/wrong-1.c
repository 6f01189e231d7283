// SPDX-License-Identifier: GPL-2.0-only
/* Used, given back again, or left where it was. */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

#define FREE_BUF(x) kfree(x)

struct part {
	struct vfio_device vdev;
	void *table;
	u32 *words;
	struct eventfd_ctx *lines[3];
	struct eventfd_ctx *error;
};

static void words_free(struct part *part)
{
	kfree(part->words);
}

/* Two levels away, and read afterwards. */
static void words_drop(struct part *part)
{
	words_free(part);
}

static u32 part_sum(struct part *part)
{
	words_drop(part);
	return part->words[0]; /* finds: mdev-after-put */
}

/* Freed by a macro, and again at the label. */
static int part_fill(struct part *part, u32 bytes)
{
	u32 *words = kcalloc(bytes, sizeof(*words), GFP_KERNEL);
	int ret = -EINVAL;

	if (!words)
		return -ENOMEM;
	if (bytes > 8) {
		FREE_BUF(words);
		goto out;
	}
	memcpy(part->words, words, bytes);
	ret = 0;
out:
	kfree(words); /* finds: mdev-after-put */
	return ret;
}

/* The old one is gone, the new one is not there. */
static int part_replace(struct part *part, const void *from, u32 bytes)
{
	void *fresh;

	kvfree(part->table); /* finds: mdev-after-put */
	fresh = kmemdup(from, bytes, GFP_KERNEL);
	if (!fresh)
		return -ENOMEM;
	part->table = fresh;
	return 0;
}

static void slot_drop(struct eventfd_ctx **slot)
{
	if (*slot)
		eventfd_ctx_put(*slot); /* finds: mdev-after-put */
}

static int slot_listen(struct eventfd_ctx **slot, int fd)
{
	struct eventfd_ctx *ctx;

	slot_drop(slot);
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	*slot = ctx;
	return 0;
}

static int part_listen(struct part *part, u32 nr, int fd)
{
	return slot_listen(&part->lines[nr], fd);
}
