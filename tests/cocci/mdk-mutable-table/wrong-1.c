// SPDX-License-Identifier: GPL-2.0-only
/* Tables that somebody could change behind the SDK's back. */
#include <mdk/mdk.h>

static struct mdk_reg regs[] = { /* finds: mdk-mutable-table */
	MDK_REG_RO(0, "ID", 0x1234),
	MDK_REG_RW(4, "MODE", 0, GENMASK(7, 0)),
};

static struct mdk_region regions[] = { /* finds: mdk-mutable-table */
	MDK_BAR_REGS(0, "registers", SZ_4K, regs),
};

static struct mdk_irq irqs[] = { MDK_MSI(1) }; /* finds: mdk-mutable-table */

static const struct mdk_type types[] = { MDK_TYPE("1", "one", .cost = 1) };

static struct mdk_ops ops = { /* finds: mdk-mutable-table */
	.reset = NULL,
};

struct mdk_model card = { /* finds: mdk-mutable-table */
	.name = "card",
	MDK_REGIONS(regions),
	MDK_IRQS(irqs),
	MDK_TYPES(types),
	.ops = &ops,
	.budget = 1,
};
