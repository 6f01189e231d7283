// SPDX-License-Identifier: GPL-2.0-only
/* From the flags of `new` to a design: nothing here writes. */
#include <string.h>

#include "bars.h"
#include "common/sdk.h"
#include "design.h"
#include "flag.h"
#include "irqs.h"
#include "parent.h"

static int parse_pci_id(struct design *design)
{
	const char *text = design->pci_flag ? design->pci_flag : "1af4:10f0";

	if (!flag_pci_id(text, &design->vendor, &design->device)) {
		lab_error("--pci-id '%s': four hex digits, a colon and four hex digits are needed, such "
			  "as 1af4:10f0", text);
		return LAB_USAGE;
	}
	if (flag_vendor_exists(design->vendor))
		return LAB_OK;
	lab_error("--pci-id %s: no guest sees a device of the vendor %04x; take your own", text,
		  design->vendor);
	return LAB_USAGE;
}

static int find_kind(struct design *design, const char *name)
{
	struct lab_buf all = { 0 };

	for (design->kind = driver_kinds; design->kind->name; design->kind++)
		if (!strcmp(design->kind->name, name))
			return LAB_OK;
	for (const struct kind *kind = driver_kinds; kind->name; kind++)
		if (!kind->on_pci)
			lab_buf_addf(&all, "%s%s", all.len ? ", " : "", kind->name);
	lab_error("no kind '%s' in %s/templates; there are: %s", name, sdk_root(), all.data);
	lab_buf_free(&all);
	return LAB_USAGE;
}

/* A driver on a device starts from one kind, and that from such a parent. */
static int find_kind_on(struct design *design, const char *kind)
{
	bool on_pci;
	int ret = parent_parse(design, &on_pci);

	if (!ret)
		ret = find_kind(design, kind ? kind : on_pci ? "pci" : DEFAULT_KIND);
	if (ret || design->kind->on_pci == on_pci)
		return ret;
	if (on_pci)
		lab_error("--kind %s does not go with --parent pci: a driver on a PCI device starts from "
			  "a kind of its own; leave out --kind, and take over what you need from a tree of "
			  "--kind %s", kind, kind);
	else
		lab_error("--kind %s needs a device: give --parent pci or --parent pci=VENDOR:DEVICE "
			  "instead", kind);
	return LAB_USAGE;
}

/* A guest's driver of such a device knows what it has. */
static int check_virtio(const struct design *design)
{
	const char *flag = design->bar_flags->count ? "--bar" : design->irq_flags->count ? "--irq" :
			   design->pci_flag ? "--pci-id" : NULL;

	if (!design->kind->is_virtio || !flag)
		return LAB_OK;
	lab_error("%s does not go with --kind %s: the specification of virtio says which BAR, "
		  "interrupts and identity such a device has; leave it out", flag,
		  design->kind->name);
	return LAB_USAGE;
}

int design_make(struct design *design, const char *kind)
{
	unsigned int given = 0;
	int ret = find_kind_on(design, kind);

	if (!ret)
		ret = check_virtio(design);

	if (!ret)
		memcpy(design->bars, design->kind->bars, sizeof(design->bars));
	for (size_t i = 0; !ret && i < design->bar_flags->count; i++)
		ret = bars_add(design, design->bar_flags->items[i], &given);
	if (!ret)
		ret = bars_check_neighbours(design);
	if (!ret)
		ret = irqs_add(design);
	/* The SDK's tables of a virtio device place it. */
	if (!ret && !design->kind->is_virtio)
		ret = irqs_place_msix(design);
	return ret ? ret : parse_pci_id(design);
}

void design_flags(const struct design *design, struct lab_list *words)
{
	if (design->kind->on_pci)
		lab_list_addf(words, "--parent=%s", design->parent_flag);
	else
		lab_list_addf(words, "--kind=%s", design->kind->name);
	for (size_t i = 0; i < design->bar_flags->count; i++)
		lab_list_addf(words, "--bar=%s", design->bar_flags->items[i]);
	for (size_t i = 0; i < design->irq_flags->count; i++)
		lab_list_addf(words, "--irq=%s", design->irq_flags->items[i]);
	if (design->pci_flag)
		lab_list_addf(words, "--pci-id=%s", design->pci_flag);
}
