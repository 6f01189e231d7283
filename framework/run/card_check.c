// SPDX-License-Identifier: GPL-2.0-only
/* What a description of cards must not say: all of it is named, when it is registered. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "card.h"

static unsigned int mdk_card_fault(const char *name, const char *fault)
{
	if (fault)
		pr_err("driver '%s': its description %s [K204]\n", name, fault);
	return fault != NULL;
}

int mdk_card_check_abi(const struct mdk_pci_parent *parent, const struct mdk_registration *reg,
		       const char *name)
{
	if (!parent->size || !parent->kind_size) {
		mdk_card_fault(name, "does not begin with MDK_PCI_PARENT(), so that its size is not known: use that");
		return -EINVAL;
	}
	if (reg->abi <= MDK_ABI && parent->size <= sizeof(*parent) &&
	    parent->kind_size <= sizeof(struct mdk_pci_kind))
		return 0;
	pr_err("driver '%s': its description was built with mdev-sdk ABI %u, this framework has ABI %u: install the newer mdev-sdk framework [K209]\n",
	       name, reg->abi, MDK_ABI);
	return -EOPNOTSUPP;
}

static bool mdk_card_id_empty(const struct pci_device_id *id)
{
	return !id->vendor && !id->subvendor && !id->class_mask;
}

/* Return: entries before the empty one; nr_ids if there is none. */
static u32 mdk_card_count_ids(const struct mdk_pci_parent *parent)
{
	u32 count = 0;

	while (parent->ids && count < parent->nr_ids && !mdk_card_id_empty(&parent->ids[count]))
		count++;
	return count;
}

static unsigned int mdk_card_ids_faults(const struct mdk_pci_driver *driver)
{
	const struct mdk_pci_parent *parent = &driver->parent;
	u32 count = mdk_card_count_ids(parent);
	unsigned int faults = 0;

	if (!count || count == parent->nr_ids) {
		pr_err("driver '%s': its table of ids has %u entries%s: at least one PCI_DEVICE() is needed, and {} behind the last [K200]\n",
		       driver->base.name, count, count ? " and no {} at its end" : "");
		faults++;
	}
	for (u32 i = 0; parent->kinds && i < count; i++) {
		if (parent->ids[i].driver_data < parent->nr_kinds)
			continue;
		pr_err("driver '%s': driver_data of id %u (%04x:%04x) is %lu, and .kinds has rows 0 to %u: correct one of them [K205]\n",
		       driver->base.name, i, parent->ids[i].vendor, parent->ids[i].device,
		       parent->ids[i].driver_data, parent->nr_kinds - 1);
		faults++;
	}
	return faults;
}

static unsigned int mdk_card_vector_faults(const struct mdk_pci_driver *driver, u32 nr)
{
	const struct mdk_pci_kind *kind = &driver->kinds[nr];

	if (kind->vectors <= MDK_PCI_VECTORS_MAX && kind->min_vectors <= kind->vectors)
		return 0;
	pr_err("driver '%s': kind %u: .min_vectors is %u and .vectors %u: the first is at most the second, and that at most %u [K202]\n",
	       driver->base.name, nr, kind->min_vectors, kind->vectors, MDK_PCI_VECTORS_MAX);
	return 1;
}

static unsigned int mdk_card_kind_faults(const struct mdk_pci_driver *driver, u32 nr)
{
	const struct mdk_pci_kind *kind = &driver->kinds[nr];
	unsigned int faults = mdk_card_vector_faults(driver, nr);

	if (kind->bar >= PCI_STD_NUM_BARS) {
		pr_err("driver '%s': kind %u: .bar is %u: the number of a BAR of memory is needed, 0 to %d [K201]\n",
		       driver->base.name, nr, kind->bar, PCI_STD_NUM_BARS - 1);
		faults++;
	}
	if (!kind->dma || kind->dma > 64) {
		pr_err("driver '%s': kind %u: .dma is %u: the bits of the addresses that the card takes are needed, 1 to 64 [K203]\n",
		       driver->base.name, nr, kind->dma);
		faults++;
	}
	return faults;
}

/* Handlers and vectors go together, .vectors of one kind at least. */
static const char *mdk_card_irq_fault(const struct mdk_pci_driver *driver)
{
	const struct mdk_pci_parent *parent = &driver->parent;
	u32 vectors = 0;

	for (u32 i = 0; i < driver->nr_kinds; i++)
		vectors = max(vectors, driver->kinds[i].vectors);
	if (vectors && !parent->irq)
		return "asks for .vectors and has no .irq: give the handler, or .vectors = 0";
	if (!vectors && parent->irq)
		return "has an .irq and asks for no .vectors: say how many the card has at most";
	if (parent->irq_thread && !parent->irq)
		return "has an .irq_thread and no .irq, which wakes it: give one that returns IRQ_WAKE_THREAD";
	return NULL;
}

static const char *mdk_card_kinds_fault(const struct mdk_pci_parent *parent)
{
	if (parent->kinds && (parent->bar || parent->vectors || parent->min_vectors || parent->dma))
		return "has .kinds, and .bar, .vectors, .min_vectors or .dma beside them, which nobody reads: put those into the rows";
	return NULL;
}

unsigned int mdk_card_faults(const struct mdk_pci_driver *driver)
{
	const char *name = driver->base.name;
	unsigned int faults = mdk_card_ids_faults(driver);

	faults += mdk_card_fault(name, mdk_card_irq_fault(driver));
	faults += mdk_card_fault(name, mdk_card_kinds_fault(&driver->parent));
	for (u32 i = 0; i < driver->nr_kinds; i++)
		faults += mdk_card_kind_faults(driver, i);
	return faults;
}
