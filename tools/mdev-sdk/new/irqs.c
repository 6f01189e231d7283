// SPDX-License-Identifier: GPL-2.0-only
/* --irq: parsed and checked, and a place for the MSI-X table. */
#include <string.h>

#include "bars.h"
#include "flag.h"
#include "irqs.h"

static int wrong_irq(const char *text, const char *word)
{
	lab_error("--irq %s: '%s' is no interrupt; intx, msi:N with N = 1, 2, 4, 8, 16 or 32, "
		  "msix:N with N up to 2048, or err is needed", text, word);
	return LAB_USAGE;
}

static int set_vectors(const char *text, unsigned int *vectors, long count)
{
	if (*vectors) {
		lab_error("--irq %s: this kind of interrupt is given twice; leave one out", text);
		return LAB_USAGE;
	}
	*vectors = count;
	return LAB_OK;
}

static int parse_irq(struct design *design, const char *text, const struct lab_list *parts)
{
	const char *name = parts->items[0];
	long count = parts->count == 2 ? flag_number(parts->items[1], 2048) : -1;

	if (parts->count == 1 && !strcmp(name, "intx"))
		return set_vectors(text, &design->intx, 1);
	if (parts->count == 1 && !strcmp(name, "err"))
		return set_vectors(text, &design->err, 1);
	if (!strcmp(name, "msix") && count > 0)
		return set_vectors(text, &design->msix, count);
	if (!strcmp(name, "msi") && count > 0 && count <= 32 && !(count & (count - 1)))
		return set_vectors(text, &design->msi, count);
	return wrong_irq(text, text);
}

static int add_irq(struct design *design, const char *text)
{
	struct lab_list parts = { 0 };
	int ret;

	flag_split(text, ":", &parts);
	ret = parse_irq(design, text, &parts);
	lab_list_free(&parts);
	return ret;
}

int irqs_add(struct design *design)
{
	int ret = LAB_OK;

	for (size_t i = 0; !ret && i < design->irq_flags->count; i++)
		ret = add_irq(design, design->irq_flags->items[i]);
	if (!ret && !design->irq_flags->count && design->kind->irq)
		ret = add_irq(design, design->kind->irq);
	if (design->kind->keeps_intx)
		design->intx = 1;
	return ret;
}

/* Where the MSI-X table and its pending bits lie: the upper half of a BAR of registers. */

static uint64_t msix_bytes(unsigned int vectors)
{
	return 16ULL * vectors + (vectors + 63) / 64 * 8;
}

static bool msix_fits(const struct bar *bar, unsigned int vectors)
{
	return bar->size && bar->kind == BAR_REGS && !(bar->flags & BAR_IO) &&
	       bar->used <= bar->size / 2 && msix_bytes(vectors) <= bar->size / 2;
}

static int refuse_msix(const struct design *design, unsigned int index)
{
	const struct bar *bar = &design->bars[index];
	uint64_t size = bar->size;

	while (size / 2 < msix_bytes(design->msix) || size / 2 < bar->used)
		size *= 2;
	lab_error("--irq msix:%u: its table has no room in the upper half of BAR %u (%llu bytes); make "
		  "that BAR larger, --bar %u:regs:%llu, or take fewer vectors", design->msix, index,
		  (unsigned long long)bar->size, index, (unsigned long long)size);
	return -1;
}

static int add_msix_bar(struct design *design)
{
	uint64_t size = PAGE;

	while (size / 2 < msix_bytes(design->msix))
		size *= 2;
	for (unsigned int i = 0; i < PCI_BARS; i++)
		if (bars_free(design, i)) {
			design->bars[i] = (struct bar){ .kind = BAR_REGS, .size = size, .used = 8 };
			return i;
		}
	lab_error("--irq msix:%u: its table needs a BAR of registers, and no index is free for one; "
		  "leave out a --bar, or make one regs", design->msix);
	return -1;
}

/* The last one with room; a new one where there is none of registers at all. */
static int choose_msix_bar(struct design *design)
{
	int last = -1;

	for (int i = PCI_BARS - 1; i >= 0; i--) {
		const struct bar *bar = &design->bars[i];

		if (msix_fits(bar, design->msix))
			return i;
		if (last < 0 && bar->size && bar->kind == BAR_REGS && !(bar->flags & BAR_IO))
			last = i;
	}
	return last < 0 ? add_msix_bar(design) : refuse_msix(design, last);
}

int irqs_place_msix(struct design *design)
{
	int index;

	if (!design->msix)
		return LAB_OK;
	if (design->msix < design->kind->msix_used) {
		lab_error("--irq msix:%u: the kind %s has something to say on %u vectors; take msix:%u or "
			  "more", design->msix, design->kind->name, design->kind->msix_used,
			  design->kind->msix_used);
		return LAB_USAGE;
	}
	index = choose_msix_bar(design);
	if (index < 0)
		return LAB_USAGE;
	design->msix_bar = index;
	design->msix_table = design->bars[index].size / 2;
	design->msix_pba = design->msix_table + 16 * design->msix;
	return LAB_OK;
}
