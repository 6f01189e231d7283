// SPDX-License-Identifier: GPL-2.0-only
/* Each at a time that is not its own, two of them in a helper. */
#include <mdk/mdk.h>

struct flute {
	struct mdk_work *breath;
	u32 *notes;
};

void flute_blow(struct mdk_dev *dev, struct mdk_work *work);
void flute_drop(struct mdk_dev *dev, void *data);

static int flute_notes(struct mdk_dev *dev, struct flute *flute)
{
	flute->notes = mdk_zalloc(dev, MDK_UNTIL_CLOSE, 64); /* finds: mdk-lifetime */
	return flute->notes ? 0 : -ENOMEM;
}

static int flute_init(struct mdk_dev *dev)
{
	return flute_notes(dev, mdk_state(dev));
}

static int flute_open(struct mdk_dev *dev)
{
	struct flute *flute = mdk_state(dev);
	int ret;

	flute->breath = mdk_work_create(dev, flute_blow); /* finds: mdk-lifetime */
	if (!flute->breath)
		return -ENOMEM;
	ret = mdk_action(dev, MDK_UNTIL_REMOVE, flute_drop, flute); /* finds: mdk-lifetime */
	return ret;
}

static const struct mdk_ops flute_ops = {
	.init = flute_init,
	.open = flute_open,
};
