// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sizes.h>
#include <mdk/mdk.h>

#define SP_ISR  0x00
#define SP_IER  0x04
#define SP_DATA 0x08
#define SP_FILL 0x0c

#define SP_RX   BIT(0)
#define SP_FULL BIT(1)

#define SP_FIFO 16

struct sp_state {
	u8 fifo[SP_FIFO];
	u32 head;
	u32 fill;
};

static void sp_event(struct mdk_dev *dev, u32 bits)
{
	mdk_reg_set_bits(dev, 0, SP_ISR, bits);
	mdk_intx_set(dev, true); /* finds: irqs */
}

static void sp_put(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct sp_state *state = mdk_state(dev);

	if (state->fill == SP_FIFO) {
		sp_event(dev, SP_FULL);
		return;
	}
	state->fifo[(state->head + state->fill) % SP_FIFO] = value;
	state->fill++;
	sp_event(dev, SP_RX);
}

static u32 sp_get(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct sp_state *state = mdk_state(dev);
	u32 value;

	if (!state->fill)
		return 0;
	value = state->fifo[state->head];
	state->head = (state->head + 1) % SP_FIFO;
	if (!--state->fill)
		mdk_intx_set(dev, false); /* finds: irqs */
	return value;
}

static u32 sp_fill(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct sp_state *state = mdk_state(dev);

	return state->fill;
}

static void sp_reset(struct mdk_dev *dev)
{
	struct sp_state *state = mdk_state(dev);

	memset(state, 0, sizeof(*state));
}

static const struct mdk_reg sp_regs[] = {
	MDK_REG_W1C(SP_ISR, "ISR", SP_RX | SP_FULL),
	MDK_REG_RW(SP_IER, "IER", 0, SP_RX | SP_FULL),
	MDK_REG_RW(SP_DATA, "DATA", 0, GENMASK(7, 0), .read = sp_get, .written = sp_put),
	MDK_REG_RO(SP_FILL, "FILL", 0, .read = sp_fill),
};

static const struct mdk_region sp_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, sp_regs),
};

static const struct mdk_irq sp_irqs[] = { MDK_INTX() };

static const struct mdk_cause sp_causes[] = {
	MDK_CAUSE(0, SP_ISR, 0, .mask = SP_IER, .polarity = MDK_ONE_ENABLES),
	MDK_CAUSE(0, SP_ISR, 1, .mask = SP_IER, .polarity = MDK_ONE_ENABLES),
};

static const struct mdk_type sp_types[] = {
	MDK_TYPE("1", "Serial port", .cost = 1),
};

static const struct mdk_ops sp_ops = { .reset = sp_reset };

static const struct mdk_model sp_model = {
	.name = "sp",
	.state_size = sizeof(struct sp_state),
	.pci = MDK_PCI(0x1234, 0x0a01, 0x0700),
	MDK_REGIONS(sp_regions),
	MDK_TYPES(sp_types),
	MDK_IRQS(sp_irqs),
	MDK_CAUSES(sp_causes),
	.budget = 8,
	.ops = &sp_ops,
	.always_master = true,
};

module_mdk_driver(sp_model);
MODULE_LICENSE("GPL");
