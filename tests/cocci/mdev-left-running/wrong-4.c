// SPDX-License-Identifier: GPL-2.0-only
/* An init that fails behind the start of a timer; a pin that no reset and no end gives back. */
#include <mdk/device.h>

struct oven_state {
	struct timer_list glow;
	struct work_struct bake;
	struct mdk_work *fan;
	struct mdk_pinned *tray;
};

static void oven_glow(struct timer_list *timer)
{
}

static void oven_bake(struct work_struct *work)
{
}

static void oven_fan(struct mdk_dev *dev)
{
}

static int oven_init(struct mdk_dev *dev)
{
	struct oven_state *state = mdk_state(dev);

	INIT_WORK(&state->bake, oven_bake);
	timer_setup(&state->glow, oven_glow, 0);
	mod_timer(&state->glow, jiffies + HZ);
	state->fan = mdk_work_create(dev, oven_fan);
	if (!state->fan)
		return -ENOMEM; /* finds: mdev-left-running */
	return 0;
}

static void oven_fini(struct mdk_dev *dev)
{
	struct oven_state *state = mdk_state(dev);

	timer_delete_sync(&state->glow);
	cancel_work_sync(&state->bake);
}

static void oven_clear(struct oven_state *state)
{
	mdk_unpin(state->tray);
	state->tray = NULL;
}

static void oven_tray(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct oven_state *state = mdk_state(dev);
	struct mdk_pinned *tray;

	oven_clear(state);
	tray = mdk_pin(dev, value, 4096, MDK_TO_DEVICE);
	if (!IS_ERR(tray))
		state->tray = tray;
}

static void oven_reset(struct mdk_dev *dev) /* finds: mdev-left-running */
{
	struct oven_state *state = mdk_state(dev);

	timer_delete_sync(&state->glow);
}

static const struct mdk_ops oven_ops = {
	.init = oven_init, .fini = oven_fini, .reset = oven_reset,
};
static const struct mdk_reg oven_regs[] = {
	MDK_REG_RW(0, "TRAY", 0, GENMASK(31, 12), .written = oven_tray),
};

struct kiln {
	struct vfio_device vdev;
	struct delayed_work fire;
};

static void kiln_fire(struct work_struct *work)
{
}

static int kiln_probe(struct mdev_device *mdev)
{
	struct kiln *kiln = vfio_alloc_device(kiln, vdev, &mdev->dev, NULL);

	if (IS_ERR(kiln))
		return PTR_ERR(kiln);
	INIT_DELAYED_WORK(&kiln->fire, kiln_fire);
	schedule_delayed_work(&kiln->fire, HZ);
	if (vfio_register_emulated_iommu_dev(&kiln->vdev)) {
		vfio_put_device(&kiln->vdev);
		return -ENODEV; /* finds: mdev-left-running */
	}
	return 0;
}

static void kiln_remove(struct mdev_device *mdev)
{
	struct kiln *kiln = dev_get_drvdata(&mdev->dev);

	cancel_delayed_work_sync(&kiln->fire);
	vfio_unregister_group_dev(&kiln->vdev);
	vfio_put_device(&kiln->vdev);
}

static struct mdev_driver kiln_driver = {
	.driver = { .owner = THIS_MODULE }, .probe = kiln_probe, .remove = kiln_remove,
};

struct grill_state {
	struct mdk_pinned *rack;
	u32 heat;
};

static void grill_rack(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct grill_state *state = mdk_state(dev);

	mdk_unpin(state->rack);
	state->rack = NULL;
	if (!value)
		return;
	state->rack = mdk_pin(dev, value, 64, MDK_FROM_DEVICE);
	if (IS_ERR(state->rack))
		state->rack = NULL;
}

static void grill_reset(struct mdk_dev *dev) /* finds: mdev-left-running */
{
	struct grill_state *state = mdk_state(dev);

	state->heat = 0;
}

static const struct mdk_ops grill_ops = { .reset = grill_reset };
static const struct mdk_reg grill_regs[] = {
	MDK_REG_RW(0, "RACK", 0, GENMASK(31, 0), .written = grill_rack),
};
