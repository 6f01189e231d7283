// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do the capabilities of a model agree with each other, with its interrupts and with its BARs?
 * No kernel in here.
 */
#include <linux/pci_regs.h>

#include "config_space.h"
#include "fault.h"

/* BARs 0 to 5; a 64-bit one takes the next index too. */
#define MDK_LAST_BAR 5

u32 mdk_spec_vectors(const struct mdk_config_spec *spec, enum mdk_irq_index index)
{
	u32 i;

	for (i = 0; i < spec->nr_irqs; i++)
		if (spec->irqs[i].index == index)
			return spec->irqs[i].count;
	return 0;
}

static bool mdk_kind_known(enum mdk_cap_kind kind)
{
	return kind >= MDK_CAP_KIND_PM && kind <= MDK_CAP_KIND_VIRTIO;
}

const struct mdk_cap *mdk_spec_find(const struct mdk_config_spec *spec, enum mdk_cap_kind kind)
{
	u32 i;

	for (i = 0; i < spec->nr_caps; i++)
		if (mdk_spec_cap(spec, i)->kind == kind)
			return mdk_spec_cap(spec, i);
	return NULL;
}

/* Rows by themselves */

static int mdk_check_vendor(const struct mdk_config_spec *spec, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 live = mdk_cap_live_size(spec, cap);
	u32 max = mdk_cap_is_extended(cap) ? MDK_CONFIG_SIZE_PCIE - MDK_CONFIG_SIZE - 8 :
					     MDK_CONFIG_SIZE - PCI_STD_HEADER_SIZEOF - 3;

	if ((!cap->data && !live) || !cap->size || cap->size > max)
		return mdk_fault(spec->desc, "M100", "capability %u '%s' has %u bytes of data: 1 to %u are possible",
				 row, mdk_cap_name(cap), cap->data || live ? cap->size : 0, max);
	if (live && (live != cap->size || cap->data || cap->live > spec->state_size ||
		     live > spec->state_size - cap->live))
		return mdk_fault(spec->desc, "M228", "capability %u '%s' shows %u of its %u bytes from byte %u of the state, which has %zu bytes: all of them are needed there, and no .data; use MDK_CAP_VENDOR_LIVE() with the struct of .state_size",
				 row, mdk_cap_name(cap), live, cap->size, cap->live,
				 spec->state_size);
	if (cap->write && cap->write_size != cap->size)
		return mdk_fault(spec->desc, "M101", "capability %u '%s' has %u bytes of data and a writable mask of %u: both must have the same size",
				 row, mdk_cap_name(cap), cap->size, cap->write_size);
	if (cap->vsec_revision > 15)
		return mdk_fault(spec->desc, "M102", "capability %u '%s' has revision %u: 0 to 15 are possible",
				 row, mdk_cap_name(cap), cap->vsec_revision);
	return 0;
}

static int mdk_check_pcie(const struct mdk_config_spec *spec, u32 row)
{
	static const u8 widths[] = { 0, 1, 2, 4, 8, 12, 16, 32 };
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	int bad = 0;
	u32 i = 0;

	if (cap->link_speed > 6)
		bad += mdk_fault(spec->desc, "M103", "capability %u '%s' has link speed %u: 1 to 6 are possible",
				 row, mdk_cap_name(cap), cap->link_speed);
	while (i < ARRAY_SIZE(widths) && widths[i] != cap->link_width)
		i++;
	if (i == ARRAY_SIZE(widths))
		bad += mdk_fault(spec->desc, "M104", "capability %u '%s' has %u lanes: 1, 2, 4, 8, 12, 16 or 32 are possible",
				 row, mdk_cap_name(cap), cap->link_width);
	return bad;
}

static bool mdk_kind_is_vendor(enum mdk_cap_kind kind)
{
	return kind == MDK_CAP_KIND_VENDOR || kind == MDK_CAP_KIND_XVENDOR;
}

static int mdk_check_cap_twins(const struct mdk_config_spec *spec, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 i;

	for (i = 0; i < row && !mdk_kind_is_vendor(cap->kind); i++)
		if (mdk_spec_cap(spec, i)->kind == cap->kind)
			return mdk_fault(spec->desc, "M105", "capabilities %u '%s' and %u '%s' are of the same kind, of which a device has one: drop one",
					 i, mdk_cap_name(mdk_spec_cap(spec, i)), row,
					 mdk_cap_name(cap));
	return 0;
}

static int mdk_check_cap(const struct mdk_config_spec *spec, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	int bad = mdk_check_cap_twins(spec, row);

	if (mdk_cap_is_extended(cap) && !mdk_spec_find(spec, MDK_CAP_KIND_PCIE))
		bad += mdk_fault(spec->desc, "M106", "capability %u '%s' is an extended one, which only PCI Express devices have: add MDK_CAP_PCIE()",
				 row, mdk_cap_name(cap));
	if (mdk_kind_is_vendor(cap->kind))
		bad += mdk_check_vendor(spec, row);
	if (cap->kind == MDK_CAP_KIND_PCIE)
		bad += mdk_check_pcie(spec, row);
	return bad;
}

/* Capabilities and interrupts */

/* MSI vectors without a capability are odd, but VFIO users can use them: the kernel's mtty does. */
static const struct {
	enum mdk_cap_kind kind;
	enum mdk_irq_index index;
	const char *name;
	bool alone;
} mdk_cap_irqs[] = {
	{ MDK_CAP_KIND_MSI, MDK_IRQ_MSI, "MSI", true },
	{ MDK_CAP_KIND_MSIX, MDK_IRQ_MSIX, "MSIX" },
};

static int mdk_check_cap_irqs(const struct mdk_config_spec *spec)
{
	int bad = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mdk_cap_irqs); i++) {
		const char *name = mdk_cap_irqs[i].name;
		bool cap = mdk_spec_find(spec, mdk_cap_irqs[i].kind);
		bool irq = mdk_spec_vectors(spec, mdk_cap_irqs[i].index);

		if (cap && !irq)
			bad += mdk_fault(spec->desc, "M107", "MDK_CAP_%s() is among the capabilities and MDK_%s(count) not among the interrupts: add it to MDK_IRQS(...)",
					 name, name);
		if (irq && !cap && !mdk_cap_irqs[i].alone)
			bad += mdk_fault(spec->desc, "M108", "MDK_%s(count) is among the interrupts and MDK_CAP_%s() not among the capabilities, so no guest would find it: add it to MDK_PCI_CAPS(...)",
					 name, name);
	}
	return bad;
}

/* MSI-X and BARs */

struct mdk_bar_part mdk_msix_table(const struct mdk_config_spec *spec, const struct mdk_cap *cap)
{
	return (struct mdk_bar_part){
		.name = "MSI-X table",
		.bar = cap->table_bar,
		.offset = cap->table_offset,
		.size = PCI_MSIX_ENTRY_SIZE * mdk_spec_vectors(spec, MDK_IRQ_MSIX),
		.written = true,
	};
}

struct mdk_bar_part mdk_msix_pba(const struct mdk_config_spec *spec, const struct mdk_cap *cap)
{
	return (struct mdk_bar_part){
		.name = "MSI-X PBA",
		.bar = cap->pba_bar,
		.offset = cap->pba_offset,
		.size = (mdk_spec_vectors(spec, MDK_IRQ_MSIX) + 63) / 64 * 8,
	};
}

static bool mdk_overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

static int mdk_check_window_regs(const struct mdk_config_spec *spec, const struct mdk_bar_part *win,
				 const struct mdk_region *region)
{
	const struct mdk_reg *reg;
	int bad = 0;
	u32 i;

	for (i = 0; region->regs && i < region->nr_regs; i++) {
		reg = (const void *)((const char *)region->regs + i * spec->reg_size);
		if (mdk_overlap(win->offset, win->size, reg->offset, 4))
			bad += mdk_fault(spec->desc, "M109", "region '%s': the %s (0x%llx to 0x%llx) and register '%s' (0x%x to 0x%x) overlap: move one",
					 region->name, win->name, win->offset,
					 win->offset + win->size - 1, reg->name ? reg->name : "?",
					 reg->offset, reg->offset + 3);
	}
	return bad;
}

/* A guest's accesses to memory that it has mapped do not reach the SDK, which must answer here. */
static int mdk_check_window_maps(const struct mdk_config_spec *spec, const struct mdk_bar_part *win,
				 const struct mdk_region *region)
{
	const struct mdk_area whole = { .offset = 0, .size = region->size };
	const struct mdk_area *area = region->nr_areas ? region->areas : &whole;
	u32 i, nr = region->nr_areas ? region->nr_areas : 1;

	for (i = 0; i < nr; i++)
		if (mdk_overlap(win->offset, win->size, area[i].offset, area[i].size))
			return mdk_fault(spec->desc, "M110", "region '%s': the %s (0x%llx to 0x%llx) and the memory that can be mapped (0x%llx to 0x%llx) overlap: leave its pages out with .areas, or move it",
					 region->name, win->name, win->offset,
					 win->offset + win->size - 1, area[i].offset,
					 area[i].offset + area[i].size - 1);
	return 0;
}

static int mdk_check_window_in(const struct mdk_config_spec *spec, const struct mdk_bar_part *win,
			       const struct mdk_region *region)
{
	int bad = 0;

	if (region->flags & MDK_IO)
		bad += mdk_fault(spec->desc, "M111", "region '%s': the %s lies in it, but it is in I/O space: use a memory BAR",
				 region->name, win->name);
	if (win->offset & 7)
		bad += mdk_fault(spec->desc, "M112", "region '%s': the %s at 0x%llx: its offset must be a multiple of 8",
				 region->name, win->name, win->offset);
	if (win->offset > region->size || win->size > region->size - win->offset)
		bad += mdk_fault(spec->desc, "M113", "region '%s': the %s (0x%llx to 0x%llx) leaves the 0x%llx bytes of BAR %u",
				 region->name, win->name, win->offset,
				 win->offset + win->size - 1, region->size, win->bar);
	if (win->written &&
	    (region->flags & MDK_READONLY ||
	     (region->kind == MDK_REGION_KIND_CALLBACK && region->ops && !region->ops->write)))
		bad += mdk_fault(spec->desc, "M114", "region '%s': the %s lies in it, but it is read-only: use another BAR, or give it a write callback",
				 region->name, win->name);
	if (region->kind == MDK_REGION_KIND_REGS)
		bad += mdk_check_window_regs(spec, win, region);
	if (region->flags & MDK_MMAP)
		bad += mdk_check_window_maps(spec, win, region);
	return bad;
}

static int mdk_check_window(const struct mdk_config_spec *spec, const struct mdk_bar_part *win)
{
	const struct mdk_region *region;
	u32 i;

	for (i = 0; i < spec->nr_regions; i++) {
		region = mdk_spec_region(spec, i);
		if (win->bar > MDK_LAST_BAR || region->index > MDK_LAST_BAR || !region->name)
			continue;
		if (region->index == win->bar)
			return mdk_check_window_in(spec, win, region);
		if (region->index + 1 == win->bar && region->flags & MDK_BAR64)
			return mdk_fault(spec->desc, "M115", "the %s is in BAR %u, the upper half of region '%s': use BAR %u",
					 win->name, win->bar, region->name, region->index);
	}
	return mdk_fault(spec->desc, "M116", "the %s is in BAR %u, which is not declared: add the BAR to MDK_REGIONS(...), or use another",
			 win->name, win->bar);
}

static int mdk_check_msix(const struct mdk_config_spec *spec, const struct mdk_cap *cap)
{
	struct mdk_bar_part table = mdk_msix_table(spec, cap), pba = mdk_msix_pba(spec, cap);
	int bad = 0;

	/* Without vectors there is no table; that fault was reported already. */
	if (!table.size)
		return 0;
	bad += mdk_check_window(spec, &table) + mdk_check_window(spec, &pba);
	if (table.bar == pba.bar && mdk_overlap(table.offset, table.size, pba.offset, pba.size))
		bad += mdk_fault(spec->desc, "M117", "the MSI-X table (0x%llx to 0x%llx) and the MSI-X PBA (0x%llx to 0x%llx) overlap in BAR %u: move one",
				 table.offset, table.offset + table.size - 1, pba.offset,
				 pba.offset + pba.size - 1, table.bar);
	return bad;
}

/* All checks in here. Those of the regions are in check.c, and may have found faults. */
int mdk_config_check(const struct mdk_config_spec *spec)
{
	u16 offsets[MDK_CAPS_MAX] = {};
	const struct mdk_cap *msix;
	int bad = 0;
	u32 i;

	if (spec->nr_caps > MDK_CAPS_MAX)
		return mdk_fault(spec->desc, "M118", "%u capabilities: at most %d are possible", spec->nr_caps,
				 MDK_CAPS_MAX);
	for (i = 0; i < spec->nr_caps; i++)
		if (!mdk_kind_known(mdk_spec_cap(spec, i)->kind))
			return mdk_fault(spec->desc, "M119", "capability %u has kind %d: use MDK_CAP_* or MDK_XCAP_*",
					 i, mdk_spec_cap(spec, i)->kind);
	for (i = 0; i < spec->nr_caps; i++)
		bad += mdk_check_cap(spec, i);
	bad += mdk_check_cap_irqs(spec);
	/* A wrong size would only be reported again, as a conflict of offsets. */
	if (!bad)
		bad += mdk_config_layout(spec, offsets);
	msix = mdk_spec_find(spec, MDK_CAP_KIND_MSIX);
	return bad + (msix ? mdk_check_msix(spec, msix) : 0);
}
