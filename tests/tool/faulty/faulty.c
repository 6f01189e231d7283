// SPDX-License-Identifier: GPL-2.0-only
/* A driver with one planted fault, for the tests of what `mdev-sdk test` says about it. */
#include <linux/io.h>
#include <mdk/mdk.h>
#include <mdk/ring.h>

struct faulty_state {
	u32 *missing;
	struct mdk_ring *ring;
};

#if defined(FAULT_hang)
static u32 faulty_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	for (;;)
		cpu_relax();
	return 0;
}
#elif defined(FAULT_inside)
static u32 faulty_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct faulty_state *state = mdk_state(dev);

	return mdk_ring_completed(state->ring) + 1; /* the oops inside: there is no ring */
}
#elif defined(FAULT_qemu)
static u32 faulty_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	outb(2, 0x501); /* QEMU's isa-debug-exit: it ends at once, with status 5 */
	return 0;
}
#elif defined(FAULT_nobuild)
static u32 faulty_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return not_declared_anywhere;
}
#else
static u32 faulty_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct faulty_state *state = mdk_state(dev);

	return READ_ONCE(*state->missing); /* the oops: state is zero */
}
#endif

static const struct mdk_reg faulty_regs[] = {
	MDK_REG_RO(0, "ID", 0, .read = faulty_read),
};

static const struct mdk_region faulty_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, faulty_regs),
};

static const struct mdk_type faulty_types[] = {
	MDK_TYPE("1", "faulty", .cost = 1),
};

static void faulty_reset(struct mdk_dev *dev)
{
}

static int faulty_init(struct mdk_dev *dev)
{
#ifdef FAULT_nodevice
	static const struct mdk_ring_spec tx = { .name = "tx", .max = 1000, .desc_size = 16 };

	if (!mdk_ring_create(dev, &tx))
		return -ENOMEM;
#endif
	return 0;
}

static const struct mdk_ops faulty_ops = { .init = faulty_init, .reset = faulty_reset };

static const struct mdk_model faulty = {
	.name = "faulty",
	.state_size = sizeof(struct faulty_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(faulty_regions),
	MDK_TYPES(faulty_types),
	.ops = &faulty_ops,
#ifndef FAULT_noload
	.budget = 1,
#endif
};
module_mdk_driver(faulty);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a driver with a planted fault");
