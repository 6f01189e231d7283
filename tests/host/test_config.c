// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space without a kernel: what PCI says of each bit is written down here a second
 * time, and the SDK's masks are driven against it with random writes, tables and places.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/pci_regs.h>

#include "model/config_space.h"
#include "model/fault.h"

#define ROUNDS 20000

/* Faults are kept instead of printed. */
static char faults[16384];
static int nr_faults;

int mdk_fault(const struct mdk_desc *desc, const char *id, const char *fmt, ...)
{
	size_t used = strlen(faults);
	va_list args;

	(void)desc;
	(void)id;
	va_start(args, fmt);
	vsnprintf(faults + used, sizeof(faults) - used, fmt, args);
	va_end(args);
	nr_faults++;
	return 1;
}

static int check(const struct mdk_config_spec *spec)
{
	faults[0] = 0;
	nr_faults = 0;
	return mdk_config_check(spec);
}

static u32 seed;

static u32 any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static u32 below(u32 end)
{
	return any() % end;
}

/* A space: the map under test, and the instance's words as config.c would keep them. */
struct space {
	struct mdk_config_map *map;
	u32 *words;
};

static void space_open(struct space *s, const struct mdk_config_spec *spec)
{
	u32 n = mdk_config_size(spec) / 4;

	s->map = calloc(1, sizeof(*s->map) + n * sizeof(s->map->words[0]));
	s->words = calloc(n, sizeof(u32));
	mdk_config_build(spec, s->map);
	for (u32 i = 0; i < n; i++)
		s->words[i] = s->map->words[i].reset;
}

static void space_close(struct space *s)
{
	free(s->map);
	free(s->words);
}

static u8 byte(const struct space *s, u32 at)
{
	return (u8)(s->words[at / 4] >> 8 * (at & 3));
}

static u32 get(const struct space *s, u32 at, u32 width)
{
	u32 val = 0;

	while (width--)
		val = val << 8 | byte(s, at + width);
	return val;
}

/* An aligned write, as config.c does it. */
static u32 put(struct space *s, u32 at, u32 width, u32 val)
{
	u32 word = at / 4, shift = 8 * (at & 3);
	u32 enabled = (width == 4 ? ~0U : (1U << 8 * width) - 1) << shift;

	s->words[word] = mdk_config_merge(s->map, word, s->words[word], val << shift, enabled);
	return mdk_config_effects(s->map, word, val << shift, enabled);
}

/* A device of everything */

static const struct mdk_reg regs[] = {
	{ .offset = 0, .kind = MDK_REG_KIND_RO, .name = "ID" },
	{ .offset = 0x7fc, .kind = MDK_REG_KIND_RO, .name = "LAST" },
};

static const struct mdk_region regions[] = {
	MDK_BAR_REGS(0, "ctrl", SZ_4K, regs),
	MDK_BAR_REGS(1, "ports", 32, regs, .flags = MDK_IO),
	MDK_BAR_MEM(2, "vram", 1ULL << 33, MDK_BAR64 | MDK_PREFETCH),
	MDK_ROM("rom", SZ_64K),
};

static const struct mdk_irq irqs[] = { MDK_INTX(), MDK_MSI(8), MDK_MSIX(65) };
static const u8 data[] = { 0x10, 0x20, 0x30, 0x40, 0x50 };
static const u8 write[] = { 0xff, 0x00, 0x0f, 0xf0, 0x01 };

enum { PM, MSI, MSIX, PCIE, VENDOR, DSN, XVENDOR, NR_CAPS };

static const struct mdk_cap caps[NR_CAPS] = {
	[PM] = MDK_CAP_PM(),
	[MSI] = MDK_CAP_MSI(),
	[MSIX] = MDK_CAP_MSIX(.table_bar = 0, .table_offset = 0x800, .pba_bar = 2),
	[PCIE] = MDK_CAP_PCIE(.link_speed = 4, .link_width = 16, .offset = 0x80),
	[VENDOR] = MDK_CAP_VENDOR(data, write),
	[DSN] = MDK_XCAP_DSN(0x1122334455667788ULL, .offset = 0x400),
	[XVENDOR] = MDK_XCAP_VENDOR(0xabc, 7, data, write, .unstable = true),
};

static const struct mdk_pci pci = MDK_PCI(0x1af4, 0x10f4, 0x0302, .revision = 9, .prog_if = 2);

static const struct mdk_config_spec everything = {
	.pci = &pci, .regions = regions, .nr_regions = ARRAY_SIZE(regions), .irqs = irqs,
	.nr_irqs = ARRAY_SIZE(irqs), .caps = caps, .nr_caps = NR_CAPS,
	.region_size = sizeof(regions[0]), .reg_size = sizeof(regs[0]), .cap_size = sizeof(caps[0]),
};

static const struct mdk_config_spec nothing = {
	.pci = &pci, .regions = regions, .nr_regions = 1, .region_size = sizeof(regions[0]),
	.reg_size = sizeof(regs[0]), .cap_size = sizeof(caps[0]),
};

/* Where they must be: dense from 0x40 on, around what is fixed. */
enum { AT_PM = 0x40, AT_MSI = 0x48, AT_MSIX = 0x58, AT_VENDOR = 0x64, AT_PCIE = 0x80,
       AT_XVENDOR = 0x100, AT_DSN = 0x400 };

/* What a guest can change, from the specifications; all other bits are read-only. */
static const struct {
	u32 at, width, write, w1c;
} bits[] = {
	{ PCI_COMMAND, 2, 0x0547, 0 },
	{ PCI_STATUS, 2, 0, 0xf900 },
	{ PCI_CACHE_LINE_SIZE, 1, 0xff, 0 },
	{ PCI_BASE_ADDRESS_0, 4, 0xfffff000, 0 },
	{ PCI_BASE_ADDRESS_1, 4, 0xffffffe0, 0 },
	{ PCI_BASE_ADDRESS_3, 4, 0xfffffffe, 0 },
	{ PCI_ROM_ADDRESS, 4, 0xffff0001, 0 },
	{ PCI_INTERRUPT_LINE, 1, 0xff, 0 },
	{ AT_PM + 4, 2, 0x0003, 0 },
	{ AT_MSI + 2, 2, 0x0071, 0 },
	{ AT_MSI + 4, 4, 0xfffffffc, 0 },
	{ AT_MSI + 8, 4, 0xffffffff, 0 },
	{ AT_MSI + 12, 2, 0xffff, 0 },
	{ AT_MSIX + 2, 2, 0xc000, 0 },
	{ AT_VENDOR + 3, 1, 0xff, 0 },
	{ AT_VENDOR + 5, 1, 0x0f, 0 },
	{ AT_VENDOR + 6, 1, 0xf0, 0 },
	{ AT_VENDOR + 7, 1, 0x01, 0 },
	{ AT_PCIE + 8, 2, 0x781f, 0 },
	{ AT_PCIE + 10, 2, 0, 0x000f },
	{ AT_PCIE + 16, 2, 0x00c8, 0 },
	{ AT_XVENDOR + 8, 1, 0xff, 0 },
	{ AT_XVENDOR + 10, 1, 0x0f, 0 },
	{ AT_XVENDOR + 11, 1, 0xf0, 0 },
	{ AT_XVENDOR + 12, 1, 0x01, 0 },
};

struct model {
	u8 value[MDK_CONFIG_SIZE_PCIE], write[MDK_CONFIG_SIZE_PCIE], w1c[MDK_CONFIG_SIZE_PCIE];
};

static void model_init(struct model *m, const struct space *s)
{
	memset(m, 0, sizeof(*m));
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		for (u32 k = 0; k < bits[i].width; k++) {
			m->write[bits[i].at + k] = (u8)(bits[i].write >> 8 * k);
			m->w1c[bits[i].at + k] = (u8)(bits[i].w1c >> 8 * k);
		}
	for (u32 i = 0; i < MDK_CONFIG_SIZE_PCIE; i++)
		m->value[i] = byte(s, i);
}

static void model_put(struct model *m, u32 at, u32 width, u32 val)
{
	u8 power = m->value[AT_PM + 4] & 3;

	for (u32 i = at; i < at + width; i++, val >>= 8)
		m->value[i] = (u8)(((m->value[i] & ~m->write[i]) | (val & m->write[i])) &
				   ~(val & m->w1c[i]));
	if ((m->value[AT_PM + 4] & 3) == 1 || (m->value[AT_PM + 4] & 3) == 2)
		m->value[AT_PM + 4] = (u8)((m->value[AT_PM + 4] & ~3) | power);
}

static void model_compare(const struct model *m, const struct space *s)
{
	for (u32 i = 0; i < MDK_CONFIG_SIZE_PCIE; i++)
		if (m->value[i] != byte(s, i))
			fail_msg("at %#x: %#x, the model has %#x", i, byte(s, i), m->value[i]);
}

static void test_random_writes(void **state)
{
	static const u32 widths[] = { 1, 2, 4 };
	struct model m;
	struct space s;

	(void)state;
	assert_int_equal(check(&everything), 0);
	space_open(&s, &everything);
	model_init(&m, &s);
	for (u32 i = 0; i < ROUNDS; i++) {
		u32 width = widths[below(3)], val = any() & any();
		/* Mostly where something is. */
		u32 at = below(below(8) ? 0x120 : MDK_CONFIG_SIZE_PCIE) / width * width;

		if (!below(16)) { /* The device reports errors of all kinds. */
			s.words[PCI_STATUS / 4] |= 0xf900U << 16;
			s.words[AT_PCIE / 4 + 2] |= 0xfU << 16;
			m.value[PCI_STATUS + 1] |= 0xf9;
			m.value[AT_PCIE + 10] |= 0x0f;
		}
		put(&s, at, width, val);
		model_put(&m, at, width, val);
		if (i % 64 == 0)
			model_compare(&m, &s);
	}
	model_compare(&m, &s);
	space_close(&s);
}

static void test_header(void **state)
{
	struct space s;

	(void)state;
	space_open(&s, &everything);
	assert_int_equal(get(&s, PCI_VENDOR_ID, 4), 0x10f41af4);
	assert_int_equal(get(&s, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
	assert_int_equal(get(&s, PCI_CLASS_REVISION, 4), 0x03020209);
	assert_int_equal(get(&s, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x10f41af4);
	assert_int_equal(get(&s, PCI_INTERRUPT_PIN, 1), 1);
	assert_int_equal(get(&s, PCI_BASE_ADDRESS_1, 4), 1);
	assert_int_equal(get(&s, PCI_BASE_ADDRESS_2, 4), 0xc);
	space_close(&s);
	space_open(&s, &nothing);
	assert_int_equal(s.map->size, 256);
	assert_int_equal(get(&s, PCI_STATUS, 2), 0);
	assert_int_equal(get(&s, PCI_CAPABILITY_LIST, 1), 0);
	assert_int_equal(get(&s, PCI_INTERRUPT_PIN, 1), 0);
	put(&s, PCI_COMMAND, 2, PCI_COMMAND_INTX_DISABLE);
	assert_int_equal(get(&s, PCI_COMMAND, 2), 0);
	space_close(&s);
}

static void test_capabilities(void **state)
{
	struct space s;

	(void)state;
	space_open(&s, &everything);
	assert_int_equal(get(&s, AT_PM, 4), 0x00030000 | AT_MSI << 8 | PCI_CAP_ID_PM);
	assert_int_equal(get(&s, AT_PM + 4, 2), PCI_PM_CTRL_NO_SOFT_RESET);
	assert_int_equal(get(&s, AT_MSI, 4), 0x00860000 | AT_MSIX << 8 | PCI_CAP_ID_MSI);
	assert_int_equal(get(&s, AT_MSIX, 4), 64 << 16 | AT_PCIE << 8 | PCI_CAP_ID_MSIX);
	assert_int_equal(get(&s, AT_MSIX + 4, 4), 0x800);
	assert_int_equal(get(&s, AT_MSIX + 8, 4), 2);
	assert_int_equal(get(&s, AT_PCIE, 4), 0x00020000 | AT_VENDOR << 8 | PCI_CAP_ID_EXP);
	assert_int_equal(get(&s, AT_PCIE + 12, 4), 1 << 22 | 16 << 4 | 4);
	assert_int_equal(get(&s, AT_PCIE + 18, 2), 16 << 4 | 4);
	assert_int_equal(get(&s, AT_PCIE + 44, 4), 0x1e);
	assert_int_equal(get(&s, AT_VENDOR, 4), 0x10080000 | PCI_CAP_ID_VNDR);
	assert_int_equal(get(&s, AT_VENDOR + 4, 4), 0x50403020);
	assert_int_equal(get(&s, AT_XVENDOR, 4), AT_DSN << 20 | 0x1000b);
	assert_int_equal(get(&s, AT_XVENDOR + 4, 4), 13 << 20 | 7 << 16 | 0xabc);
	assert_int_equal(get(&s, AT_DSN, 4), 0x10003);
	assert_int_equal(get(&s, AT_DSN + 4, 4), 0x55667788);
	assert_int_equal(get(&s, AT_DSN + 8, 4), 0x11223344);
	space_close(&s);
}

static void test_effects(void **state)
{
	struct space s;

	(void)state;
	space_open(&s, &everything);
	assert_int_equal(put(&s, PCI_COMMAND, 2, 7), MDK_CONFIG_COMMAND);
	assert_int_equal(put(&s, AT_PM + PCI_PM_CTRL, 1, 3), MDK_CONFIG_COMMAND);
	assert_int_equal(put(&s, AT_PM + PCI_PM_PMC, 2, ~0U), 0);
	assert_int_equal(put(&s, PCI_VENDOR_ID, 2, ~0U), 0);
	assert_int_equal(put(&s, AT_PCIE + 8, 2, 0x8000), MDK_CONFIG_FLR);
	assert_int_equal(put(&s, AT_PCIE + 9, 1, 0x80), MDK_CONFIG_FLR);
	assert_int_equal(put(&s, AT_PCIE + 8, 1, 0x80), 0);
	assert_int_equal(put(&s, AT_PCIE + 10, 2, 0x8000), 0);
	assert_int_equal(get(&s, AT_PCIE + 8, 2) & 0x8000, 0);
	space_close(&s);
	space_open(&s, &nothing);
	for (u32 at = 8; at < 256; at += 4)
		assert_int_equal(put(&s, at, 4, ~0U), 0);
	space_close(&s);
}

/* By bytes and words, and by what a guest does to other bits of the same register. */
static void test_switched_off(void **state)
{
	const struct {
		u32 at, width, val;
		bool off;
	} writes[] = {
		{ PCI_COMMAND, 2, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, true },
		{ PCI_COMMAND, 1, PCI_COMMAND_MASTER, false },
		{ PCI_COMMAND + 1, 1, 0xff, false },
		{ PCI_STATUS, 2, ~0U, false },
		{ AT_PM + PCI_PM_CTRL, 2, 1, false },
		{ AT_PM + PCI_PM_CTRL, 2, 3, true },
		{ PCI_COMMAND, 4, PCI_COMMAND_MASTER, true },
		{ AT_PM + PCI_PM_CTRL, 1, 2, true },
		{ AT_PM + PCI_PM_CTRL, 4, 0, false },
		{ PCI_COMMAND, 1, 0xff & ~PCI_COMMAND_MASTER, true },
	};
	struct space s;

	(void)state;
	space_open(&s, &everything);
	assert_true(mdk_config_is_off(get(&s, PCI_COMMAND, 4), get(&s, AT_PM + PCI_PM_CTRL, 4)));
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		put(&s, writes[i].at, writes[i].width, writes[i].val);
		assert_int_equal(mdk_config_is_off(get(&s, PCI_COMMAND, 4),
						   get(&s, AT_PM + PCI_PM_CTRL, 4)),
				 writes[i].off);
	}
	space_close(&s);
}

static void test_moves(void **state)
{
	struct space s;

	(void)state;
	space_open(&s, &everything);
	/* What it is stays; the level of the pin is kept elsewhere. */
	assert_int_equal(s.map->words[0].stable, ~0U);
	assert_int_equal(s.map->words[0].moves, 0);
	assert_int_equal(s.map->words[1].stable, ~0x00080000U);
	/* Bus mastering and an error that a guest clears; not that there are capabilities. */
	assert_int_equal(s.map->words[1].moves & 0x80180004, 0x80000004);
	/* Nor where they lie; data of the vendor's, but that of the host is not kept at all. */
	assert_int_equal(s.map->words[AT_VENDOR / 4].moves, 0xff000000);
	assert_int_equal(s.map->words[AT_VENDOR / 4 + 1].moves, ~0U);
	assert_int_equal(s.map->words[AT_XVENDOR / 4].stable, ~0U);
	assert_int_equal(s.map->words[AT_XVENDOR / 4].moves, 0);
	assert_int_equal(s.map->words[AT_XVENDOR / 4 + 2].stable, 0);
	assert_int_equal(s.map->words[AT_XVENDOR / 4 + 2].moves, 0);
	assert_int_equal(s.map->words[AT_XVENDOR / 4 + 3].stable, 0xffffff00);
	assert_int_equal(s.map->words[0xfc0 / 4].stable, 0);
	space_close(&s);
}

static void test_msi_counts(void **state)
{
	static const u16 flags[] = { 0x80, 0x82, 0x84, 0x86, 0x88, 0x8a };
	const struct mdk_cap cap = MDK_CAP_MSI();

	(void)state;
	for (u32 log = 0; log < ARRAY_SIZE(flags); log++) {
		const struct mdk_irq irq = MDK_MSI(1U << log);
		struct mdk_config_spec spec = nothing;
		struct space s;

		spec.caps = &cap;
		spec.nr_caps = 1;
		spec.irqs = &irq;
		spec.nr_irqs = 1;
		assert_int_equal(check(&spec), 0);
		space_open(&s, &spec);
		assert_int_equal(get(&s, 0x42, 2), flags[log]);
		put(&s, 0x42, 2, 0xffff);
		assert_int_equal(get(&s, 0x42, 2), flags[log] | (log ? 0x71 : 0x01));
		space_close(&s);
	}
}

/* Tables of another version of the SDK have longer rows. */
static void test_longer_rows(void **state)
{
	struct {
		struct mdk_cap cap;
		u64 later[3];
	} rows[NR_CAPS];
	struct mdk_config_spec spec = everything;
	struct space a, b;

	(void)state;
	memset(rows, 0xee, sizeof(rows));
	for (u32 i = 0; i < NR_CAPS; i++)
		rows[i].cap = caps[i];
	spec.caps = &rows[0].cap;
	spec.cap_size = sizeof(rows[0]);
	assert_int_equal(check(&spec), 0);
	space_open(&a, &everything);
	space_open(&b, &spec);
	assert_memory_equal(a.words, b.words, a.map->size);
	space_close(&a);
	space_close(&b);
}

/* Random tables */

static const u8 zeros[MDK_CONFIG_SIZE_PCIE];

struct table {
	struct mdk_cap cap[24];
	u32 nr;
	struct mdk_config_spec spec;
};

static void random_table(struct table *t)
{
	bool pcie = below(2);

	memset(t, 0, sizeof(*t));
	t->spec = nothing;
	t->spec.caps = t->cap;
	if (pcie)
		t->cap[t->nr++] = (struct mdk_cap){
			.kind = MDK_CAP_KIND_PCIE, .offset = below(2) ? 0 : 0x40 + 4 * below(48),
		};
	for (u32 n = below(10); n--; t->nr++) {
		struct mdk_cap *cap = &t->cap[t->nr];
		bool extended = pcie && below(2);

		cap->kind = extended ? MDK_CAP_KIND_XVENDOR : MDK_CAP_KIND_VENDOR;
		cap->data = zeros;
		cap->size = 1 + below(extended ? 900 : 40);
		if (below(3))
			cap->offset = extended ? 0x100 + 4 * below(960) : 0x40 + 4 * below(48);
		if (extended && !below(4))
			cap->offset = 0x100;
		if (!below(40))
			cap->offset = any() >> below(32);
	}
	t->spec.nr_caps = t->nr;
}

static u32 bytes_of(const struct mdk_cap *cap)
{
	if (cap->kind == MDK_CAP_KIND_PCIE)
		return 60;
	return (cap->size + (cap->kind == MDK_CAP_KIND_VENDOR ? 3 : 8) + 3) / 4 * 4;
}

/* Whether the fixed offsets alone can be: each byte painted by hand. */
static bool fixed_can_be(const struct table *t)
{
	static u8 painted[MDK_CONFIG_SIZE_PCIE];

	memset(painted, 0, sizeof(painted));
	for (u32 i = 0; i < t->nr; i++) {
		const struct mdk_cap *cap = &t->cap[i];
		bool extended = cap->kind == MDK_CAP_KIND_XVENDOR;

		if (!cap->offset)
			continue;
		if (cap->offset % 4 || cap->offset < (extended ? 0x100 : 0x40) ||
		    (u64)cap->offset + bytes_of(cap) > (extended ? 4096 : 256))
			return false;
		for (u32 k = 0; k < bytes_of(cap); k++)
			if (painted[cap->offset + k]++)
				return false;
	}
	return true;
}

/* Nothing is left to the SDK, and where extended capabilities are one is at the list's head. */
static bool all_fixed(const struct table *t)
{
	bool extended = false, head = false;

	for (u32 i = 0; i < t->nr; i++) {
		if (!t->cap[i].offset)
			return false;
		extended |= t->cap[i].kind == MDK_CAP_KIND_XVENDOR;
		head |= t->cap[i].offset == MDK_CONFIG_SIZE;
	}
	return head || !extended;
}

/* A walk along a list, as a guest does it; each capability must be met exactly once. */
static void walk(const struct table *t, const struct space *s, bool extended)
{
	u32 at = extended ? 0x100 : get(s, PCI_CAPABILITY_LIST, 1), met = 0, wanted = 0;
	u8 seen[MDK_CONFIG_SIZE_PCIE] = {};

	for (u32 i = 0; i < t->nr; i++)
		wanted += extended == (t->cap[i].kind == MDK_CAP_KIND_XVENDOR);
	if (extended && (s->map->size == 256 || !get(s, at, 4)))
		at = 0;
	for (; at; met++) {
		assert_int_equal(at % 4, 0);
		assert_int_equal(seen[at]++, 0);
		assert_true(s->map->words[at / 4].owner >= MDK_OWNER_CAPS);
		assert_int_equal(s->map->offsets[s->map->words[at / 4].owner - MDK_OWNER_CAPS], at);
		at = extended ? get(s, at, 4) >> 20 : get(s, at + 1, 1);
	}
	assert_int_equal(met, wanted);
	assert_int_equal(!!(get(s, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST),
			 !!get(s, PCI_CAPABILITY_LIST, 1));
}

static void owners_are_right(const struct table *t, const struct space *s)
{
	u32 owned[MDK_CAPS_MAX + MDK_OWNER_CAPS] = {};

	for (u32 i = 0; i < s->map->size / 4; i++) {
		const struct mdk_config_word *word = &s->map->words[i];

		owned[word->owner] += 4;
		if (word->owner == MDK_OWNER_NONE)
			assert_int_equal(word->reset | word->write | word->w1c | word->stable |
					 word->moves, 0);
	}
	assert_int_equal(owned[MDK_OWNER_HEADER], 64);
	for (u32 i = 0; i < t->nr; i++) {
		assert_int_equal(owned[MDK_OWNER_CAPS + i], bytes_of(&t->cap[i]));
		if (t->cap[i].offset)
			assert_int_equal(s->map->offsets[i], t->cap[i].offset);
	}
}

static void test_random_tables(void **state)
{
	u32 good = 0, bad = 0;

	(void)state;
	for (u32 i = 0; i < ROUNDS; i++) {
		struct table t;
		struct space s;
		int found;

		random_table(&t);
		found = check(&t.spec);
		assert_int_equal(found, nr_faults);
		if (!fixed_can_be(&t))
			assert_true(found);
		else if (all_fixed(&t))
			assert_false(found);
		bad += !!found;
		if (found)
			continue;
		good++;
		space_open(&s, &t.spec);
		walk(&t, &s, false);
		walk(&t, &s, true);
		owners_are_right(&t, &s);
		space_close(&s);
	}
	/* Both happen often enough to mean something. */
	assert_true(good > ROUNDS / 10);
	assert_true(bad > ROUNDS / 10);
}

/* What the SDK places itself finds every gap that is there. */
static void test_fills_the_space(void **state)
{
	struct table t = { .spec = nothing };
	struct space s;

	(void)state;
	for (t.nr = 0; t.nr < 16; t.nr++)
		t.cap[t.nr] = (struct mdk_cap){
			.kind = MDK_CAP_KIND_VENDOR, .data = zeros, .size = 9,
		};
	t.cap[7].offset = 0x40;
	t.spec.caps = t.cap;
	t.spec.nr_caps = t.nr;
	assert_int_equal(check(&t.spec), 0);
	space_open(&s, &t.spec);
	for (u32 i = 0; i < s.map->size / 4; i++)
		assert_int_not_equal(s.map->words[i].owner, MDK_OWNER_NONE);
	walk(&t, &s, false);
	space_close(&s);
	t.cap[t.nr++] = (struct mdk_cap)MDK_CAP_VENDOR(data, NULL, .name = "too much");
	t.spec.nr_caps = t.nr;
	assert_int_equal(check(&t.spec), 1);
	assert_non_null(strstr(faults, "'too much' of 0x8 bytes finds no room"));
}

static void test_clash_names_both(void **state)
{
	const struct mdk_cap two[] = {
		MDK_CAP_VENDOR(data, NULL, .name = "doorbells", .offset = 0x60),
		MDK_CAP_VENDOR(data, NULL, .name = "mailbox", .offset = 0x64),
	};
	struct mdk_config_spec spec = nothing;

	(void)state;
	spec.caps = two;
	spec.nr_caps = 2;
	assert_int_equal(check(&spec), 1);
	assert_non_null(strstr(faults, "'doorbells' (0x60 to 0x67)"));
	assert_non_null(strstr(faults, "'mailbox' (0x64 to 0x6b)"));
	spec.nr_caps = MDK_CAPS_MAX + 1;
	assert_int_equal(check(&spec), 1);
}

/* MSI-X table and pending bits at random places of a BAR of registers, painted by hand. */
static void test_random_msix(void **state)
{
	u32 good = 0;

	(void)state;
	for (u32 i = 0; i < ROUNDS; i++) {
		u32 count = 1 + below(160), table = below(0x1100) & ~(below(8) ? 7U : 3U);
		u32 pba = below(0x1100) & ~(below(8) ? 7U : 3U);
		const struct mdk_cap cap = MDK_CAP_MSIX(.table_offset = table, .pba_offset = pba);
		const struct mdk_irq irq = MDK_MSIX(count);
		struct mdk_config_spec spec = nothing;
		u8 painted[0x3000] = {};
		bool can_be = table % 8 == 0 && pba % 8 == 0;

		for (size_t r = 0; r < ARRAY_SIZE(regs); r++)
			memset(painted + regs[r].offset, 1, 4);
		memset(painted + 0x1000, 1, 0x2000);
		for (u32 k = 0; k < 16 * count; k++)
			can_be &= !painted[table + k]++;
		for (u32 k = 0; k < (count + 63) / 64 * 8; k++)
			can_be &= !painted[pba + k]++;
		spec.caps = &cap;
		spec.nr_caps = 1;
		spec.irqs = &irq;
		spec.nr_irqs = 1;
		if (!check(&spec) != can_be)
			fail_msg("%u vectors, table %#x, PBA %#x: %s", count, table, pba,
				 can_be ? faults : "accepted");
		good += can_be;
	}
	assert_true(good > ROUNDS / 10 && good < ROUNDS - ROUNDS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_random_writes),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_msi_counts),
		cmocka_unit_test(test_longer_rows),
		cmocka_unit_test(test_random_tables),
		cmocka_unit_test(test_fills_the_space),
		cmocka_unit_test(test_clash_names_both),
		cmocka_unit_test(test_random_msix),
	};
	const char *given = getenv("MDK_TEST_SEED");

	seed = given ? (u32)strtoul(given, NULL, 0) : 0x5eed1234;
	seed += !seed;
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
