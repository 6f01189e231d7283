// SPDX-License-Identifier: GPL-2.0-only
/* const, or writable only until the module is loaded. */
#include <linux/cache.h>
#include <mdk/mdk.h>

static const struct mdk_reg regs[] = {
	MDK_REG_RO(0, "ID", 0x1234),
	MDK_REG_RW(4, "MODE", 0, GENMASK(7, 0)),
};

static const struct mdk_region regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, regs),
};

static const struct mdk_type types[] = { MDK_TYPE("1", "one", .cost = 1) };

static struct mdk_display display __ro_after_init = {
	.region = 1,
	.kinds = MDK_PLANE_REGION,
};

static const struct mdk_model card = {
	.name = "card",
	MDK_REGIONS(regions),
	MDK_TYPES(types),
	.budget = 1,
	.display = &display,
};

/* What is filled in a function is no table. */
static u64 card_size(u32 index)
{
	struct mdk_region region = regions[0];

	region.index = index;
	return region.size;
}
