// SPDX-License-Identifier: GPL-2.0-only
/* Each at its time; what runs at both is nobody's mistake here. */
#include <mdk/mdk.h>

struct fife {
	struct mdk_work *breath;
	u32 *notes, *keys;
};

void fife_blow(struct mdk_dev *dev, struct mdk_work *work);
void fife_drop(struct mdk_dev *dev, void *data);

static int fife_init(struct mdk_dev *dev)
{
	struct fife *fife = mdk_state(dev);

	fife->breath = mdk_work_create(dev, fife_blow);
	if (!fife->breath)
		return -ENOMEM;
	fife->keys = mdk_zalloc(dev, MDK_UNTIL_REMOVE, 64);
	return fife->keys ? 0 : -ENOMEM;
}

static int fife_notes(struct mdk_dev *dev, enum mdk_scope until)
{
	struct fife *fife = mdk_state(dev);

	fife->notes = mdk_zalloc(dev, until, 64);
	return fife->notes ? 0 : -ENOMEM;
}

static int fife_open(struct mdk_dev *dev)
{
	int ret = mdk_action(dev, MDK_UNTIL_CLOSE, fife_drop, mdk_state(dev));

	return ret ? ret : fife_notes(dev, MDK_UNTIL_CLOSE);
}

static const struct mdk_ops fife_ops = {
	.init = fife_init,
	.open = fife_open,
};
