// SPDX-License-Identifier: GPL-2.0-only
/* A store frees what callbacks follow: through a local, a helper, a pointer into the state. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct curve {
	u32 *points, *names;
	struct curve_set {
		u32 *steps;
	} set;
	u32 count;
};

static u32 curve_point(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct curve *curve = mdk_state(dev);

	return curve->points[0] + curve->names[0] + curve->set.steps[0];
}

static int curve_points_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct curve *curve = mdk_state(dev);
	u32 *points = kcalloc(16, sizeof(*points), GFP_KERNEL), *old;

	if (!points)
		return -ENOMEM;
	old = curve->points;
	curve->points = points; /* finds: mdk-worker-lock */
	kfree(old);
	return 0;
}

static void curve_drop(struct curve *curve)
{
	kfree(curve->names);
	curve->names = NULL;
}

static int curve_names_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct curve *curve = mdk_state(dev);
	u32 *names = kmemdup(text, size, GFP_KERNEL);

	if (!names)
		return -ENOMEM;
	curve_drop(curve); /* finds: mdk-worker-lock */
	curve->names = names;
	return 0;
}

static int curve_steps_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct curve *curve = mdk_state(dev);
	struct curve_set *set = &curve->set;

	kfree(set->steps); /* finds: mdk-worker-lock */
	set->steps = NULL;
	return 0;
}

static const struct mdk_attr curve_attrs[] = {
	{ .group = "curve", .name = "points", .store = curve_points_store },
	{ .group = "curve", .name = "names", .store = curve_names_store },
	{ .group = "curve", .name = "steps", .store = curve_steps_store },
};
