// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register page, in Markdown: /sys/kernel/debug/mdk/<model>/registers, and docs/registers.md of
 * a generated driver. One source for both, so that they can be compared. No kernel in here.
 */
#include "page.h"

static const char *const mdk_reg_kinds[] = {
	[MDK_REG_KIND_RO] = "RO", [MDK_REG_KIND_RW] = "RW", [MDK_REG_KIND_W1C] = "W1C",
	[MDK_REG_KIND_WO] = "WO", [MDK_REG_KIND_RC] = "RC", [MDK_REG_KIND_RSVD] = "reserved",
	[MDK_REG_KIND_COUNTER64] = "COUNTER64", [MDK_REG_KIND_W1S] = "W1S",
	[MDK_REG_KIND_EDID] = "EDID",
};

static const char *const mdk_region_kinds[] = {
	[MDK_REGION_KIND_REGS] = "registers",
	[MDK_REGION_KIND_RAM] = "memory",
	[MDK_REGION_KIND_CALLBACK] = "callbacks",
	[MDK_REGION_KIND_HW] = "hardware",
	[MDK_REGION_KIND_EDID] = "monitor",
};

static const char *const mdk_irq_names[MDK_NR_IRQ_INDEXES] = {
	[MDK_IRQ_INTX] = "INTx", [MDK_IRQ_MSI] = "MSI", [MDK_IRQ_MSIX] = "MSI-X",
	[MDK_IRQ_ERR] = "error", [MDK_IRQ_REQ] = "request",
};

const char *mdk_page_reg_kind(enum mdk_reg_kind kind)
{
	return mdk_reg_kinds[kind];
}

const char *mdk_page_region_kind(enum mdk_region_kind kind)
{
	return mdk_region_kinds[kind];
}

const char *mdk_page_irq_name(enum mdk_irq_index index)
{
	return mdk_irq_names[index];
}

static const struct {
	u32 flag;
	const char *name;
} mdk_flag_names[] = {
	{ MDK_MMAP, "mmap" }, { MDK_PREFETCH, "prefetchable" }, { MDK_BAR64, "64 bits" },
	{ MDK_READONLY, "read-only" }, { MDK_IO, "I/O" }, { MDK_STATS, "statistics" },
};

struct mdk_config_spec mdk_page_spec(const struct mdk_page *page, u32 i)
{
	return mdk_desc_config_spec(page->desc, mdk_desc_type(page->desc, i));
}

/* Registers */

static const struct mdk_reg *mdk_page_reg_at(const struct mdk_page *page,
					     const struct mdk_region *region, u32 i)
{
	return (const void *)((const char *)region->regs + i * page->desc->reg_size);
}

/* "START 0, MODE 5-4" */
static void mdk_page_bits(const struct mdk_page *page, const struct mdk_reg *reg)
{
	const struct mdk_bits *bits = NULL;
	u32 i, nr = mdk_desc_bits(page->desc, reg, &bits);

	for (i = 0; i < nr; i++) {
		mdk_page_printf(page->out, "%s%s %u", i ? ", " : "", bits[i].name, bits[i].high);
		if (bits[i].low != bits[i].high)
			mdk_page_printf(page->out, "-%u", bits[i].low);
	}
}

/* Of several words, but one thing: its first word stands for it. */
static bool mdk_reg_is_one(const struct mdk_reg *reg)
{
	return reg->kind == MDK_REG_KIND_COUNTER64 || reg->kind == MDK_REG_KIND_EDID;
}

/* Registers of one row have its name and their number: QUEUE[2]. */
static void mdk_page_reg(const struct mdk_page *page, const struct mdk_reg *reg, u32 index,
			 bool with_bits)
{
	bool counter = reg->kind == MDK_REG_KIND_COUNTER64;

	mdk_page_printf(page->out, "| 0x%03x | %s",
			reg->offset + index * mdk_desc_stride(page->desc, reg), reg->name);
	if (!mdk_reg_is_one(reg) && mdk_desc_count(page->desc, reg) > 1)
		mdk_page_printf(page->out, "[%u]", index);
	mdk_page_printf(page->out, " | %s | 0x%08x | 0x%08x | %u |", mdk_reg_kinds[reg->kind],
			reg->reset, reg->mask, counter ? 64 : 32);
	if (with_bits) {
		mdk_page_printf(page->out, " ");
		mdk_page_bits(page, reg);
		mdk_page_printf(page->out, " |");
	}
	mdk_page_printf(page->out, "\n");
}

static bool mdk_page_has_bits(const struct mdk_page *page, const struct mdk_region *region)
{
	const struct mdk_bits *bits;
	u32 i;

	for (i = 0; i < region->nr_regs; i++)
		if (mdk_desc_bits(page->desc, mdk_page_reg_at(page, region, i), &bits))
			return true;
	return false;
}

static void mdk_page_regs(const struct mdk_page *page, const struct mdk_region *region)
{
	bool with_bits = mdk_page_has_bits(page, region);
	const struct mdk_reg *reg;
	u32 i, j, nr;

	mdk_page_printf(page->out, "\n## Registers of region %u, %s\n\n", region->index,
			region->name);
	mdk_page_printf(page->out, "| offset | name | kind | reset | mask | width |%s\n",
			with_bits ? " bits |" : "");
	mdk_page_printf(page->out, "|---|---|---|---|---|---|%s\n", with_bits ? "---|" : "");
	for (i = 0; i < region->nr_regs; i++) {
		reg = mdk_page_reg_at(page, region, i);
		nr = mdk_reg_is_one(reg) ? 1 : mdk_desc_count(page->desc, reg);
		for (j = 0; j < nr; j++)
			mdk_page_reg(page, reg, j, with_bits);
	}
}

/* Types mostly differ in their RAM only: a table that an earlier type has too is only named. */
static const struct mdk_region *mdk_page_seen(const struct mdk_page *page, u32 before,
					      const struct mdk_reg *regs, u32 *type)
{
	const struct mdk_region *region;
	struct mdk_config_spec spec;
	u32 i, j;

	for (i = 0; i < before; i++) {
		spec = mdk_page_spec(page, i);
		for (j = 0; j < spec.nr_regions; j++) {
			region = mdk_spec_region(&spec, j);
			if (region->regs == regs) {
				*type = i;
				return region;
			}
		}
	}
	return NULL;
}

static void mdk_page_table(const struct mdk_page *page, u32 i, const struct mdk_region *region)
{
	const struct mdk_region *seen;
	u32 type;

	seen = mdk_page_seen(page, i, region->regs, &type);
	if (!seen) {
		mdk_page_regs(page, region);
		return;
	}
	mdk_page_printf(page->out, "\nRegisters of region %u, %s: those of region %u of type %s-%s\n",
			region->index, region->name, seen->index, page->desc->model->name,
			mdk_desc_type(page->desc, type)->id);
}

/* Regions */

static void mdk_page_flags(const struct mdk_page *page, const struct mdk_region *region)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mdk_flag_names); i++) {
		if (!(region->flags & mdk_flag_names[i].flag))
			continue;
		mdk_page_printf(page->out, "%s%s", comma, mdk_flag_names[i].name);
		comma = ", ";
	}
}

static void mdk_page_region(const struct mdk_page *page, const struct mdk_region *region)
{
	mdk_page_printf(page->out, "| %u | %s | %s | 0x%llx | %u-%u | ", region->index,
			region->name, mdk_region_kinds[region->kind],
			(unsigned long long)region->size, region->valid.min ? region->valid.min : 1,
			region->valid.max ? region->valid.max : 8);
	mdk_page_flags(page, region);
	mdk_page_printf(page->out, " |\n");
}

static void mdk_page_regions(const struct mdk_page *page, u32 i)
{
	const struct mdk_config_spec spec = mdk_page_spec(page, i);
	const struct mdk_region *region;
	u32 j;

	mdk_page_printf(page->out, "\n## Regions of type %s-%s\n\n", page->desc->model->name,
			mdk_desc_type(page->desc, i)->id);
	mdk_page_printf(page->out, "| index | name | kind | size | widths | flags |\n");
	mdk_page_printf(page->out, "|---|---|---|---|---|---|\n");
	for (j = 0; j < spec.nr_regions; j++)
		mdk_page_region(page, mdk_spec_region(&spec, j));
	for (j = 0; j < spec.nr_regions; j++) {
		region = mdk_spec_region(&spec, j);
		if (region->kind == MDK_REGION_KIND_REGS)
			mdk_page_table(page, i, region);
	}
}

/* A type with the same regions as the type before is only in the table of types. */
static void mdk_page_types(const struct mdk_page *page)
{
	u32 i;

	mdk_page_printf(page->out, "\n## Types\n\n| name | cost | description |\n|---|---|---|\n");
	for (i = 0; i < page->desc->model->nr_types; i++) {
		const struct mdk_type *type = mdk_desc_type(page->desc, i);

		mdk_page_printf(page->out, "| %s-%s | %u | %s |\n", page->desc->model->name, type->id,
				type->cost ? type->cost : type->costs[0],
				type->description ? type->description : type->name);
	}
	for (i = 0; i < page->desc->model->nr_types; i++)
		if (!i || mdk_page_spec(page, i).regions != mdk_page_spec(page, i - 1).regions)
			mdk_page_regions(page, i);
}

/* Interrupts and capabilities */

static void mdk_page_irqs(const struct mdk_page *page)
{
	u32 i;

	if (!page->desc->model->nr_irqs)
		return;
	mdk_page_printf(page->out, "\n## Interrupts\n\n| index | name | vectors |\n|---|---|---|\n");
	for (i = 0; i < page->desc->model->nr_irqs; i++) {
		const struct mdk_irq *irq = &page->desc->model->irqs[i];

		mdk_page_printf(page->out, "| %u | %s | %u |\n", irq->index,
				mdk_irq_names[irq->index], irq->count);
	}
}

static void mdk_page_cap(const struct mdk_page *page, const struct mdk_cap *cap, u32 offset)
{
	const struct mdk_config_spec spec = mdk_page_spec(page, 0);

	mdk_page_printf(page->out, "| 0x%02x | %s | ", offset, mdk_cap_name(cap));
	if (cap->kind == MDK_CAP_KIND_MSIX)
		mdk_page_printf(page->out, "table: BAR %u, 0x%x; pending bits: BAR %u, 0x%x",
				cap->table_bar, cap->table_offset, cap->pba_bar, cap->pba_offset);
	if (mdk_cap_live_size(&spec, cap))
		mdk_page_printf(page->out, "bytes of the driver's state");
	mdk_page_printf(page->out, " |\n");
}

static void mdk_page_caps(const struct mdk_page *page)
{
	const struct mdk_config_spec spec = mdk_page_spec(page, 0);
	u16 offsets[MDK_CAPS_MAX] = {};
	u32 i;

	if (!spec.nr_caps)
		return;
	/* This finds no fault: the model was checked. */
	mdk_config_layout(&spec, offsets);
	mdk_page_printf(page->out,
			"\n## Capabilities\n\n| offset | name | where |\n|---|---|---|\n");
	for (i = 0; i < spec.nr_caps; i++)
		mdk_page_cap(page, mdk_spec_cap(&spec, i), offsets[i]);
}

void mdk_page_print(const struct mdk_page *page)
{
	const struct mdk_model *model = page->desc->model;
	const struct mdk_config_spec spec = mdk_page_spec(page, 0);

	mdk_page_printf(page->out, "# %s\n\nPCI device %04x:%04x, class %04x, revision %02x;",
			model->name, model->pci.vendor, model->pci.device, model->pci.class,
			model->pci.revision);
	mdk_page_printf(page->out, " %u bytes of configuration space.\n", mdk_config_size(&spec));
	mdk_page_types(page);
	mdk_page_irqs(page);
	mdk_page_causes(page);
	mdk_page_rings(page);
	mdk_page_caps(page);
}
