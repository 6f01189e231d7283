// SPDX-License-Identifier: GPL-2.0-only
static int my_init(struct mdk_dev *dev)
{
	struct my_state *my = mdk_state(dev);

	my->work = mdk_work_create(dev, my_work);
	return my->work ? 0 : -ENOMEM;
}

static const struct mdk_ops my_ops = { .init = my_init };
