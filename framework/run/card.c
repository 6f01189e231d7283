// SPDX-License-Identifier: GPL-2.0-only
/*
 * From probe to remove of a card that is bound by a description. What was begun is ended in reverse
 * order, at a failure as at a removal, so each step is a row with its end beside it.
 *
 * A removal fences the instances first; then ends what lets the card act, interrupts and DMA; then
 * waits for users, who hold the rest: a mapping of registers, for one, must not vanish under a
 * callback that comes late.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include <mdk/parent.h>

#include "card.h"

/**
 * struct mdk_card_step - one thing that a card needs
 * @begin: returns 0 or an errno
 * @end: undoes it; optional
 * @what: that could not be done; NULL: the step has said it itself
 * @way_out: what the reader of the log may do
 */
struct mdk_card_step {
	int (*begin)(struct mdk_card_bound *card);
	void (*end)(struct mdk_card_bound *card);
	const char *what;
	const char *way_out;
};

static const struct mdk_pci_parent *mdk_card_parent(const struct mdk_card_bound *card)
{
	return &card->driver->parent;
}

/* What the card needs to be touched */

static int mdk_card_enable(struct mdk_card_bound *card)
{
	return pci_enable_device(card->base.pdev);
}

static void mdk_card_disable(struct mdk_card_bound *card)
{
	pci_disable_device(card->base.pdev);
}

static int mdk_card_find_bar(struct mdk_card_bound *card)
{
	struct pci_dev *pdev = card->base.pdev;
	u32 bar = card->kind->bar;

	if (pci_resource_len(pdev, bar) && pci_resource_flags(pdev, bar) & IORESOURCE_MEM)
		return 0;
	return -ENODEV;
}

static int mdk_card_claim(struct mdk_card_bound *card)
{
	return pci_request_region(card->base.pdev, card->kind->bar, card->driver->base.name);
}

static void mdk_card_disclaim(struct mdk_card_bound *card)
{
	pci_release_region(card->base.pdev, card->kind->bar);
}

static int mdk_card_map(struct mdk_card_bound *card)
{
	card->base.bar = pci_iomap(card->base.pdev, card->kind->bar, 0);
	return card->base.bar ? 0 : -ENOMEM;
}

static void mdk_card_unmap(struct mdk_card_bound *card)
{
	pci_iounmap(card->base.pdev, card->base.bar);
}

static int mdk_card_mask(struct mdk_card_bound *card)
{
	return dma_set_mask_and_coherent(&card->base.pdev->dev, DMA_BIT_MASK(card->kind->dma));
}

/* What lets it act */

static int mdk_card_master(struct mdk_card_bound *card)
{
	pci_set_master(card->base.pdev);
	return 0;
}

static void mdk_card_no_master(struct mdk_card_bound *card)
{
	pci_clear_master(card->base.pdev);
}

static int mdk_card_vectors(struct mdk_card_bound *card)
{
	const struct mdk_pci_kind *kind = card->kind;
	int count;

	if (!kind->vectors)
		return 0;
	count = pci_alloc_irq_vectors(card->base.pdev, kind->min_vectors ?: 1, kind->vectors,
				      PCI_IRQ_MSIX | PCI_IRQ_MSI);
	if (count < 0)
		return count;
	card->base.vectors = count;
	card->lines = kcalloc(count, sizeof(*card->lines), GFP_KERNEL);
	if (card->lines)
		return 0;
	pci_free_irq_vectors(card->base.pdev);
	return -ENOMEM;
}

static void mdk_card_no_vectors(struct mdk_card_bound *card)
{
	if (!card->base.vectors)
		return;
	kfree(card->lines);
	pci_free_irq_vectors(card->base.pdev);
}

static int mdk_card_set_up(struct mdk_card_bound *card)
{
	int (*probe)(struct mdk_card *card) = mdk_card_parent(card)->probe;
	int ret = probe ? probe(&card->base) : 0;

	/* That it is not the right card is for the driver to say. */
	if (ret && ret != -ENODEV && ret != -EPROBE_DEFER)
		dev_err(&card->base.pdev->dev, "not bound: the driver's .probe failed (errno %d); its own lines before say why, if it gave any [K207]\n",
			-ret);
	/* For the end of an error that the slot is reset for. */
	return ret ?: pci_save_state(card->base.pdev);
}

static void mdk_card_take_down(struct mdk_card_bound *card)
{
	if (mdk_card_parent(card)->remove)
		mdk_card_parent(card)->remove(&card->base);
}

static irqreturn_t mdk_card_irq(int irq, void *data)
{
	struct mdk_card_line *line = data;

	return mdk_card_parent(line->card)->irq(&line->card->base, line->vector);
}

static irqreturn_t mdk_card_irq_thread(int irq, void *data)
{
	struct mdk_card_line *line = data;

	return mdk_card_parent(line->card)->irq_thread(&line->card->base, line->vector);
}

static void mdk_card_irqs_end(struct mdk_card_bound *card)
{
	while (card->requested) {
		card->requested--;
		free_irq(pci_irq_vector(card->base.pdev, card->requested),
			 &card->lines[card->requested]);
	}
}

static int mdk_card_irqs_begin(struct mdk_card_bound *card)
{
	irq_handler_t thread = mdk_card_parent(card)->irq_thread ? mdk_card_irq_thread : NULL;
	int ret = 0;

	for (u32 i = 0; !ret && i < card->base.vectors; i++) {
		card->lines[i] = (struct mdk_card_line){ .card = card, .vector = i };
		ret = request_threaded_irq(pci_irq_vector(card->base.pdev, i), mdk_card_irq, thread,
					   0, card->driver->base.name, &card->lines[i]);
		card->requested += !ret;
	}
	if (ret)
		mdk_card_irqs_end(card);
	return ret;
}

void mdk_card_irqs_hold(struct mdk_card_bound *card)
{
	for (u32 i = 0; i < card->requested; i++)
		disable_irq(pci_irq_vector(card->base.pdev, i));
}

void mdk_card_irqs_let(struct mdk_card_bound *card)
{
	for (u32 i = 0; i < card->requested; i++)
		enable_irq(pci_irq_vector(card->base.pdev, i));
}

/* Until the last user has left. */
static const struct mdk_card_step mdk_card_reach[] = {
	{ mdk_card_enable, mdk_card_disable, "it cannot be enabled",
	  "lines of its bridge or of ACPI before this one say why" },
	{ mdk_card_find_bar, NULL, "the BAR that .bar says is none of memory",
	  "lspci -v lists those that it has; correct .bar, or the ids" },
	{ mdk_card_claim, mdk_card_disclaim, "the BAR of its registers cannot be claimed",
	  "/proc/iomem says who has it; unbind that driver, or correct .bar" },
	{ mdk_card_map, mdk_card_unmap, "the BAR of its registers cannot be mapped",
	  "free memory and bind it again" },
	{ mdk_card_mask, NULL, "the machine cannot do DMA within .dma bits of address",
	  "an IOMMU that translates, or as many bits as the card really takes" },
};

/* Until all instances are fenced. */
static const struct mdk_card_step mdk_card_act[] = {
	{ mdk_card_master, mdk_card_no_master },
	{ mdk_card_vectors, mdk_card_no_vectors, "it gets neither MSI-X nor MSI, or too few vectors",
	  "correct .vectors and .min_vectors; a kernel started with pci=nomsi has none" },
	{ mdk_card_set_up, mdk_card_take_down },
	{ mdk_card_irqs_begin, mdk_card_irqs_end, "an interrupt cannot be requested",
	  "free memory and bind it again" },
};

static void mdk_card_end(struct mdk_card_bound *card, const struct mdk_card_step *steps, size_t nr)
{
	while (nr--)
		if (steps[nr].end)
			steps[nr].end(card);
}

static int mdk_card_begin(struct mdk_card_bound *card, const struct mdk_card_step *steps, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		int ret = steps[i].begin(card);

		if (!ret)
			continue;
		if (steps[i].what && ret != -EPROBE_DEFER)
			dev_err(&card->base.pdev->dev, "not bound: %s (errno %d): %s [K206]\n",
				steps[i].what, -ret, steps[i].way_out);
		mdk_card_end(card, steps, i);
		return ret;
	}
	return 0;
}

/* A card that its guests can have. */
static int mdk_card_offer(struct mdk_card_bound *card)
{
	int ret = mdk_card_begin(card, mdk_card_act, ARRAY_SIZE(mdk_card_act));

	if (ret)
		return ret;
	card->host = mdk_host_register_on(card->driver->model, &card->driver->reg,
					  &card->base.pdev->dev, card->base.data);
	if (IS_ERR(card->host))
		mdk_card_end(card, mdk_card_act, ARRAY_SIZE(mdk_card_act));
	return PTR_ERR_OR_ZERO(card->host);
}

static struct mdk_card_bound *mdk_card_alloc(struct pci_dev *pdev, u32 kind)
{
	struct mdk_pci_driver *driver = container_of(pdev->driver, struct mdk_pci_driver, base);
	struct mdk_card_bound *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	card->driver = driver;
	card->kind = &driver->kinds[kind];
	card->base.pdev = pdev;
	card->base.kind = kind;
	if (!driver->parent.data_size)
		return card;
	card->base.data = kzalloc(driver->parent.data_size, GFP_KERNEL);
	if (card->base.data)
		return card;
	kfree(card);
	return NULL;
}

static void mdk_card_free(struct mdk_card_bound *card)
{
	pci_set_drvdata(card->base.pdev, NULL);
	kfree(card->base.data);
	kfree(card);
}

static int mdk_card_bind(struct mdk_card_bound *card)
{
	int ret = mdk_card_begin(card, mdk_card_reach, ARRAY_SIZE(mdk_card_reach));

	if (ret)
		return ret;
	ret = mdk_card_offer(card);
	if (ret)
		mdk_card_end(card, mdk_card_reach, ARRAY_SIZE(mdk_card_reach));
	return ret;
}

static int mdk_card_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct mdk_pci_driver *driver = container_of(pdev->driver, struct mdk_pci_driver, base);
	/* Without kinds driver_data says nothing. */
	u32 kind = id->driver_data < driver->nr_kinds ? id->driver_data : 0;
	struct mdk_card_bound *card = mdk_card_alloc(pdev, kind);
	int ret;

	if (!card)
		return -ENOMEM;
	pci_set_drvdata(pdev, card);
	ret = mdk_card_bind(card);
	if (ret)
		mdk_card_free(card);
	return ret;
}

static void mdk_card_remove(struct pci_dev *pdev)
{
	struct mdk_card_bound *card = pci_get_drvdata(pdev);

	mdk_gone(card->host);
	mdk_card_end(card, mdk_card_act, ARRAY_SIZE(mdk_card_act));
	mdk_unregister(card->host);
	mdk_card_end(card, mdk_card_reach, ARRAY_SIZE(mdk_card_reach));
	mdk_card_free(card);
}

/* Registration */

static void mdk_pci_driver_free(struct mdk_pci_driver *driver)
{
	kfree(driver->kinds);
	kfree(driver);
}

/* The driver's structs may be those of another SDK version: members that they lack stay zero. */
static int mdk_pci_driver_copy(struct mdk_pci_driver *driver, const struct mdk_pci_parent *parent)
{
	const struct mdk_pci_parent *own = &driver->parent;

	memcpy(&driver->parent, parent, parent->size);
	driver->nr_kinds = own->kinds ? own->nr_kinds : 1;
	driver->kinds = kcalloc(driver->nr_kinds, sizeof(*driver->kinds), GFP_KERNEL);
	if (!driver->kinds)
		return -ENOMEM;
	driver->kinds[0] = (struct mdk_pci_kind){
		.bar = own->bar,
		.vectors = own->vectors,
		.min_vectors = own->min_vectors,
		.dma = own->dma,
	};
	for (u32 i = 0; own->kinds && i < own->nr_kinds; i++)
		memcpy(&driver->kinds[i], (const u8 *)own->kinds + i * own->kind_size,
		       own->kind_size);
	return 0;
}

static struct mdk_pci_driver *mdk_pci_driver_make(const struct mdk_pci_parent *parent,
						  const char *name)
{
	struct mdk_pci_driver *driver = kzalloc(sizeof(*driver), GFP_KERNEL);
	int ret;

	if (!driver)
		return ERR_PTR(-ENOMEM);
	driver->base = (struct pci_driver){
		.name = name,
		.id_table = parent->ids,
		.probe = mdk_card_probe,
		.remove = mdk_card_remove,
		.err_handler = &mdk_card_errors,
		.driver.pm = pm_sleep_ptr(&mdk_card_pm),
	};
	ret = mdk_pci_driver_copy(driver, parent);
	if (!ret && mdk_card_faults(driver))
		ret = -EINVAL;
	if (!ret)
		return driver;
	mdk_pci_driver_free(driver);
	return ERR_PTR(ret);
}

struct mdk_pci_driver *mdk_pci_driver_register(const struct mdk_pci_parent *parent,
					       const struct mdk_model *model,
					       const struct mdk_registration *reg,
					       const char *name)
{
	struct mdk_pci_driver *driver;
	int ret = mdk_card_check_abi(parent, reg, name);

	if (ret)
		return ERR_PTR(ret);
	driver = mdk_pci_driver_make(parent, name);
	if (IS_ERR(driver))
		return driver;
	driver->model = model;
	driver->reg = *reg;
	ret = __pci_register_driver(&driver->base, reg->owner, name);
	if (!ret)
		return driver;
	mdk_pci_driver_free(driver);
	return ERR_PTR(ret);
}

void mdk_pci_driver_unregister(struct mdk_pci_driver *driver)
{
	pci_unregister_driver(&driver->base);
	mdk_pci_driver_free(driver);
}
