// SPDX-License-Identifier: GPL-2.0-only
/* Where each capability lies. No kernel in here. */
#include <linux/pci_regs.h>

#include "config_space.h"
#include "fault.h"

/* Name and size by the kind of capability; vendor kinds add the size of their data. */
static const struct {
	const char *name;
	u32 size;
	bool extended;
} mdk_cap_kinds[] = {
	[MDK_CAP_KIND_PM] = { "PM", PCI_PM_SIZEOF },
	[MDK_CAP_KIND_MSI] = { "MSI", 14 },
	[MDK_CAP_KIND_MSIX] = { "MSI-X", PCI_CAP_MSIX_SIZEOF },
	[MDK_CAP_KIND_PCIE] = { "PCI Express", 60 },
	[MDK_CAP_KIND_VENDOR] = { "vendor", 3 },
	[MDK_CAP_KIND_XVENDOR] = { "extended vendor", 8, true },
	[MDK_CAP_KIND_XDSN] = { "serial number", 12, true },
	[MDK_CAP_KIND_VIRTIO] = { "virtio window", MDK_WINDOW_SIZE },
};

const char *mdk_cap_name(const struct mdk_cap *cap)
{
	return cap->name ? cap->name : mdk_cap_kinds[cap->kind].name;
}

bool mdk_cap_is_extended(const struct mdk_cap *cap)
{
	return mdk_cap_kinds[cap->kind].extended;
}

/* Whole words: two capabilities never share one. */
u32 mdk_cap_size(const struct mdk_cap *cap)
{
	return (mdk_cap_kinds[cap->kind].size + cap->size + 3) & ~3U;
}

static u32 mdk_space_first(const struct mdk_cap *cap)
{
	return mdk_cap_is_extended(cap) ? MDK_CONFIG_SIZE : PCI_STD_HEADER_SIZEOF;
}

static u32 mdk_space_end(const struct mdk_cap *cap)
{
	return mdk_cap_is_extended(cap) ? MDK_CONFIG_SIZE_PCIE : MDK_CONFIG_SIZE;
}

/* A row that has its offset already and overlaps [@first, @end), or @spec->nr_caps. */
static u32 mdk_layout_hit(const struct mdk_config_spec *spec, const u16 *offsets, u32 first,
			  u32 end)
{
	u32 i;

	for (i = 0; i < spec->nr_caps; i++)
		if (offsets[i] && first < offsets[i] + mdk_cap_size(mdk_spec_cap(spec, i)) &&
		    offsets[i] < end)
			break;
	return i;
}

static int mdk_layout_clash(const struct mdk_config_spec *spec, const u16 *offsets, u32 row,
			    u32 other)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row), *than = mdk_spec_cap(spec, other);

	return mdk_fault(spec->desc, "M140", "capability %u '%s' (0x%x to 0x%x) and capability %u '%s' (0x%x to 0x%x) overlap: move one, or leave its .offset to the SDK",
			 other, mdk_cap_name(than), offsets[other],
			 offsets[other] + mdk_cap_size(than) - 1, row, mdk_cap_name(cap),
			 cap->offset, cap->offset + mdk_cap_size(cap) - 1);
}

static int mdk_layout_outside(const struct mdk_config_spec *spec, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 end = cap->offset + mdk_cap_size(cap);

	if (cap->offset & 3)
		return mdk_fault(spec->desc, "M141", "capability %u '%s' at 0x%x: offsets are multiples of 4",
				 row, mdk_cap_name(cap), cap->offset);
	if (cap->offset < PCI_STD_HEADER_SIZEOF)
		return mdk_fault(spec->desc, "M142", "capability %u '%s' (0x%x to 0x%x) overlaps the header (0x0 to 0x%x): move it, or leave its .offset to the SDK",
				 row, mdk_cap_name(cap), cap->offset, end - 1,
				 PCI_STD_HEADER_SIZEOF - 1);
	return mdk_fault(spec->desc, "M143", "capability %u '%s' (0x%x to 0x%x) does not fit between 0x%x and 0x%x, where its kind lies",
			 row, mdk_cap_name(cap), cap->offset, end - 1, mdk_space_first(cap),
			 mdk_space_end(cap) - 1);
}

static int mdk_layout_fixed(const struct mdk_config_spec *spec, u16 *offsets, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 size = mdk_cap_size(cap), other;

	if (cap->offset & 3 || cap->offset < mdk_space_first(cap) ||
	    cap->offset > mdk_space_end(cap) || size > mdk_space_end(cap) - cap->offset)
		return mdk_layout_outside(spec, row);
	other = mdk_layout_hit(spec, offsets, cap->offset, cap->offset + size);
	if (other < spec->nr_caps)
		return mdk_layout_clash(spec, offsets, row, other);
	offsets[row] = cap->offset;
	return 0;
}

/* The first gap that is large enough. */
static int mdk_layout_chosen(const struct mdk_config_spec *spec, u16 *offsets, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row), *last = NULL;
	u32 at = mdk_space_first(cap), size = mdk_cap_size(cap), other;

	for (;;) {
		other = mdk_layout_hit(spec, offsets, at, at + size);
		if (other == spec->nr_caps)
			break;
		last = mdk_spec_cap(spec, other);
		at = offsets[other] + mdk_cap_size(last);
	}
	if (at > mdk_space_end(cap) || size > mdk_space_end(cap) - at)
		return mdk_fault(spec->desc, "M144", "capability %u '%s' of 0x%x bytes finds no room between 0x%x and 0x%x; the last one there is '%s', up to 0x%x: drop one, or close gaps between fixed offsets",
				 row, mdk_cap_name(cap), size, mdk_space_first(cap),
				 mdk_space_end(cap) - 1, last ? mdk_cap_name(last) : "none", at - 1);
	offsets[row] = at;
	return 0;
}

/* The list of extended capabilities begins at 0x100, so one must be there. */
static int mdk_layout_head(const struct mdk_config_spec *spec, const u16 *offsets)
{
	const struct mdk_cap *cap, *first = NULL;
	u32 i;

	for (i = 0; i < spec->nr_caps; i++) {
		cap = mdk_spec_cap(spec, i);
		if (!mdk_cap_is_extended(cap) || !offsets[i])
			continue;
		if (offsets[i] == MDK_CONFIG_SIZE)
			return 0;
		first = cap;
	}
	if (!first)
		return 0;
	return mdk_fault(spec->desc, "M145", "capability '%s' at 0x%x: no extended capability lies at 0x%x, where the list begins: move one there, or leave its .offset to the SDK",
			 mdk_cap_name(first), first->offset, MDK_CONFIG_SIZE);
}

/*
 * Fixed offsets first, then the others around them. @offsets: MDK_CAPS_MAX, zero on entry.
 * Return: number of faults, each printed.
 */
int mdk_config_layout(const struct mdk_config_spec *spec, u16 *offsets)
{
	int bad = 0;
	u32 i;

	for (i = 0; i < spec->nr_caps; i++)
		if (mdk_spec_cap(spec, i)->offset)
			bad += mdk_layout_fixed(spec, offsets, i);
	for (i = 0; i < spec->nr_caps; i++)
		if (!mdk_spec_cap(spec, i)->offset)
			bad += mdk_layout_chosen(spec, offsets, i);
	return bad ? bad : mdk_layout_head(spec, offsets);
}
