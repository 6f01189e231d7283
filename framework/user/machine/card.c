// SPDX-License-Identifier: GPL-2.0-only
/* A card, from a model: the machine opens a mediated device of it, as a VMM would. */
#include <errno.h>
#include <sys/mman.h>

#include <linux/slab.h>
#include <linux/vfio.h>

#include <user/card.h>

#include "machine.h"

void card_enter(struct held *held)
{
	struct task_struct *me = current;

	*held = (struct held){ me->preempt, me->irqs_off, me->in_irq };
	me->preempt = 0;
	me->irqs_off = me->in_irq = false;
	me->outside++;
}

void card_leave(const struct held *held)
{
	struct task_struct *me = current;

	me->preempt = held->preempt;
	me->irqs_off = held->irqs_off;
	me->in_irq = held->in_irq;
	me->outside--;
}

ssize_t card_read(struct user_card *card, u64 pos, void *buf, size_t len)
{
	struct held held;
	ssize_t ret;

	card_enter(&held);
	ret = user_device_read(card->dev, buf, len, pos);
	card_leave(&held);
	return ret;
}

ssize_t card_write(struct user_card *card, u64 pos, const void *buf, size_t len)
{
	struct held held;
	ssize_t ret;

	card_enter(&held);
	ret = user_device_write(card->dev, buf, len, pos);
	card_leave(&held);
	return ret;
}

int card_ioctl(struct user_card *card, unsigned int cmd, void *arg)
{
	struct held held;
	int ret;

	card_enter(&held);
	ret = user_device_ioctl(card->dev, cmd, arg);
	card_leave(&held);
	return ret;
}

/* Its BARs */

static bool is_io(struct user_card *card, unsigned int bar)
{
	u32 value = 0;

	pci_read_config_dword(&card->pdev, PCI_BASE_ADDRESS_0 + 4 * bar, &value);
	return value & PCI_BASE_ADDRESS_SPACE_IO;
}

/* Physical addresses are only compared, and never those of anything else in this process. */
static u64 phys_of(const struct user_card *card, unsigned int bar)
{
	return 1ULL << 44 | (u64)(card->nr * PCI_STD_NUM_BARS + bar) << 38;
}

static int add_bar(struct user_card *card, unsigned int nr)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = nr };
	struct card_bar *bar = &card->bars[nr];
	int ret = card_ioctl(card, VFIO_DEVICE_GET_REGION_INFO, &info);
	void *io;

	if (ret || !info.size)
		return ret;
	/* A page more: an access behind it is known for what it is. */
	io = mmap(NULL, PAGE_ALIGN(info.size) + PAGE_SIZE, PROT_NONE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (io == MAP_FAILED)
		return -ENOMEM;
	*bar = (struct card_bar){ .io = io, .size = info.size, .pos = info.offset };
	card->pdev.resource[nr] = (struct resource){
		.start = phys_of(card, nr),
		.end = phys_of(card, nr) + info.size - 1,
		.name = card->slot_driver.name,
		.flags = is_io(card, nr) ? IORESOURCE_IO : IORESOURCE_MEM,
	};
	return 0;
}

static int add_bars(struct user_card *card)
{
	struct vfio_region_info info = { .argsz = sizeof(info),
					 .index = VFIO_PCI_CONFIG_REGION_INDEX };
	int ret = card_ioctl(card, VFIO_DEVICE_GET_REGION_INFO, &info);

	card->config = info.offset;
	for (unsigned int i = 0; !ret && i < PCI_STD_NUM_BARS; i++)
		ret = add_bar(card, i);
	return ret;
}

static void drop_bars(struct user_card *card)
{
	for (unsigned int i = 0; i < PCI_STD_NUM_BARS; i++)
		if (card->bars[i].io)
			munmap(card->bars[i].io, PAGE_ALIGN(card->bars[i].size) + PAGE_SIZE);
}

static void read_ids(struct pci_dev *pdev)
{
	u32 class = 0;

	pci_read_config_word(pdev, PCI_VENDOR_ID, &pdev->vendor);
	pci_read_config_word(pdev, PCI_DEVICE_ID, &pdev->device);
	pci_read_config_word(pdev, PCI_SUBSYSTEM_VENDOR_ID, &pdev->subsystem_vendor);
	pci_read_config_word(pdev, PCI_SUBSYSTEM_ID, &pdev->subsystem_device);
	pci_read_config_dword(pdev, PCI_CLASS_REVISION, &class);
	pdev->class = class >> 8;
	pdev->revision = class & 0xff;
	pdev->msix_cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
}

/* The mediated device */

static void unregister(struct user_card *card)
{
	mdk_unregister(card->host);
	put_device(&card->slot);
}

static int open_device(struct user_card *card)
{
	guid_t uuid;
	int ret;

	guid_gen(&uuid);
	ret = user_device_create_first(&card->slot, &uuid, &card->dev);
	if (ret)
		return ret;
	ret = user_device_open(card->dev);
	if (ret)
		user_device_remove(card->dev);
	return ret;
}

static void close_device(struct user_card *card)
{
	user_device_close(card->dev);
	user_device_remove(card->dev);
}

/* All addresses are its own: what is there is looked up at each copy. */
static int set_up(struct user_card *card)
{
	int ret = user_device_dma_map(card->dev, 0, S64_MAX & PAGE_MASK, -1, 0,
				      PROT_READ | PROT_WRITE, &card_dma_ops, card);

	ret = ret ?: add_bars(card);
	if (!ret)
		read_ids(&card->pdev);
	return ret;
}

/* Part of struct user_card, and so freed with it. */
static void keep(struct device *dev)
{
}

static int name_devices(struct user_card *card)
{
	static unsigned int nr;

	card->nr = nr++;
	card->slot_driver.name = kasprintf(GFP_KERNEL, "card%u", card->nr);
	if (!card->slot_driver.name)
		return -ENOMEM;
	device_initialize(&card->slot);
	card->slot.driver = &card->slot_driver;
	card->slot.release = keep;
	card->slot.user_hidden = true;
	device_initialize(&card->pdev.dev);
	card->pdev.dev.bus = &pci_bus_type;
	card->pdev.dev.release = keep;
	card->pdev.devfn = PCI_DEVFN(1 + card->nr, 0);
	return dev_set_name(&card->slot, "%s", card->slot_driver.name) ?:
	       dev_set_name(&card->pdev.dev, "0000:00:%02x.0", 1 + card->nr);
}

static void card_free(struct user_card *card)
{
	drop_bars(card);
	put_device(&card->pdev.dev);
	kfree(card->slot_driver.name);
	kfree(card);
}

static int card_begin(struct user_card *card, const struct mdk_model *model,
		      const struct mdk_registration *reg)
{
	int ret;

	card->host = mdk_host_register_on(model, reg, &card->slot, NULL);
	if (IS_ERR(card->host)) {
		put_device(&card->slot);
		return PTR_ERR(card->host);
	}
	ret = open_device(card);
	if (!ret) {
		ret = set_up(card);
		if (!ret)
			return 0;
		close_device(card);
	}
	unregister(card);
	return ret;
}

struct user_card *user_card_plug(const struct mdk_model *model, const struct mdk_registration *reg)
{
	struct user_card *card = kzalloc(sizeof(*card), GFP_KERNEL);
	int ret;

	if (!card)
		return ERR_PTR(-ENOMEM);
	ret = name_devices(card);
	if (!ret) {
		dma_init(card);
		ret = card_begin(card, model, reg);
	}
	if (ret) {
		card_free(card);
		return ERR_PTR(ret);
	}
	bus_add(card);
	return card;
}

void user_card_unplug(struct user_card *card)
{
	bus_del(card);
	close_device(card);
	unregister(card);
	card_free(card);
}
