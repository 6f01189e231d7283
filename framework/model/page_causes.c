// SPDX-License-Identifier: GPL-2.0-only
/* The register page: causes of interrupts, by the registers of the first type. */
#include "page.h"

static const struct mdk_reg *mdk_page_find(const struct mdk_page *page, u32 index, u32 offset)
{
	const struct mdk_config_spec spec = mdk_page_spec(page, 0);
	const struct mdk_region *region;
	const struct mdk_reg *reg;
	u32 i, j;

	for (i = 0; i < spec.nr_regions; i++) {
		region = mdk_spec_region(&spec, i);
		for (j = 0; region->index == index && j < region->nr_regs; j++) {
			reg = (const void *)((const char *)region->regs +
					     j * page->desc->reg_size);
			if (reg->offset == offset)
				return reg;
		}
	}
	return NULL;
}

static const char *mdk_page_name(const struct mdk_page *page, u32 index, u32 offset)
{
	const struct mdk_reg *reg = mdk_page_find(page, index, offset);

	return reg ? reg->name : "?";
}

/* The bit's name in the status register, or nothing. */
static const char *mdk_page_bit_name(const struct mdk_page *page, const struct mdk_cause *cause)
{
	const struct mdk_reg *reg = mdk_page_find(page, cause->region, cause->status);
	const struct mdk_bits *bits = NULL;
	u32 i, nr = reg ? mdk_desc_bits(page->desc, reg, &bits) : 0;

	for (i = 0; i < nr; i++)
		if (bits[i].low == cause->bit && bits[i].high == cause->bit)
			return bits[i].name;
	return "";
}

static void mdk_page_vector(const struct mdk_page *page, enum mdk_irq_index index, u32 vector)
{
	const struct mdk_config_spec spec = mdk_page_spec(page, 0);

	if (mdk_spec_vectors(&spec, index))
		mdk_page_printf(page->out, " | %u", vector);
	else
		mdk_page_printf(page->out, " | -");
}

static bool mdk_page_cause_has_more(const struct mdk_cause *cause)
{
	return cause->auto_mask || cause->vector_at || cause->gap_us || cause->gap_at;
}

/* "IMS, cleared by IMC: a one enables" */
static void mdk_page_mask(const struct mdk_page *page, const struct mdk_cause *cause)
{
	if (!cause->polarity)
		return;
	mdk_page_printf(page->out, "%s", mdk_page_name(page, cause->region, cause->mask));
	if (cause->mask_clear)
		mdk_page_printf(page->out, ", cleared by %s",
				mdk_page_name(page, cause->region, cause->mask_clear));
	mdk_page_printf(page->out, ": a one %s",
			cause->polarity == MDK_ONE_MASKS ? "masks" : "enables");
}

/* "masks itself; vector in IVAR; at most one in ITR x 1 us" */
static void mdk_page_more(const struct mdk_page *page, const struct mdk_cause *cause)
{
	const char *then = "";

	if (cause->auto_mask) {
		mdk_page_printf(page->out, "masks itself");
		then = "; ";
	}
	if (cause->vector_at) {
		mdk_page_printf(page->out, "%svector in %s", then,
				mdk_page_name(page, cause->region, cause->vector_at));
		if (cause->vector_bits)
			mdk_page_printf(page->out, ", bits 0x%x", cause->vector_bits);
		then = "; ";
	}
	if (cause->gap_at)
		mdk_page_printf(page->out, "%sat most one in %s x %u us", then,
				mdk_page_name(page, cause->region, cause->gap_at),
				cause->gap_us ? cause->gap_us : 1);
	else if (cause->gap_us)
		mdk_page_printf(page->out, "%sat most one in %u us", then, cause->gap_us);
}

static void mdk_page_cause(const struct mdk_page *page, const struct mdk_cause *cause, bool more)
{
	mdk_page_printf(page->out, "| %u | %s | %u | %s | ", cause->region,
			mdk_page_name(page, cause->region, cause->status), cause->bit,
			mdk_page_bit_name(page, cause));
	mdk_page_mask(page, cause);
	mdk_page_vector(page, MDK_IRQ_MSI, cause->to.msi);
	mdk_page_vector(page, MDK_IRQ_MSIX, cause->to.msix);
	mdk_page_printf(page->out, " |");
	if (more) {
		mdk_page_printf(page->out, " ");
		mdk_page_more(page, cause);
		mdk_page_printf(page->out, " |");
	}
	mdk_page_printf(page->out, "\n");
}

void mdk_page_causes(const struct mdk_page *page)
{
	u32 i, nr = page->desc->model->nr_causes;
	bool more = false;

	if (!nr)
		return;
	for (i = 0; i < nr; i++)
		more |= mdk_page_cause_has_more(mdk_desc_cause(page->desc, i));
	mdk_page_printf(page->out, "\n## Causes of interrupts\n\n"
			"| region | status | bit | name | mask | vector of MSI | of MSI-X |%s\n"
			"|---|---|---|---|---|---|---|%s\n", more ? " more |" : "",
			more ? "---|" : "");
	for (i = 0; i < nr; i++)
		mdk_page_cause(page, mdk_desc_cause(page->desc, i), more);
}
