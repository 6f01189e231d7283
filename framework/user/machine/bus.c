// SPDX-License-Identifier: GPL-2.0-only
/* The bus: which driver has which card, and what is told of one that leaves something behind. */
#include <linux/mutex.h>
#include <linux/slab.h>

#include "machine.h"

const struct bus_type pci_bus_type = { .name = "pci" };

/* @bus_lock is held over probe and remove, as the kernel's lock of a device; @list_lock is not. */
static DEFINE_MUTEX(bus_lock);
static DEFINE_SPINLOCK(list_lock);
static LIST_HEAD(cards);
static LIST_HEAD(drivers);

static bool any_or(u32 id, u32 found)
{
	return id == PCI_ANY_ID || id == found;
}

static bool matches(const struct pci_device_id *id, const struct pci_dev *pdev)
{
	return any_or(id->vendor, pdev->vendor) && any_or(id->device, pdev->device) &&
	       any_or(id->subvendor, pdev->subsystem_vendor) &&
	       any_or(id->subdevice, pdev->subsystem_device) &&
	       !((id->class ^ pdev->class) & id->class_mask);
}

static const struct pci_device_id *find_id(const struct pci_driver *driver,
					   const struct pci_dev *pdev)
{
	const struct pci_device_id *id = driver->id_table;

	for (; id && (id->vendor || id->subvendor || id->class_mask); id++)
		if (matches(id, pdev))
			return id;
	return NULL;
}

static void left(const struct user_card *card, const char *what)
{
	user_warn(__FILE__, __LINE__, "%s: its driver has left it, and %s",
		  dev_name(&card->pdev.dev), what);
}

/* Each of these is the driver's to undo, as in a kernel; devm has undone its own. */
static void look_what_is_left(struct user_card *card)
{
	for (unsigned int i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (card->bars[i].mapped)
			left(card, "a BAR is still mapped: pci_iounmap()");
		if (card->bars[i].claimed)
			left(card, "a BAR is still claimed: pci_release_region()");
		card->bars[i].mapped = 0;
		card->bars[i].claimed = false;
	}
	irqs_left(card);
	dma_left(card);
	if (card->enabled)
		left(card, "it is still enabled: pci_disable_device()");
	card->enabled = 0;
}

static void set_driver(struct pci_dev *pdev, struct pci_driver *driver)
{
	pdev->driver = driver;
	pdev->dev.driver = driver ? &driver->driver : NULL;
}

static void end_binding(struct user_card *card)
{
	user_devm_release(&card->pdev.dev);
	card->pdev.user_managed = false;
	set_driver(&card->pdev, NULL);
	pci_set_drvdata(&card->pdev, NULL);
	look_what_is_left(card);
}

static void bind(struct user_card *card, struct pci_driver *driver)
{
	const struct pci_device_id *id = find_id(driver, &card->pdev);
	int ret;

	if (card->pdev.driver || !id)
		return;
	set_driver(&card->pdev, driver);
	ret = driver->probe(&card->pdev, id);
	if (!ret)
		return;
	end_binding(card);
	if (ret != -ENODEV && ret != -ENXIO)
		pr_err("%s: probe of %s failed (errno %d); its own lines before say why, if it gave any [K242]\n",
		       driver->name, pci_name(&card->pdev), -ret);
}

static void unbind(struct user_card *card)
{
	struct pci_driver *driver = card->pdev.driver;

	if (!driver)
		return;
	if (driver->remove)
		driver->remove(&card->pdev);
	end_binding(card);
}

/* Else a driver's parents are missing and nobody says why. */
static void tell_unmatched(const struct pci_driver *driver)
{
	const struct pci_device_id *id = driver->id_table;
	const struct user_card *card;

	list_for_each_entry(card, &cards, link)
		if (find_id(driver, &card->pdev))
			return;
	card = list_first_entry_or_null(&cards, struct user_card, link);
	if (card && id)
		pr_notice("%s: no card is for it: its first id is %04x:%04x, the card of tests/parent.c is %04x:%04x; correct one of them [K243]\n",
			  driver->name, id->vendor, id->device, card->pdev.vendor,
			  card->pdev.device);
	else
		pr_notice("%s: there is no card for it: describe one in tests/parent.c of the tree, by user_card() [K244]\n",
			  driver->name);
}

int __pci_register_driver(struct pci_driver *driver, struct module *owner, const char *name)
{
	struct user_card *card;

	might_sleep();
	driver->driver.name = driver->name;
	driver->driver.owner = owner;
	mutex_lock(&bus_lock);
	list_add_tail(&driver->user_link, &drivers);
	list_for_each_entry(card, &cards, link)
		bind(card, driver);
	tell_unmatched(driver);
	mutex_unlock(&bus_lock);
	return 0;
}

void pci_unregister_driver(struct pci_driver *driver)
{
	struct user_card *card;

	might_sleep();
	mutex_lock(&bus_lock);
	list_for_each_entry(card, &cards, link)
		if (card->pdev.driver == driver)
			unbind(card);
	list_del(&driver->user_link);
	mutex_unlock(&bus_lock);
}

void bus_add(struct user_card *card)
{
	struct pci_driver *driver;

	mutex_lock(&bus_lock);
	spin_lock(&list_lock);
	list_add_tail(&card->link, &cards);
	spin_unlock(&list_lock);
	list_for_each_entry(driver, &drivers, user_link)
		bind(card, driver);
	mutex_unlock(&bus_lock);
}

void bus_del(struct user_card *card)
{
	mutex_lock(&bus_lock);
	unbind(card);
	spin_lock(&list_lock);
	list_del(&card->link);
	spin_unlock(&list_lock);
	mutex_unlock(&bus_lock);
}

struct user_card *bus_card_nr(unsigned int nr)
{
	struct user_card *card, *found = NULL;

	spin_lock(&list_lock);
	list_for_each_entry(card, &cards, link)
		if (card->nr == nr)
			found = card;
	spin_unlock(&list_lock);
	return found;
}

/* The BAR that is at @at: in this process, with the page behind it, or of the bus. */
static struct user_card *find_bar(u64 at, bool phys, struct card_bar **bar, u64 *offset)
{
	struct user_card *card, *found = NULL;
	unsigned int i;

	spin_lock(&list_lock);
	list_for_each_entry(card, &cards, link) {
		for (i = 0; i < PCI_STD_NUM_BARS; i++) {
			struct card_bar *one = &card->bars[i];
			u64 start = phys ? card->pdev.resource[i].start : (unsigned long)one->io;

			if (!one->size || at < start ||
			    at - start >= one->size + (phys ? 0 : PAGE_SIZE))
				continue;
			*bar = one;
			*offset = at - start;
			found = card;
		}
	}
	spin_unlock(&list_lock);
	return found;
}

struct user_card *bus_card_at(const volatile void *io, struct card_bar **bar, u64 *offset)
{
	return find_bar((unsigned long)io, false, bar, offset);
}

struct user_card *bus_card_phys(u64 phys, struct card_bar **bar, u64 *offset)
{
	return find_bar(phys, true, bar, offset);
}
