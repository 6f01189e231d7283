// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a mediated device.
 *
 * The tables say what a guest sees; the SDK checks every access against them before anything
 * here runs. See sdk/include/mdk/ for each table's fields.
 */
#include <mdk/mdk.h>

/* BAR 0: registers. TODO: yours; then `make docs`. */
#define @NAME_UPPER@_ID 0x000
#define @NAME_UPPER@_SCRATCH 0x008
#define @NAME_UPPER@_ISR 0x010
#define @NAME_UPPER@_DOORBELL 0x018

/* One instance's own data: zero when it is created. */
struct @NAME@_state {
	u64 rings;
};

/* A guest writes the doorbell: a bit in ISR tells it that we saw it. TODO: do the work. */
static void @NAME@_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->rings++;
	mdk_irq_raise(dev, value & GENMASK(3, 0));
}

/* The next user of the instance must find it as new. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->rings = 0;
}

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(@NAME_UPPER@_ID, "ID", 0x010000ed),
	MDK_REG_RW(@NAME_UPPER@_SCRATCH, "SCRATCH", 0, GENMASK(31, 0)),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", GENMASK(3, 0)),
	MDK_REG_WO(@NAME_UPPER@_DOORBELL, "DOORBELL", GENMASK(7, 0), .written = @NAME@_doorbell),
};

/* Each bit of ISR is a cause of an interrupt. */
static const struct mdk_cause @NAME@_causes[] = {
	MDK_CAUSE(0, @NAME_UPPER@_ISR, 0),
	MDK_CAUSE(0, @NAME_UPPER@_ISR, 1),
	MDK_CAUSE(0, @NAME_UPPER@_ISR, 2),
	MDK_CAUSE(0, @NAME_UPPER@_ISR, 3),
};

@BAR_CODE@
static const struct mdk_region @NAME@_regions[] = {
@REGIONS@
};

@IF_IRQ@static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
@IF_IRQ@};
@IF_IRQ@
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};
@IF_CAP@
/* What an administrator can create; four units are shared by all instances. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ small", .description = "a quarter of the device", .cost = 1),
	MDK_TYPE("2", "@NAME@ large", .description = "half of the device", .cost = 2),
};

/* What moves to another host with its guest, beside registers and memory. */
static const struct mdk_save @NAME@_saves[] = { MDK_SAVE(struct @NAME@_state, rings) };

static const struct mdk_ops @NAME@_ops = {
	.reset = @NAME@_reset,
};

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0880), /* TODO: your vendor, device and class */
	MDK_REGIONS(@NAME@_regions),
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_TYPES(@NAME@_types),
	.budget = 4,
	.ops = &@NAME@_ops,
	MDK_SAVES(1, @NAME@_saves),
};
module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
