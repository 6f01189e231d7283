// SPDX-License-Identifier: GPL-2.0-only
/* What was put into an object stays there on an error: the caller ends the object as a whole. */
#include <linux/slab.h>

struct quilt {
	u32 *patches;
	u32 nr;
};

void quilt_destroy(struct quilt *quilt);

static int quilt_cut(struct quilt *quilt, u32 nr)
{
	quilt->patches = kcalloc(nr, sizeof(*quilt->patches), GFP_KERNEL);
	if (!quilt->patches)
		return -ENOMEM;
	if (nr & 1) {
		kfree(quilt->patches);
		quilt->patches = NULL;
		return -EINVAL;
	}
	if (nr > 64)
		return -ERANGE;
	return 0;
}

int quilt_make(struct quilt *quilt, u32 nr)
{
	int ret = quilt_cut(quilt, nr);

	if (ret)
		quilt_destroy(quilt);
	return ret;
}
