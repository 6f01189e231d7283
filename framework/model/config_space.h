/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space: description, checks, masks, and what a write does. run/access/config.c
 * runs it in a kernel, tests/host/test_config.c in user space.
 */
#ifndef MDK_CONFIG_SPACE_H
#define MDK_CONFIG_SPACE_H

#include <mdk/model.h>

#define MDK_CONFIG_SIZE 256
#define MDK_CONFIG_SIZE_PCIE 4096
/* Offset of a register that a configuration space does not have. */
#define MDK_CONFIG_NOWHERE 0xffff

/*
 * OASIS virtio 1.2, 4.1.4.9, VIRTIO_PCI_CAP_PCI_CFG: the guest says where in which BAR, and what it
 * reads and writes in the last four bytes is there.
 */
#define MDK_WINDOW_TYPE 5
#define MDK_WINDOW_BAR 4
#define MDK_WINDOW_OFFSET 8
#define MDK_WINDOW_WIDTH 12
#define MDK_WINDOW_DATA 16
#define MDK_WINDOW_SIZE 20

struct mdk_desc;

/**
 * struct mdk_config_spec - what a configuration space is made from
 * @desc: for mdk_fault() only
 * @pci: identity
 * @regions: of the type
 * @nr_regions: entries of @regions
 * @irqs: of the model
 * @nr_irqs: entries of @irqs
 * @caps: of the model
 * @nr_caps: entries of @caps
 * @region_size: bytes of an entry of @regions, as the vendor's SDK version has it
 * @reg_size: likewise of a register table
 * @cap_size: likewise of @caps
 * @state_size: bytes of the driver's state
 */
struct mdk_config_spec {
	const struct mdk_desc *desc;
	const struct mdk_pci *pci;
	const struct mdk_region *regions;
	u32 nr_regions;
	const struct mdk_irq *irqs;
	u32 nr_irqs;
	const struct mdk_cap *caps;
	u32 nr_caps;
	size_t region_size;
	size_t reg_size;
	size_t cap_size;
	size_t state_size;
};

static inline const struct mdk_region *mdk_spec_region(const struct mdk_config_spec *spec, u32 i)
{
	return (const void *)((const char *)spec->regions + i * spec->region_size);
}

static inline const struct mdk_cap *mdk_spec_cap(const struct mdk_config_spec *spec, u32 i)
{
	return (const void *)((const char *)spec->caps + i * spec->cap_size);
}

/* Vectors of an interrupt index, 0 without a row for it. */
u32 mdk_spec_vectors(const struct mdk_config_spec *spec, enum mdk_irq_index index);

/* The row of a kind that can be there once only, or NULL. */
const struct mdk_cap *mdk_spec_find(const struct mdk_config_spec *spec, enum mdk_cap_kind kind);

/**
 * struct mdk_bar_part - a part of a BAR that the SDK answers for
 * @name: for messages
 * @bar: its index
 * @offset: bytes from the BAR's start
 * @size: bytes; 0: there is none
 * @written: a guest writes to it
 */
struct mdk_bar_part {
	const char *name;
	u32 bar;
	u64 offset;
	u64 size;
	bool written;
};

struct mdk_bar_part mdk_msix_table(const struct mdk_config_spec *spec, const struct mdk_cap *cap);
struct mdk_bar_part mdk_msix_pba(const struct mdk_config_spec *spec, const struct mdk_cap *cap);

/**
 * struct mdk_config_word - masks of four bytes
 * @reset: value at power-on
 * @write: bits that a guest can change
 * @w1c: bits that a guest clears by writing ones
 * @stable: bits that are the same after a migration
 * @moves: those of them that a stream brings: what a guest can change, and the vendor's own data;
 *         the others are those of the driver here
 * @owner: to what the bytes belong: 0 nothing, 1 the header, from 2 on a row of the capabilities
 * @live: bits that are in the driver's state
 * @state: where, of the first of the four bytes; may lie before the state if that one is not live
 *
 * Owners begin at multiples of 4, so a word never has two.
 */
struct mdk_config_word {
	u32 reset;
	u32 write;
	u32 w1c;
	u32 stable;
	u32 moves;
	u8 owner;
	u32 live;
	s32 state;
};

enum { MDK_OWNER_NONE, MDK_OWNER_HEADER, MDK_OWNER_CAPS };

/**
 * struct mdk_config_map - configuration space of one type
 * @size: bytes
 * @any_live: a word has live bits
 * @pmcsr: offset of the power management control register, or MDK_CONFIG_NOWHERE
 * @devctl: offset of the PCI Express device control register, or MDK_CONFIG_NOWHERE
 * @window: offset of virtio's window into a BAR, or MDK_CONFIG_NOWHERE
 * @offsets: of the capabilities, by row
 * @words: by offset / 4
 */
struct mdk_config_map {
	u32 size;
	bool any_live;
	u16 pmcsr;
	u16 devctl;
	u16 window;
	u16 offsets[MDK_CAPS_MAX];
	struct mdk_config_word words[];
};

/* What has to follow a write. */
#define MDK_CONFIG_COMMAND BIT(0) /* the command register or the power state may have changed */
#define MDK_CONFIG_FLR     BIT(1) /* a Function Level Reset was asked for */

/* config_check.c. Return: number of faults, each printed. */
int mdk_config_check(const struct mdk_config_spec *spec);

/* Bytes of the driver's state that the row shows; a driver of an older SDK shows none. */
static inline u32 mdk_cap_live_size(const struct mdk_config_spec *spec, const struct mdk_cap *cap)
{
	return spec->cap_size >= offsetof(struct mdk_cap, live_size) + sizeof(cap->live_size) ?
		       cap->live_size : 0;
}

/* config_layout.c: places and names */
u32 mdk_cap_size(const struct mdk_cap *cap);
bool mdk_cap_is_extended(const struct mdk_cap *cap);
const char *mdk_cap_name(const struct mdk_cap *cap);
int mdk_config_layout(const struct mdk_config_spec *spec, u16 *offsets);

/* config_build.c: from a checked description; @map: zeroed, with words for mdk_config_size() */
u32 mdk_config_size(const struct mdk_config_spec *spec);
void mdk_config_build(const struct mdk_config_spec *spec, struct mdk_config_map *map);

/* config_write.c */
u32 mdk_config_merge(const struct mdk_config_map *map, u32 word, u32 old, u32 val, u32 enabled);
u32 mdk_config_effects(const struct mdk_config_map *map, u32 word, u32 val, u32 enabled);
u32 mdk_config_guests_own(const struct mdk_config_map *map, u32 word);
bool mdk_config_is_off(u32 command, u32 pmcsr);

#endif /* MDK_CONFIG_SPACE_H */
