// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device for tests/cases/tool-poke.sh: bits with names in registers of each kind, a copy from
 * guest memory to guest memory, four vectors, a region that can only be read.
 */
#include <mdk/mdk.h>

#define POKED_ID 0x00
#define POKED_CONTROL 0x04	/* a write of START copies */
#define POKED_STATUS 0x08
#define POKED_FROM 0x0c		/* of 4 bytes */
#define POKED_TO 0x10
#define POKED_RAISE 0x14	/* a vector; sets both bits of CAUSE too */
#define POKED_CAUSE 0x18
#define POKED_COUNT 0x20	/* 64 bits, always the same */

#define POKED_START BIT(0)
#define POKED_DONE BIT(0)
#define POKED_ERROR BIT(1)

static void poked_control(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	u32 word, status = POKED_DONE;

	if (!(value & POKED_START))
		return;
	if (mdk_dma_read(dev, mdk_reg_get(dev, 0, POKED_FROM), &word, sizeof(word)) ||
	    mdk_dma_write(dev, mdk_reg_get(dev, 0, POKED_TO), &word, sizeof(word)))
		status |= POKED_ERROR;
	mdk_reg_set(dev, 0, POKED_STATUS, status);
}

static void poked_raise(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_reg_set_bits(dev, 0, POKED_CAUSE, 3);
	mdk_irq_trigger(dev, MDK_IRQ_MSI, value);
}

static u64 poked_count(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return 0x123456789;
}

static const struct mdk_reg poked_regs[] = {
	MDK_REG_RO(POKED_ID, "ID", 0x706f6b65),
	MDK_REG_RW(POKED_CONTROL, "CONTROL", 0x20, 0x31, .written = poked_control,
		   MDK_REG_BITS(MDK_BIT(0, "START"), MDK_BITS(5, 4, "MODE"))),
	MDK_REG_RO(POKED_STATUS, "STATUS", 0,
		   MDK_REG_BITS(MDK_BIT(0, "DONE"), MDK_BIT(1, "ERROR"))),
	MDK_REG_RW(POKED_FROM, "FROM", 0, GENMASK(31, 0)),
	MDK_REG_RW(POKED_TO, "TO", 0, GENMASK(31, 0)),
	MDK_REG_WO(POKED_RAISE, "RAISE", GENMASK(1, 0), .written = poked_raise),
	MDK_REG_W1C(POKED_CAUSE, "CAUSE", GENMASK(1, 0),
		    MDK_REG_BITS(MDK_BIT(0, "ONE"), MDK_BIT(1, "TWO"))),
	MDK_REG_COUNTER64(POKED_COUNT, "COUNT", .read64 = poked_count),
};

static const struct mdk_reg poked_other_regs[] = {
	MDK_REG_RO(POKED_ID, "ID", 0x6f746872),
};

static const struct mdk_region poked_regions[] = {
	MDK_BAR_REGS(0, "control", SZ_4K, poked_regs),
	MDK_BAR_REGS(1, "other", SZ_4K, poked_other_regs),
	MDK_BAR_MEM(2, "memory", SZ_4K, MDK_READONLY),
};

static const struct mdk_irq poked_irqs[] = {
	MDK_MSI(4),
	MDK_ERR(),
};

static const struct mdk_cap poked_caps[] = {
	MDK_CAP_MSI(),
};

static const struct mdk_type poked_types[] = {
	MDK_TYPE("1", "to be poked at", .cost = 1),
};

static const struct mdk_model poked = {
	.name = "poked",
	.pci = MDK_PCI(0x1af4, 0x10ff, 0x0880),
	MDK_REGIONS(poked_regions),
	MDK_IRQS(poked_irqs),
	MDK_PCI_CAPS(poked_caps),
	MDK_TYPES(poked_types),
	.budget = 8,
};
module_mdk_driver(poked);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: a device to be poked at");
