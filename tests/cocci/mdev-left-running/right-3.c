// SPDX-License-Identifier: GPL-2.0-only
/* An init stops what it started, or starts it last; a reset or the end gives pins back. */
#include <mdk/device.h>

struct stove_state {
	struct timer_list ember;
	struct mdk_work *draught;
	struct mdk_pinned *pot, *pan;
};

static void stove_ember(struct timer_list *timer)
{
}

static void stove_draught(struct mdk_dev *dev)
{
}

static int stove_init(struct mdk_dev *dev)
{
	struct stove_state *state = mdk_state(dev);

	timer_setup(&state->ember, stove_ember, 0);
	mod_timer(&state->ember, jiffies + HZ);
	state->draught = mdk_work_create(dev, stove_draught);
	if (!state->draught) {
		timer_delete_sync(&state->ember);
		return -ENOMEM;
	}
	return 0;
}

static void stove_fini(struct mdk_dev *dev)
{
	struct stove_state *state = mdk_state(dev);

	timer_delete_sync(&state->ember);
	mdk_unpin(state->pan);
}

static void stove_clear(struct stove_state *state)
{
	mdk_unpin(state->pot);
	state->pot = NULL;
}

static void stove_pot(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct stove_state *state = mdk_state(dev);
	struct mdk_pinned *pot;

	stove_clear(state);
	pot = mdk_pin(dev, value, 4096, MDK_TO_DEVICE);
	if (!IS_ERR(pot))
		state->pot = pot;
}

static void stove_pan(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct stove_state *state = mdk_state(dev);
	struct mdk_pinned *pan = mdk_pin(dev, value, 4096, MDK_TO_DEVICE);

	if (IS_ERR(pan))
		return;
	mdk_unpin(state->pan);
	state->pan = pan;
}

static void stove_reset(struct mdk_dev *dev)
{
	struct stove_state *state = mdk_state(dev);

	stove_clear(state);
}

static const struct mdk_ops stove_ops = {
	.init = stove_init, .fini = stove_fini, .reset = stove_reset,
};
static const struct mdk_reg stove_regs[] = {
	MDK_REG_RW(0, "POT", 0, GENMASK(31, 12), .written = stove_pot),
	MDK_REG_RW(0, "PAN", 4, GENMASK(31, 12), .written = stove_pan),
};

struct hearth {
	struct vfio_device vdev;
	struct delayed_work flame;
};

static void hearth_flame(struct work_struct *work)
{
}

static int hearth_probe(struct mdev_device *mdev)
{
	struct hearth *hearth = vfio_alloc_device(hearth, vdev, &mdev->dev, NULL);

	if (IS_ERR(hearth))
		return PTR_ERR(hearth);
	INIT_DELAYED_WORK(&hearth->flame, hearth_flame);
	if (vfio_register_emulated_iommu_dev(&hearth->vdev)) {
		vfio_put_device(&hearth->vdev);
		return -ENODEV;
	}
	schedule_delayed_work(&hearth->flame, HZ);
	return 0;
}

static void hearth_remove(struct mdev_device *mdev)
{
	struct hearth *hearth = dev_get_drvdata(&mdev->dev);

	cancel_delayed_work_sync(&hearth->flame);
	vfio_unregister_group_dev(&hearth->vdev);
	vfio_put_device(&hearth->vdev);
}

static struct mdev_driver hearth_driver = {
	.driver = { .owner = THIS_MODULE }, .probe = hearth_probe, .remove = hearth_remove,
};
