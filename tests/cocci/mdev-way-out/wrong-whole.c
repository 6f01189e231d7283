// SPDX-License-Identifier: GPL-2.0-only
/* Nobody ends the object after an error: what was put into it is lost; and a try that is turned. */
#include <linux/rwsem.h>
#include <linux/slab.h>

struct quilt {
	struct rw_semaphore frame;
	u32 *patches;
	u32 nr;
};

void quilt_show(struct quilt *quilt);

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
		return -ERANGE; /* finds: mdev-way-out */
	return 0;
}

int quilt_make(struct quilt *quilt, u32 nr)
{
	int ret = quilt_cut(quilt, nr);

	if (ret)
		quilt_show(quilt);
	return ret;
}

int quilt_stretch(struct quilt *quilt)
{
	if (down_write_trylock(&quilt->frame) == 0)
		return -EBUSY;
	if (!quilt->nr)
		return -EINVAL; /* finds: mdev-way-out */
	up_write(&quilt->frame);
	return 0;
}
