// SPDX-License-Identifier: GPL-2.0-only
/* Under the lock, or of no interest to callbacks. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct slope {
	u32 *marks, *notes;
};

static u32 slope_mark(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct slope *slope = mdk_state(dev);

	return slope->marks[0];
}

static int slope_marks_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct slope *slope = mdk_state(dev);
	u32 *marks = kcalloc(16, sizeof(*marks), GFP_KERNEL), *old;

	if (!marks)
		return -ENOMEM;
	mdk_lock(dev);
	old = slope->marks;
	slope->marks = marks;
	mdk_unlock(dev);
	kfree(old);
	return 0;
}

static int slope_notes_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct slope *slope = mdk_state(dev);

	kfree(slope->notes);
	slope->notes = kmemdup(text, size, GFP_KERNEL);
	return slope->notes ? 0 : -ENOMEM;
}

static const struct mdk_attr slope_attrs[] = {
	{ .group = "slope", .name = "marks", .store = slope_marks_store },
	{ .group = "slope", .name = "notes", .store = slope_notes_store },
};
