// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of a guest that are larger than the array. */
#include <mdk/mdk.h>

#define HALL_DOORS 6
#define HALL_STRIDE 16

struct door {
	u32 colour;
	u32 opened;
};

struct hall_state {
	struct door doors[HALL_DOORS];
	u32 slots[8];
	u32 mask;
	u32 head;
};

static void hall_open(struct hall_state *state, u32 nr)
{
	state->doors[nr].opened++; /* finds: mdev-guest-index */
}

static void hall_opened(struct hall_state *state, u32 nr)
{
	hall_open(state, nr);
}

static void hall_door_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	hall_opened(mdk_state(dev), value);
}

static void hall_slot_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct hall_state *state = mdk_state(dev);
	u32 slot = value >> 1;

	state->slots[slot] = 1; /* finds: mdev-guest-index */
}

static void hall_order_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct hall_state *state = mdk_state(dev);

	state->mask = BIT(0) - 1;
	state->mask = (1U << value) - 1; /* finds: mdev-guest-index */
}

static u32 hall_next(struct hall_state *state)
{
	return state->slots[state->head++ & state->mask];
}

static u64 hall_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct hall_state *state = mdk_state(dev);

	return state->doors[offset / HALL_STRIDE].colour; /* finds: mdev-guest-index */
}

static u32 hall_guest(struct hall_state *state, const __le32 *queue)
{
	u32 nr = le32_to_cpu(*queue);

	return state->doors[nr].opened; /* finds: mdev-guest-index */
}

static const struct mdk_region_ops hall_region_ops = { .read = hall_read };

static const struct mdk_reg hall_regs[] = {
	MDK_REG_WO(0x00, "DOOR", GENMASK(3, 0), .written = hall_door_written),
	MDK_REG_WO(0x04, "SLOT", GENMASK(7, 0), .written = hall_slot_written),
	MDK_REG_RW(0x08, "ORDER", 0, GENMASK(2, 0), .written = hall_order_written),
};

static const struct mdk_region hall_regions[] = {
	MDK_BAR_CALLBACK(0, "doors", SZ_4K, &hall_region_ops),
};
