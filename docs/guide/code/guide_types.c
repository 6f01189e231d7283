// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/types.md: two sizes over two budgets, a limit at run time, parameters, files. */
#include <mdk/mdk.h>

struct card_kind {
	u32 queues;
};

struct card_state {
	u32 weight;
	u32 depth;
};

static const struct card_kind card_small = { .queues = 2 };
static const struct card_kind card_large = { .queues = 8 };

static u32 card_queues(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	const struct card_kind *kind = mdk_type_of(dev)->data;

	return kind->queues;
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_RO(0x00, "QUEUES", 0, .read = card_queues),
};

static const struct mdk_region card_small_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, card_regs),
	MDK_BAR_MEM(2, "memory", SZ_1M, MDK_MMAP | MDK_PREFETCH),
};

static const struct mdk_region card_large_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, card_regs),
	MDK_BAR_MEM(2, "memory", SZ_4M, MDK_MMAP | MDK_PREFETCH),
};

static const struct mdk_budget card_budgets[] = {
	{ .name = "memory in MiB", .units = 16 },
	{ .name = "queues", .units = 24 },
};

static const struct mdk_type card_types[] = {
	MDK_TYPE("small", "card small", .description = "1 MiB, 2 queues", .costs = { 1, 2 },
		 MDK_REGIONS(card_small_regions), .data = &card_small),
	MDK_TYPE("large", "card large", .description = "4 MiB, 8 queues", .costs = { 4, 8 },
		 MDK_REGIONS(card_large_regions), .data = &card_large),
};

static bool card_busy;
module_param_named(busy, card_busy, bool, 0644);
MODULE_PARM_DESC(busy, "offer no large ones");

static u32 card_available(const struct mdk_type *type)
{
	const struct card_kind *kind = type->data;

	return card_busy && kind == &card_large ? 0 : U32_MAX;
}

static const struct mdk_param card_params[] = {
	MDK_PARAM_U32("card", "weight", struct card_state, weight, .min = 1, .max = 100,
		      .dflt = 50),
	MDK_PARAM_U32("card", "depth", struct card_state, depth, .min = 1, .max = 64, .dflt = 8,
		      .when = MDK_PARAM_WHILE_CLOSED),
};

static int card_show_queues(struct mdk_dev *dev, char *buf, size_t size)
{
	const struct card_kind *kind = mdk_type_of(dev)->data;

	return scnprintf(buf, size, "%u\n", kind->queues);
}

static const struct mdk_attr card_attrs[] = {
	{ .group = "card", .name = "queues", .show = card_show_queues },
};

/* Parameters are the administrator's, not the guest's: the SDK puts them back after this. */
static void card_reset(struct mdk_dev *dev)
{
	*(struct card_state *)mdk_state(dev) = (struct card_state){ 0 };
}

static const struct mdk_ops card_ops = {
	.reset = card_reset,
	.available = card_available,
};

static const struct mdk_model guide_types = {
	.name = "guide_types",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_TYPES(card_types),
	MDK_BUDGETS(card_budgets),
	MDK_ATTRS(card_attrs),
	MDK_PARAMS(card_params),
	.ops = &card_ops,
};
module_mdk_driver(guide_types);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/types.md");
