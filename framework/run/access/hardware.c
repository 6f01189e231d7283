// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware: regions made of pages of the parent, and SRCU sections in which it may be accessed.
 *
 * Every access by the SDK is in such a section, after a check of mdk_inst.fenced. So once the flag
 * is set and synchronize_srcu() has returned there are none. Mappings are revoked instead: ram.c.
 */
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <mdk/parent.h>

#include "run/instance/instance.h"
#include "hardware.h"
#include "msix.h"

/**
 * struct mdk_hw - a part of a region that is a part of the parent
 * @next: of the same region
 * @offset: bytes from the region's start
 * @size: bytes
 * @phys: physical address
 * @io: its ioremap()
 */
struct mdk_hw {
	struct mdk_hw *next;
	u64 offset;
	u64 size;
	phys_addr_t phys;
	void __iomem *io;
};

static const struct mdk_hw *mdk_hw_at(const struct mdk_inst *inst, u64 index, u64 off)
{
	const struct mdk_hw *hw = inst->hw[array_index_nospec(index, MDK_NR_SLOTS)];

	while (hw && off - hw->offset >= hw->size)
		hw = hw->next;
	return hw;
}

bool mdk_hw_pfn(struct mdk_inst *inst, u64 index, u64 off, unsigned long *pfn)
{
	const struct mdk_hw *hw = mdk_hw_at(inst, index, off);

	if (hw)
		*pfn = (hw->phys + (off - hw->offset)) >> PAGE_SHIFT;
	return hw;
}

/* Sections. They begin in one function and end in another: __release() etc. are for sparse. */

bool mdk_hw_enter(struct mdk_dev *dev, int *section)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct srcu_struct *sections = &inst->plan->host->hw;

	*section = srcu_read_lock(sections);
	if (likely(!READ_ONCE(inst->hw_off))) {
		__release(sections);
		return true;
	}
	srcu_read_unlock(sections, *section);
	return false;
}

void mdk_hw_exit(struct mdk_dev *dev, int section)
{
	struct srcu_struct *sections = &to_mdk_inst(dev)->plan->host->hw;

	__acquire(sections);
	srcu_read_unlock(sections, section);
}

/* Accesses */

static u64 mdk_io_read(const void __iomem *at, unsigned int width)
{
	switch (width) {
	case 1:
		return readb(at);
	case 2:
		return readw(at);
	case 4:
		return readl(at);
	default:
		return readq(at);
	}
}

static void mdk_io_write(void __iomem *at, unsigned int width, u64 val)
{
	switch (width) {
	case 1:
		writeb(val, at);
		break;
	case 2:
		writew(val, at);
		break;
	case 4:
		writel(val, at);
		break;
	default:
		writeq(val, at);
	}
}

static u64 mdk_hw_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		       unsigned int width)
{
	const struct mdk_hw *hw = mdk_hw_at(inst, slot->region->index, off);
	struct srcu_struct *sections = &inst->plan->host->hw;
	u64 val = U64_MAX;
	int section;

	if (unlikely(mdk_msix_holds(slot, off)))
		return mdk_msix_load(inst, slot, off, width);
	section = srcu_read_lock(sections);
	if (hw && likely(!READ_ONCE(inst->fenced)))
		val = mdk_io_read(hw->io + (off - hw->offset), width);
	srcu_read_unlock(sections, section);
	return val;
}

static void mdk_hw_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width, u64 val)
{
	const struct mdk_hw *hw = mdk_hw_at(inst, slot->region->index, off);
	struct srcu_struct *sections = &inst->plan->host->hw;
	int section;

	if (unlikely(mdk_msix_holds(slot, off))) {
		mdk_msix_store(inst, slot, off, width, val);
		return;
	}
	section = srcu_read_lock(sections);
	if (hw && likely(!READ_ONCE(inst->fenced)))
		mdk_io_write(hw->io + (off - hw->offset), width, val);
	srcu_read_unlock(sections, section);
}

const struct mdk_slot_ops mdk_hw_slot_ops = {
	.load = mdk_hw_load,
	.store = mdk_hw_store,
};

/* Assignment */

static bool mdk_resource_holds(const struct resource *res, u64 phys, u64 size)
{
	return resource_type(res) == IORESOURCE_MEM && phys >= res->start &&
	       phys <= res->end && size - 1 <= res->end - phys;
}

/* Only memory resources of the parent: neither another device's BAR nor the host's RAM. */
static bool mdk_parent_holds(struct device *parent, u64 phys, u64 size)
{
	const struct resource *res = NULL;
	u32 nr = 0, i;

	if (dev_is_pci(parent)) {
		res = to_pci_dev(parent)->resource;
		nr = PCI_STD_NUM_BARS;
	} else if (dev_is_platform(parent)) {
		res = to_platform_device(parent)->resource;
		nr = to_platform_device(parent)->num_resources;
	}
	for (i = 0; i < nr; i++)
		if (mdk_resource_holds(&res[i], phys, size))
			return true;
	return false;
}

/*
 * Physical range of the parent's own MSI-X table or pending bits, by the register @reg of its
 * capability; @bytes: its size. If the register cannot be read or is invalid: all addresses.
 */
static struct mdk_span mdk_msix_span(struct pci_dev *pdev, u32 reg, u64 bytes)
{
	u32 where, bar;

	if (pci_read_config_dword(pdev, pdev->msix_cap + reg, &where))
		return (struct mdk_span){ .size = U64_MAX };
	bar = where & PCI_MSIX_TABLE_BIR;
	if (bar >= PCI_STD_NUM_BARS)
		return (struct mdk_span){ .size = U64_MAX };
	return (struct mdk_span){
		.first = pci_resource_start(pdev, bar) + (where & PCI_MSIX_TABLE_OFFSET),
		.size = bytes,
	};
}

static bool mdk_span_meets(struct mdk_span span, u64 phys, u64 size)
{
	return phys < span.first ? span.first - phys < size : phys - span.first < span.size;
}

/* Return: the parent's MSI-X table is not in the range: with it a guest could write anywhere. */
static bool mdk_hw_spares_msix(struct mdk_inst *inst, u32 region, u64 phys, u64 size)
{
	struct device *parent = inst->plan->host->dev;
	struct pci_dev *pdev = dev_is_pci(parent) ? to_pci_dev(parent) : NULL;
	struct mdk_span table, pba;
	u32 nr;
	u16 flags;

	if (!pdev || !pdev->msix_cap)
		return true;
	/* If the size cannot be read, assume the largest. */
	if (pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags))
		flags = PCI_MSIX_FLAGS_QSIZE;
	nr = (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
	table = mdk_msix_span(pdev, PCI_MSIX_TABLE, nr * PCI_MSIX_ENTRY_SIZE);
	pba = mdk_msix_span(pdev, PCI_MSIX_PBA, DIV_ROUND_UP(nr, 64) * sizeof(u64));
	if (!mdk_span_meets(table, phys, size) && !mdk_span_meets(pba, phys, size))
		return true;
	dev_err(parent, "mdk_map_hw() of %s: region %u, 0x%llx bytes from 0x%llx: in their pages is the MSI-X table of the parent (0x%llx bytes from 0x%llx) or its pending bits (0x%llx from 0x%llx), with which a guest could have it write anywhere; leave those pages out, and serve what else is in them by callbacks [K130]\n",
		inst->name, region, size, phys, table.size, table.first, pba.size, pba.first);
	return false;
}

static bool mdk_hw_taken(const struct mdk_inst *inst, u32 region, u64 offset, u64 size)
{
	const struct mdk_hw *hw;

	for (hw = inst->hw[region]; hw; hw = hw->next)
		if (offset < hw->offset + hw->size && hw->offset < offset + size)
			return true;
	return false;
}

/* Return: what is wrong, or NULL. */
static const char *mdk_hw_wrong(struct mdk_inst *inst, u32 region, u64 offset, u64 phys, u64 size)
{
	const struct mdk_slot *slot = mdk_slot_at(inst, region);

	if (inst->phase != MDK_PHASE_INIT)
		return "it is for ops.init: call it there";
	if (!slot || slot->kind != MDK_REGION_KIND_HW)
		return "that is no region of hardware: declare it with MDK_BAR_HW";
	if (!size || !PAGE_ALIGNED(offset | phys | size))
		return "offset, address and size must be multiples of a page";
	if (offset >= slot->size || size > slot->size - offset)
		return "that is not inside the region: give it less, or make the region larger";
	if (!mdk_parent_holds(inst->plan->host->dev, phys, size))
		return "that is not inside a memory resource of the parent: start from pci_resource_start()";
	if (mdk_hw_taken(inst, region, offset, size))
		return "a part of it is assigned already: assign each byte once";
	return NULL;
}

static struct mdk_hw *mdk_hw_alloc(u64 offset, u64 phys, u64 size)
{
	struct mdk_hw *hw = kzalloc(sizeof(*hw), GFP_KERNEL);

	if (!hw)
		return NULL;
	hw->offset = offset;
	hw->size = size;
	hw->phys = phys;
	hw->io = ioremap(phys, size);
	if (!hw->io) {
		kfree(hw);
		return NULL;
	}
	return hw;
}

int mdk_map_hw(struct mdk_dev *dev, u32 region, u64 offset, u64 phys, u64 size)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const char *wrong = mdk_hw_wrong(inst, region, offset, phys, size);
	struct mdk_hw *hw;

	if (wrong) {
		dev_err(inst->plan->host->dev, "mdk_map_hw() of %s: region %u, 0x%llx bytes at 0x%llx from 0x%llx: %s [K92]\n",
			inst->name, region, size, offset, phys, wrong);
		return -EINVAL;
	}
	if (!mdk_hw_spares_msix(inst, region, phys, size))
		return -EINVAL;
	hw = mdk_hw_alloc(offset, phys, size);
	if (!hw)
		return -ENOMEM;
	hw->next = inst->hw[region];
	inst->hw[region] = hw;
	return 0;
}

void mdk_hw_free(struct mdk_inst *inst)
{
	struct mdk_hw *hw;
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		while ((hw = inst->hw[i])) {
			inst->hw[i] = hw->next;
			iounmap(hw->io);
			kfree(hw);
		}
}
