/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file card.h
 * @brief The driver of PCI cards that a model stands on, as a description: no probe of one's own.
 *
 * The description says what a card needs, module_mdk_pci_driver() makes a driver of it, and the SDK
 * does the rest:
 *
 * | what happens | what the SDK does, in this order |
 * |---|---|
 * | a card is found | enables it, claims and maps .bar, sets the DMA mask, allocates vectors |
 * | then | .probe; requests interrupts; offers the model |
 * | a step fails | takes back the ones before it, the last first; the log names it (K206, K207) |
 * | unbound, unplugged, unloaded | fences all instances; frees interrupts; .remove |
 * | then | ends DMA; waits for users; unmaps .bar |
 * | sleep or a reset begins | fences all instances; holds interrupts off; .sleep |
 * | the bus reports an error | fences all instances, tells their users; holds interrupts off |
 * | a reset or an error ends | allows DMA; .wake |
 * | sleep ends | allows DMA, if it was allowed before; .wake |
 * | then | lets interrupts in; gives instances their hardware back |
 *
 * What an instance sees of it is the table of mdk/parent.h. Callbacks of one card never run beside
 * each other, but for .irq and .irq_thread; these run only between the return of .probe and the
 * call of .remove, and never between the call of .sleep and the return of .wake. So .probe, .sleep,
 * .wake and .remove need no lock against an interrupt, and wait for the card by looking at it. A
 * message that comes meanwhile is delivered once afterwards.
 *
 * A driver whose cards need more than that has a struct pci_driver of its own and calls the
 * functions of mdk/parent.h.
 */
#ifndef MDK_CARD_H
#define MDK_CARD_H

#include <linux/irqreturn.h>

#include <mdk/driver.h>
#include <mdk/types.h>

struct pci_dev;
struct pci_device_id;
struct mdk_pci_driver;

/** Vectors that a description may ask for; MSI-X has no more. */
#define MDK_PCI_VECTORS_MAX 2048

/**
 * struct mdk_card - a card that is bound, from before .probe until its last user has left
 * @pdev: the device; its drvdata belongs to the SDK
 * @bar: .bar, mapped whole and uncached
 * @vectors: interrupts that the card has, from .min_vectors to .vectors; 0 without .irq
 * @kind: which row of .kinds it is; 0 without them
 * @data: .data_size bytes of the driver, zeroed before .probe; what mdk_parent_data() returns. NULL
 *	if .data_size is 0
 *
 * The SDK makes it; a driver changes only what @data points to.
 */
struct mdk_card {
	struct pci_dev *pdev;
	void __iomem *bar;
	u32 vectors;
	u32 kind;
	void *data;
};

/**
 * struct mdk_pci_kind - one of several kinds of cards
 * @bar: the BAR of memory with its registers, 0 to 5
 * @vectors: of MSI-X or MSI, at most; 0: it has no interrupts
 * @min_vectors: fewer than so many are an error; 0: one is enough
 * @dma: bits of the addresses that it takes, 1 to 64
 */
struct mdk_pci_kind {
	u32 bar;
	u32 vectors;
	u32 min_vectors;
	u32 dma;
};

/**
 * struct mdk_pci_parent - the driver of cards, by MDK_PCI_PARENT()
 * @size: bytes of this struct where the driver was built
 * @kind_size: bytes of struct mdk_pci_kind there
 * @ids: the cards; MODULE_DEVICE_TABLE() has the same table, so that it is loaded for them
 * @nr_ids: entries of @ids, with the empty one at its end
 * @bar: as in struct mdk_pci_kind, and so the next three: of all cards
 * @vectors: see there
 * @min_vectors: see there
 * @dma: see there
 * @kinds: in place of these four, if cards differ: by MDK_PCI_KINDS()
 * @nr_kinds: rows of @kinds; driver_data of an id is the number of its row
 * @data_size: bytes of mdk_card.data
 * @probe: is it the card that is expected? Sets it up, by @bar; it may do DMA. Optional.
 *	Return: 0, or an errno and then all is as before
 * @remove: the card is to be left; its memory may be gone (all-ones). Each @probe that returned 0
 *	has one. No instance touches the card any more, but some may be open still: their close,
 *	fini and show callbacks come later, so memory that these use is mdk_card.data or of
 *	devm_kzalloc(). Optional
 * @irq: a hard interrupt of vector number 0 to mdk_card.vectors - 1. Needed if @vectors is not 0
 * @irq_thread: the second half, in a thread, if @irq returns IRQ_WAKE_THREAD; may sleep. Optional
 * @sleep: what the card is to be told before sleep and reset; by now no instance touches it. Not
 *	called on an error of the bus: the card does not hear. Optional
 * @wake: the card has forgotten everything: sets it up anew. Optional. Return: 0, or an errno:
 *	then the card is lost, and all instances are gone for good (K208)
 *
 * Instances have callbacks of the same occasions, struct mdk_ops: ops.suspend of each comes before
 * @sleep, ops.resume after @wake. Callbacks here may sleep, but for @irq.
 */
struct mdk_pci_parent {
	size_t size;
	size_t kind_size;
	const struct pci_device_id *ids;
	u32 nr_ids;
	u32 bar;
	u32 vectors;
	u32 min_vectors;
	u32 dma;
	const struct mdk_pci_kind *kinds;
	u32 nr_kinds;
	size_t data_size;
	int (*probe)(struct mdk_card *card);
	void (*remove)(struct mdk_card *card);
	irqreturn_t (*irq)(struct mdk_card *card, u32 vector);
	irqreturn_t (*irq_thread)(struct mdk_card *card, u32 vector);
	void (*sleep)(struct mdk_card *card);
	int (*wake)(struct mdk_card *card);
};

/**
 * The cards of @_ids, an array that ends with {}, and what is said of them by name:
 * MDK_PCI_PARENT(ids, .bar = 0, .vectors = 4, .dma = 64, .irq = my_irq)
 */
#define MDK_PCI_PARENT(_ids, ...)                                                                  \
	{ .size = sizeof(struct mdk_pci_parent), .kind_size = sizeof(struct mdk_pci_kind),         \
	  .ids = (_ids), .nr_ids = ARRAY_SIZE(_ids), ##__VA_ARGS__ }

/** Several kinds of cards, an array of struct mdk_pci_kind, in place of .bar, .vectors and .dma. */
#define MDK_PCI_KINDS(_kinds) .kinds = (_kinds), .nr_kinds = ARRAY_SIZE(_kinds)

/** @cond */
struct mdk_pci_driver *__must_check mdk_pci_driver_register(const struct mdk_pci_parent *parent,
							    const struct mdk_model *model,
							    const struct mdk_registration *reg,
							    const char *name);
void mdk_pci_driver_unregister(struct mdk_pci_driver *driver);
/** @endcond */

/**
 * mdk_register_pci() - offer a model on each card of a description
 * @model: the device; must outlive the registration
 * @parent: the description (a pointer); must outlive the registration
 *
 * For a module that does more when it is loaded; else module_mdk_pci_driver() is all. Every fault
 * of the description is named in the kernel log (K200 to K205, K209); those of the model when a
 * card is found. The driver, and the prefix of the types, has the name of the module.
 * Context: may sleep; in module_init().
 * Return: for mdk_unregister_pci(), or an ERR_PTR: -EINVAL for a faulty description, -EOPNOTSUPP
 * for one that needs a newer framework, -ENOMEM, -EBUSY if the PCI bus has a driver of that name.
 */
#define mdk_register_pci(model, parent)                                                            \
	mdk_pci_driver_register(parent, model, &MDK_REGISTRATION, KBUILD_MODNAME)

/**
 * mdk_unregister_pci() - leave all cards
 * @driver: of mdk_register_pci()
 *
 * Context: may sleep until the last user has closed his instance.
 * Guarantees: no callback of description and model runs afterwards.
 */
#define mdk_unregister_pci(driver) mdk_pci_driver_unregister(driver)

#ifndef module_mdk_pci_driver
/** @cond */
/* Of what is known when it is compiled; the rest is looked at when it is registered. */
#define MDK_PCI_NOT(_fault, _message)                                                              \
	compiletime_assert(!(__builtin_constant_p(_fault) && (_fault)), _message)

static __always_inline void mdk_pci_parent_is_right(const struct mdk_pci_parent *parent)
{
	MDK_PCI_NOT(parent->bar > 5, "MDK_PCI_PARENT(): .bar is 0 to 5");
	MDK_PCI_NOT(!parent->kinds && (!parent->dma || parent->dma > 64),
		    "MDK_PCI_PARENT(): .dma is needed, 1 to 64 bits of address");
	MDK_PCI_NOT(parent->vectors > MDK_PCI_VECTORS_MAX, "MDK_PCI_PARENT(): too many .vectors");
	MDK_PCI_NOT(parent->min_vectors > parent->vectors,
		    "MDK_PCI_PARENT(): .min_vectors is more than .vectors");
	MDK_PCI_NOT(parent->vectors && !parent->irq, "MDK_PCI_PARENT(): .vectors without .irq");
	MDK_PCI_NOT(!parent->kinds && !parent->vectors && parent->irq,
		    "MDK_PCI_PARENT(): .irq without .vectors");
	MDK_PCI_NOT(!parent->irq && parent->irq_thread,
		    "MDK_PCI_PARENT(): .irq_thread without .irq");
}

#define MDK_IS_A(_object, _type) __builtin_types_compatible_p(typeof(_object), _type)
/** @endcond */

/**
 * The whole module of a driver of PCI devices. @_driver is a struct mdk_pci_parent; or a
 * struct pci_driver, and then its probe offers @_model with mdk_register_on().
 */
#define module_mdk_pci_driver(_model, _driver)                                                     \
	static struct mdk_pci_driver *_driver##_registered;                                        \
	static int __init _driver##_init(void)                                                     \
	{                                                                                          \
		if (MDK_IS_A(_driver, struct pci_driver))                                          \
			return pci_register_driver((struct pci_driver *)(void *)&_driver);         \
		mdk_pci_parent_is_right((const void *)&_driver);                                   \
		_driver##_registered = mdk_register_pci(&_model, (const void *)&_driver);          \
		return PTR_ERR_OR_ZERO(_driver##_registered);                                      \
	}                                                                                          \
	static void __exit _driver##_exit(void)                                                    \
	{                                                                                          \
		if (MDK_IS_A(_driver, struct pci_driver))                                          \
			pci_unregister_driver((struct pci_driver *)(void *)&_driver);              \
		else                                                                               \
			mdk_unregister_pci(_driver##_registered);                                  \
	}                                                                                          \
	module_init(_driver##_init);                                                               \
	module_exit(_driver##_exit);                                                               \
	MODULE_INFO(mdk_abi, __stringify(MDK_ABI));                                                \
	static_assert(MDK_IS_A(_driver, struct pci_driver) ||                                      \
		      MDK_IS_A(_driver, struct mdk_pci_parent))
#endif

#endif /* MDK_CARD_H */
