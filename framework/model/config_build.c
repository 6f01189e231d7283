// SPDX-License-Identifier: GPL-2.0-only
/* The masks of a configuration space: header and capabilities. No kernel in here. */
#include <linux/pci_regs.h>

#include "config_space.h"

/**
 * struct mdk_field - a register as PCI describes it
 * @offset: from the start of its structure
 * @reset: value at power-on
 * @write: bits that a guest can change
 * @w1c: bits that a guest clears
 */
struct mdk_field {
	u16 offset;
	u32 reset;
	u32 write;
	u32 w1c;
};

static const struct mdk_field mdk_header_fields[] = {
	/* Guests set these bits in any case; a device without I/O BAR or DMA can ignore them. */
	{ PCI_COMMAND, 0,
	  PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
		  PCI_COMMAND_SERR },
	{ PCI_STATUS, 0, 0,
	  PCI_STATUS_PARITY | PCI_STATUS_SIG_TARGET_ABORT | PCI_STATUS_REC_TARGET_ABORT |
		  PCI_STATUS_REC_MASTER_ABORT | PCI_STATUS_SIG_SYSTEM_ERROR |
		  PCI_STATUS_DETECTED_PARITY },
	{ PCI_CACHE_LINE_SIZE, 0, 0xff },
	{ PCI_INTERRUPT_LINE, 0, 0xff },
};

static const struct mdk_field mdk_pm_fields[] = {
	{ PCI_PM_PMC, 3 },
	{ PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET, PCI_PM_CTRL_STATE_MASK },
};

static const struct mdk_field mdk_msi_fields[] = {
	{ PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT, PCI_MSI_FLAGS_ENABLE },
	{ PCI_MSI_ADDRESS_LO, 0, 0xfffffffc },
	{ PCI_MSI_ADDRESS_HI, 0, 0xffffffff },
	{ PCI_MSI_DATA_64, 0, 0xffff },
};

static const struct mdk_field mdk_msix_fields[] = {
	{ PCI_MSIX_FLAGS, 0, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL },
};

/* Registers that are zero in endpoints without the feature are left out. */
static const struct mdk_field mdk_pcie_fields[] = {
	{ PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4 },
	{ PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR },
	{ PCI_EXP_DEVCTL,
	  PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ_512B,
	  PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE |
		  PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ },
	{ PCI_EXP_DEVSTA, 0, 0,
	  PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED | PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_URD },
	/* Bit 22, ASPM Optionality Compliance: ASPM may be missing. */
	{ PCI_EXP_LNKCAP, BIT(22) },
	{ PCI_EXP_LNKCTL, 0, PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_ES },
};

/* Adds the field's bits to its word; all others, reserved ones too, stay zero and read-only. */
static void mdk_put_field(struct mdk_config_map *map, u32 base, const struct mdk_field *field)
{
	u32 at = base + field->offset, shift = 8 * (at & 3);
	struct mdk_config_word *word = &map->words[at / 4];

	word->reset |= field->reset << shift;
	word->write |= field->write << shift;
	word->w1c |= field->w1c << shift;
}

static void mdk_put_fields(struct mdk_config_map *map, u32 base, const struct mdk_field *fields,
			   size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		mdk_put_field(map, base, &fields[i]);
}

#define MDK_PUT_FIELDS(_map, _base, _fields)                                                       \
	mdk_put_fields(_map, _base, _fields, ARRAY_SIZE(_fields))

/* A value that a guest cannot change. */
static void mdk_put_fixed(struct mdk_config_map *map, u32 at, u32 value)
{
	const struct mdk_field field = { .offset = at, .reset = value };

	mdk_put_field(map, 0, &field);
}

static void mdk_put_writable(struct mdk_config_map *map, u32 at, u32 bits)
{
	const struct mdk_field field = { .offset = at, .write = bits };

	mdk_put_field(map, 0, &field);
}

static void mdk_claim(struct mdk_config_map *map, u32 at, u32 size, u8 owner)
{
	u32 i;

	for (i = at / 4; i < (at + size) / 4; i++) {
		map->words[i].owner = owner;
		map->words[i].stable = ~0U;
	}
}

/* What a device is, and where its capabilities lie, no stream changes. */
static void mdk_move_writable(struct mdk_config_map *map, u32 at, u32 size)
{
	u32 i;

	for (i = at / 4; i < (at + size) / 4; i++)
		map->words[i].moves = map->words[i].write | map->words[i].w1c;
}

/* Header */

static void mdk_build_bar(struct mdk_config_map *map, const struct mdk_region *region)
{
	u32 at = PCI_BASE_ADDRESS_0 + 4 * region->index;
	u32 flags = region->flags & MDK_IO ? PCI_BASE_ADDRESS_SPACE_IO : 0;
	u64 mask = ~(region->size - 1);

	if (region->flags & MDK_PREFETCH)
		flags |= PCI_BASE_ADDRESS_MEM_PREFETCH;
	if (region->flags & MDK_BAR64) {
		flags |= PCI_BASE_ADDRESS_MEM_TYPE_64;
		mdk_put_writable(map, at + 4, upper_32_bits(mask));
	}
	mdk_put_fixed(map, at, flags);
	mdk_put_writable(map, at, lower_32_bits(mask));
}

/* Address and enable bit: a guest can write both. */
static void mdk_build_rom(struct mdk_config_map *map, const struct mdk_region *region)
{
	mdk_put_writable(map, PCI_ROM_ADDRESS,
			 ~(u32)(region->size - 1) | PCI_ROM_ADDRESS_ENABLE);
}

static void mdk_build_bars(const struct mdk_config_spec *spec, struct mdk_config_map *map)
{
	const struct mdk_region *region;
	u32 i;

	for (i = 0; i < spec->nr_regions; i++) {
		region = mdk_spec_region(spec, i);
		if (region->index < MDK_ROM_INDEX)
			mdk_build_bar(map, region);
		else if (region->index == MDK_ROM_INDEX)
			mdk_build_rom(map, region);
	}
}

static void mdk_build_identity(const struct mdk_pci *pci, struct mdk_config_map *map)
{
	u16 vendor = pci->subsystem_vendor ? pci->subsystem_vendor : pci->vendor;
	u16 device = pci->subsystem_device ? pci->subsystem_device : pci->device;

	mdk_put_fixed(map, PCI_VENDOR_ID, pci->vendor);
	mdk_put_fixed(map, PCI_DEVICE_ID, pci->device);
	mdk_put_fixed(map, PCI_REVISION_ID, pci->revision);
	mdk_put_fixed(map, PCI_CLASS_PROG, pci->prog_if);
	mdk_put_fixed(map, PCI_CLASS_DEVICE, pci->class);
	mdk_put_fixed(map, PCI_SUBSYSTEM_VENDOR_ID, vendor);
	mdk_put_fixed(map, PCI_SUBSYSTEM_ID, device);
}

static void mdk_build_header(const struct mdk_config_spec *spec, struct mdk_config_map *map)
{
	mdk_claim(map, 0, PCI_STD_HEADER_SIZEOF, MDK_OWNER_HEADER);
	MDK_PUT_FIELDS(map, 0, mdk_header_fields);
	mdk_build_identity(spec->pci, map);
	mdk_build_bars(spec, map);
	if (mdk_spec_vectors(spec, MDK_IRQ_INTX)) {
		mdk_put_fixed(map, PCI_INTERRUPT_PIN, 1);
		mdk_put_writable(map, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
		/* Not stored: it is the level of INTx, see mdk_config_live(). */
		map->words[PCI_STATUS / 4].stable &= ~((u32)PCI_STATUS_INTERRUPT << 16);
	}
	mdk_move_writable(map, 0, PCI_STD_HEADER_SIZEOF);
}

/* Capabilities */

static void mdk_build_msi(const struct mdk_config_spec *spec, struct mdk_config_map *map, u32 at)
{
	u32 count = mdk_spec_vectors(spec, MDK_IRQ_MSI), log = 0;

	MDK_PUT_FIELDS(map, at, mdk_msi_fields);
	while (2U << log <= count)
		log++;
	mdk_put_fixed(map, at + PCI_MSI_FLAGS, log << 1);
	if (log)
		mdk_put_writable(map, at + PCI_MSI_FLAGS, PCI_MSI_FLAGS_QSIZE);
}

static void mdk_build_msix(const struct mdk_config_spec *spec, struct mdk_config_map *map, u32 at,
			   const struct mdk_cap *cap)
{
	MDK_PUT_FIELDS(map, at, mdk_msix_fields);
	mdk_put_fixed(map, at + PCI_MSIX_FLAGS, mdk_spec_vectors(spec, MDK_IRQ_MSIX) - 1);
	mdk_put_fixed(map, at + PCI_MSIX_TABLE, cap->table_offset | cap->table_bar);
	mdk_put_fixed(map, at + PCI_MSIX_PBA, cap->pba_offset | cap->pba_bar);
}

static void mdk_build_pcie(struct mdk_config_map *map, u32 at, const struct mdk_cap *cap)
{
	u32 speed = cap->link_speed ? cap->link_speed : 1;
	u32 link = speed | (cap->link_width ? cap->link_width : 1) << 4;

	MDK_PUT_FIELDS(map, at, mdk_pcie_fields);
	mdk_put_fixed(map, at + PCI_EXP_LNKCAP, link);
	mdk_put_fixed(map, at + PCI_EXP_LNKSTA, link);
	mdk_put_fixed(map, at + PCI_EXP_LNKCAP2, (BIT(speed) - 1) << 1);
	mdk_put_fixed(map, at + PCI_EXP_LNKCTL2, speed);
	map->devctl = at + PCI_EXP_DEVCTL;
}

/* The byte at @at is the @i-th of the row's bytes in the driver's state. */
static void mdk_put_live(struct mdk_config_map *map, u32 at, const struct mdk_cap *cap, u32 i)
{
	struct mdk_config_word *word = &map->words[at / 4];

	word->live |= 0xffU << 8 * (at & 3);
	word->state = (s32)(cap->live + i) - (s32)(at & 3);
	map->any_live = true;
}

static void mdk_build_vendor(const struct mdk_config_spec *spec, struct mdk_config_map *map, u32 at,
			     const struct mdk_cap *cap)
{
	bool live = mdk_cap_live_size(spec, cap);
	u32 i;

	for (i = 0; i < cap->size; i++) {
		if (live)
			mdk_put_live(map, at + i, cap, i);
		else
			mdk_put_fixed(map, at + i, cap->data[i]);
		if (cap->write)
			mdk_put_writable(map, at + i, cap->write[i]);
		if (cap->unstable)
			map->words[(at + i) / 4].stable &= ~(0xffU << 8 * ((at + i) & 3));
		else
			map->words[(at + i) / 4].moves |= 0xffU << 8 * ((at + i) & 3);
	}
}

static void mdk_build_window(struct mdk_config_map *map, u32 at)
{
	mdk_put_fixed(map, at + 2, MDK_WINDOW_SIZE | MDK_WINDOW_TYPE << 8);
	mdk_put_writable(map, at + MDK_WINDOW_BAR, 0xff);
	mdk_put_writable(map, at + MDK_WINDOW_OFFSET, ~0U);
	mdk_put_writable(map, at + MDK_WINDOW_WIDTH, ~0U);
	mdk_put_writable(map, at + MDK_WINDOW_DATA, ~0U);
	map->window = at;
}

static void mdk_build_cap(const struct mdk_config_spec *spec, struct mdk_config_map *map, u32 row)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 at = map->offsets[row];

	mdk_claim(map, at, mdk_cap_size(cap), MDK_OWNER_CAPS + row);
	switch (cap->kind) {
	case MDK_CAP_KIND_PM:
		MDK_PUT_FIELDS(map, at, mdk_pm_fields);
		map->pmcsr = at + PCI_PM_CTRL;
		break;
	case MDK_CAP_KIND_MSI:
		mdk_build_msi(spec, map, at);
		break;
	case MDK_CAP_KIND_MSIX:
		mdk_build_msix(spec, map, at, cap);
		break;
	case MDK_CAP_KIND_PCIE:
		mdk_build_pcie(map, at, cap);
		break;
	case MDK_CAP_KIND_VENDOR:
		mdk_put_fixed(map, at + 2, 3 + cap->size);
		mdk_build_vendor(spec, map, at + 3, cap);
		break;
	case MDK_CAP_KIND_XVENDOR:
		mdk_put_fixed(map, at + 4, cap->vsec_id | cap->vsec_revision << 16 |
						     (8 + cap->size) << 20);
		mdk_build_vendor(spec, map, at + 8, cap);
		break;
	case MDK_CAP_KIND_XDSN:
		mdk_put_fixed(map, at + 4, lower_32_bits(cap->serial));
		mdk_put_fixed(map, at + 8, upper_32_bits(cap->serial));
		break;
	case MDK_CAP_KIND_VIRTIO:
		mdk_build_window(map, at);
		break;
	}
	if (cap->kind != MDK_CAP_KIND_VENDOR && cap->kind != MDK_CAP_KIND_XVENDOR)
		mdk_move_writable(map, at, mdk_cap_size(cap));
}

/* Chains */

static const u16 mdk_cap_ids[] = {
	[MDK_CAP_KIND_PM] = PCI_CAP_ID_PM,
	[MDK_CAP_KIND_MSI] = PCI_CAP_ID_MSI,
	[MDK_CAP_KIND_MSIX] = PCI_CAP_ID_MSIX,
	[MDK_CAP_KIND_PCIE] = PCI_CAP_ID_EXP,
	[MDK_CAP_KIND_VENDOR] = PCI_CAP_ID_VNDR,
	[MDK_CAP_KIND_XVENDOR] = PCI_EXT_CAP_ID_VNDR,
	[MDK_CAP_KIND_XDSN] = PCI_EXT_CAP_ID_DSN,
	[MDK_CAP_KIND_VIRTIO] = PCI_CAP_ID_VNDR,
};

/* Links the capabilities of the first 256 bytes from the last to the first. */
static void mdk_chain(const struct mdk_config_spec *spec, struct mdk_config_map *map)
{
	const struct mdk_cap *cap;
	u32 i, next = 0;

	for (i = spec->nr_caps; i--;) {
		cap = mdk_spec_cap(spec, i);
		if (mdk_cap_is_extended(cap))
			continue;
		mdk_put_fixed(map, map->offsets[i], mdk_cap_ids[cap->kind] | next << 8);
		next = map->offsets[i];
	}
	if (!next)
		return;
	mdk_put_fixed(map, PCI_CAPABILITY_LIST, next);
	mdk_put_fixed(map, PCI_STATUS, PCI_STATUS_CAP_LIST);
}

static void mdk_chain_link(const struct mdk_config_spec *spec, struct mdk_config_map *map, u32 row,
			   u32 *next)
{
	const struct mdk_cap *cap = mdk_spec_cap(spec, row);
	u32 version = 1;

	mdk_put_fixed(map, map->offsets[row], mdk_cap_ids[cap->kind] | version << 16 | *next << 20);
	*next = map->offsets[row];
}

/* Likewise extended ones; the capability at 0x100 is the list's head, whatever its row. */
static void mdk_chain_extended(const struct mdk_config_spec *spec, struct mdk_config_map *map)
{
	u32 i, next = 0, head = spec->nr_caps;

	for (i = spec->nr_caps; i--;) {
		if (!mdk_cap_is_extended(mdk_spec_cap(spec, i)))
			continue;
		if (map->offsets[i] == MDK_CONFIG_SIZE)
			head = i;
		else
			mdk_chain_link(spec, map, i, &next);
	}
	if (head < spec->nr_caps)
		mdk_chain_link(spec, map, head, &next);
}

u32 mdk_config_size(const struct mdk_config_spec *spec)
{
	return mdk_spec_find(spec, MDK_CAP_KIND_PCIE) ? MDK_CONFIG_SIZE_PCIE : MDK_CONFIG_SIZE;
}

void mdk_config_build(const struct mdk_config_spec *spec, struct mdk_config_map *map)
{
	u32 i;

	map->size = mdk_config_size(spec);
	map->pmcsr = MDK_CONFIG_NOWHERE;
	map->devctl = MDK_CONFIG_NOWHERE;
	map->window = MDK_CONFIG_NOWHERE;
	/* This finds no fault: mdk_config_check() has done the same layout. */
	mdk_config_layout(spec, map->offsets);
	mdk_build_header(spec, map);
	for (i = 0; i < spec->nr_caps; i++)
		mdk_build_cap(spec, map, i);
	mdk_chain(spec, map);
	mdk_chain_extended(spec, map);
}
