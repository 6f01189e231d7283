// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/migration.md: a table of what is saved, and what checks it. */
#include <mdk/mdk.h>

#define MYMIG_MODES 3
#define MYMIG_PALETTE 2
#define MYMIG_FRAME SZ_4M

struct mymig_state {
	u32 colors[16];
	u8 mode;
	u8 speed;
	struct mdk_work *retry;
	u8 *pixels;
};

static int mymig_frame_save(struct mdk_dev *dev, u64 offset, void *buf, size_t len)
{
	struct mymig_state *state = mdk_state(dev);

	memcpy(buf, state->pixels + offset, len);
	return 0;
}

static int mymig_frame_load(struct mdk_dev *dev, u64 offset, const void *buf, size_t len, u64 total)
{
	struct mymig_state *state = mdk_state(dev);

	if (total)
		memcpy(state->pixels + offset, buf, len);
	else
		memset(state->pixels, 0, MYMIG_FRAME);
	return 0;
}

static const struct mdk_save mymig_saves[] = {
	MDK_SAVE(struct mymig_state, mode, .max = MYMIG_MODES - 1),
	MDK_SAVE_ARRAY(struct mymig_state, colors),
	MDK_SAVE(struct mymig_state, speed, .min = 1, .max = 8, .since = 2, .dflt = 4),
	MDK_SAVE_NOT(struct mymig_state, retry, "mdk_work_create() makes it on each host"),
	MDK_SAVE_NOT(struct mymig_state, pixels, "the blob has what is there"),
	MDK_SAVE_BLOB("frame", .max = MYMIG_FRAME, .since = 2, .save = mymig_frame_save,
		      .load = mymig_frame_load),
};

static int mymig_post_load(struct mdk_dev *dev)
{
	struct mymig_state *state = mdk_state(dev);

	/* A fast device has no colors of its own. */
	return state->speed > 4 && state->mode == MYMIG_PALETTE ? -EINVAL : 0;
}

static void mymig_retry(struct mdk_dev *dev)
{
	mdk_reg_set_bits(dev, 0, 0x4, BIT(0));
}

static int mymig_init(struct mdk_dev *dev)
{
	struct mymig_state *state = mdk_state(dev);

	state->retry = mdk_work_create(dev, mymig_retry);
	state->pixels = mdk_zalloc(dev, MDK_UNTIL_REMOVE, MYMIG_FRAME);
	state->speed = 4;
	return state->retry && state->pixels ? 0 : -ENOMEM;
}

/* The worker stays: it was made in init. */
static void mymig_reset(struct mdk_dev *dev)
{
	struct mymig_state *state = mdk_state(dev);

	memset(state->colors, 0, sizeof(state->colors));
	memset(state->pixels, 0, MYMIG_FRAME);
	state->mode = 0;
	state->speed = 4;
}

static void mymig_mode(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct mymig_state *state = mdk_state(dev);

	state->mode = value % MYMIG_MODES;
	mdk_work_queue(state->retry, 100);
}

static const struct mdk_reg mymig_regs[] = {
	MDK_REG_RW(0x0, "MODE", 0, 0x3, .written = mymig_mode),
	MDK_REG_W1C(0x4, "DONE", 0x1),
};

static const struct mdk_region mymig_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, mymig_regs),
};

static const struct mdk_type mymig_types[] = { MDK_TYPE("1", "mymig", .cost = 1) };

static const struct mdk_ops mymig_ops = {
	.init = mymig_init, .reset = mymig_reset, .post_load = mymig_post_load,
};

static const struct mdk_model guide_migration = {
	.name = "guide_migration",
	.state_size = sizeof(struct mymig_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(mymig_regions),
	MDK_TYPES(mymig_types),
	.budget = 4,
	.ops = &mymig_ops,
	MDK_SAVES(2, mymig_saves),
};
module_mdk_driver(guide_migration);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk guide: live migration");
