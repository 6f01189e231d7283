// SPDX-License-Identifier: GPL-2.0-only
/* Numbers that are compared, cut, or cannot be more. */
#include <mdk/mdk.h>

#define ROOF_TILES 16
#define ROOF_STRIDE 0x100

struct tile {
	u32 colour;
	u32 wet;
};

struct roof_state {
	struct tile tiles[ROOF_TILES];
	u32 spots[8];
	u32 bits;
};

static void roof_wet(struct roof_state *state, u32 nr)
{
	state->tiles[nr].wet++;
}

/* The mask has as many as there are. */
static void roof_tile_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	roof_wet(mdk_state(dev), value);
}

static void roof_spot_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct roof_state *state = mdk_state(dev);

	if (value >= ARRAY_SIZE(state->spots))
		return;
	state->spots[value] = 1;
}

static void roof_cut_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct roof_state *state = mdk_state(dev);

	state->spots[value % 8] = 1;
	state->spots[value & 7] = 2;
	state->bits |= 1U << (value & 31);
}

static u64 roof_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct roof_state *state = mdk_state(dev);

	return state->tiles[offset / ROOF_STRIDE].colour;
}

static u32 roof_guest(struct roof_state *state, const __le32 *queue)
{
	u32 nr = le32_to_cpu(*queue);

	return state->tiles[nr % ROOF_TILES].wet;
}

static const struct mdk_region_ops roof_region_ops = { .read = roof_read };

static const struct mdk_reg roof_regs[] = {
	MDK_REG_WO(0x00, "TILE", GENMASK(3, 0), .written = roof_tile_written),
	MDK_REG_WO(0x04, "SPOT", GENMASK(7, 0), .written = roof_spot_written),
	MDK_REG_WO(0x08, "CUT", GENMASK(31, 0), .written = roof_cut_written),
};

static const struct mdk_region roof_regions[] = {
	MDK_BAR_CALLBACK(0, "tiles", SZ_4K, &roof_region_ops),
};
