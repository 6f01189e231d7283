// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a card reaches. Each mapping has addresses of its own with a page between it and the next,
 * and addresses come again only when all of them were used: a card that goes on with memory which
 * was taken from it, or beyond its end, is told of.
 */
#include <stdlib.h>

#include <linux/slab.h>

#include "machine.h"

/* As many bits as an IOMMU has. */
#define BUS_BITS 47

/* The highest addresses come first: a driver or a card that loses the upper half of one is seen. */
static u64 top_of(u64 mask)
{
	return min_t(u64, mask, DMA_BIT_MASK(BUS_BITS)) & PAGE_MASK;
}

void dma_init(struct user_card *card)
{
	spin_lock_init(&card->dma_lock);
	INIT_LIST_HEAD(&card->dma);
	card->pdev.dma_mask = DMA_BIT_MASK(32);
	card->pdev.dev.dma_mask = &card->pdev.dma_mask;
	card->pdev.dev.coherent_dma_mask = DMA_BIT_MASK(32);
}

static struct user_card *card_of(const struct device *dev)
{
	return dev_is_pci(dev) ? to_card(to_pci_dev(dev)) : NULL;
}

/* Masks */

int dma_set_mask(struct device *dev, u64 mask)
{
	struct user_card *card = card_of(dev);

	if (!card || mask < PAGE_SIZE || user_fails(__func__, 0))
		return -EIO;
	card->pdev.dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!card_of(dev))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	return dma_set_mask(dev, mask) ?: dma_set_coherent_mask(dev, mask);
}

u64 dma_get_mask(const struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}

int dma_set_max_seg_size(struct device *dev, unsigned int size)
{
	dev->user_max_seg = size;
	return 0;
}

unsigned int dma_get_max_seg_size(const struct device *dev)
{
	return dev->user_max_seg ?: SZ_64K;
}

int dma_set_seg_boundary(struct device *dev, unsigned long mask)
{
	dev->user_seg_boundary = mask;
	return 0;
}

unsigned long dma_get_seg_boundary(const struct device *dev)
{
	return dev->user_seg_boundary ?: DMA_BIT_MASK(32);
}

struct iommu_domain *iommu_get_domain_for_dev(struct device *dev)
{
	return (void *)card_of(dev);
}

/* Mappings; with the lock held */

static bool is_free(const struct user_card *card, u64 first, u64 last)
{
	const struct card_dma *dma;

	list_for_each_entry(dma, &card->dma, link)
		if (dma->bus <= last && first < dma->bus + dma->size)
			return false;
	return true;
}

/* Below @next, or from the @top again. A page behind it stays empty. 0: all is taken. */
static u64 find_bus(const struct user_card *card, size_t span, u64 top, u64 *next)
{
	bool again = false;

	if (!*next || *next > top)
		*next = top;
	for (;;) {
		if (*next < span + 2 * PAGE_SIZE) {
			if (again || top < span + 2 * PAGE_SIZE)
				return 0;
			again = true;
			*next = top;
		}
		*next -= span + PAGE_SIZE;
		if (is_free(card, *next, *next + span + PAGE_SIZE - 1))
			return *next;
	}
}

static struct card_dma *find_dma(struct user_card *card, dma_addr_t bus)
{
	struct card_dma *dma;

	list_for_each_entry(dma, &card->dma, link)
		if (bus >= dma->bus && bus - dma->bus < dma->size)
			return dma;
	return NULL;
}

static bool insert(struct user_card *card, struct card_dma *dma, u64 mask, u64 *next)
{
	u64 offset = offset_in_page(dma->mem), at;
	unsigned long flags;

	spin_lock_irqsave(&card->dma_lock, flags);
	at = find_bus(card, PAGE_ALIGN(offset + dma->size), top_of(mask), next);
	dma->bus = at + offset;
	if (at)
		list_add(&dma->link, &card->dma);
	spin_unlock_irqrestore(&card->dma_lock, flags);
	return at;
}

static dma_addr_t map(struct user_card *card, void *mem, size_t size, enum dma_data_direction dir,
		      bool coherent)
{
	u64 mask = coherent ? card->pdev.dev.coherent_dma_mask : card->pdev.dma_mask;
	struct card_dma *dma = size ? kzalloc(sizeof(*dma), GFP_ATOMIC) : NULL;

	if (!dma)
		return DMA_MAPPING_ERROR;
	*dma = (struct card_dma){ .mem = mem, .size = size, .dir = dir };
	if (insert(card, dma, mask, &card->dma_next[coherent]))
		return dma->bus;
	kfree(dma);
	return DMA_MAPPING_ERROR;
}

dma_addr_t user_dma_map(struct device *dev, void *mem, size_t size, enum dma_data_direction dir)
{
	struct user_card *card = card_of(dev);

	return card ? map(card, mem, size, dir, false) : DMA_MAPPING_ERROR;
}

/* What is given back is a mapping as it was made. */
static void *take_back(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	struct user_card *card = card_of(dev);
	struct card_dma *dma = NULL;
	unsigned long flags;
	void *mem = NULL;

	if (card) {
		spin_lock_irqsave(&card->dma_lock, flags);
		dma = find_dma(card, bus);
		if (dma && dma->bus == bus && dma->size == size && dma->dir == dir)
			list_del(&dma->link);
		else
			dma = NULL;
		spin_unlock_irqrestore(&card->dma_lock, flags);
	}
	if (dma)
		mem = dma->mem;
	else
		user_warn(__FILE__, __LINE__, "%s: %zu bytes at bus address 0x%llx are taken back from the card as they were never given to it",
			  dev_name(dev), size, bus);
	kfree(dma);
	return mem;
}

void user_dma_unmap(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	take_back(dev, bus, size, dir);
}

int dma_mapping_error(struct device *dev, dma_addr_t bus)
{
	return bus == DMA_MAPPING_ERROR ? -ENOMEM : 0;
}

/* Of its own pages, so that a driver that writes beyond it is seen. */
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *bus, gfp_t flags)
{
	struct user_card *card = card_of(dev);
	void *mem = NULL;

	might_sleep_if(flags & __GFP_DIRECT_RECLAIM);
	if (!card || !size || user_fails(__func__, 0) || posix_memalign(&mem, PAGE_SIZE, size))
		return NULL;
	memset(mem, 0, size);
	*bus = map(card, mem, size, DMA_BIDIRECTIONAL, true);
	if (*bus != DMA_MAPPING_ERROR)
		return mem;
	free(mem);
	return NULL;
}

void dma_free_coherent(struct device *dev, size_t size, void *mem, dma_addr_t bus)
{
	if (take_back(dev, bus, size, DMA_BIDIRECTIONAL) == mem)
		free(mem);
}

struct managed_dma {
	struct device *dev;
	size_t size;
	void *mem;
	dma_addr_t bus;
};

static void free_managed(void *data)
{
	struct managed_dma *managed = data;

	dma_free_coherent(managed->dev, managed->size, managed->mem, managed->bus);
	kfree(managed);
}

void *dmam_alloc_coherent(struct device *dev, size_t size, dma_addr_t *bus, gfp_t flags)
{
	struct managed_dma *managed = kmalloc(sizeof(*managed), flags);
	void *mem = managed ? dma_alloc_coherent(dev, size, bus, flags) : NULL;

	if (!mem) {
		kfree(managed);
		return NULL;
	}
	*managed = (struct managed_dma){ dev, size, mem, *bus };
	return devm_add_action_or_reset(dev, free_managed, managed) ? NULL : mem;
}

void dma_left(struct user_card *card)
{
	struct card_dma *dma, *next;

	list_for_each_entry_safe(dma, next, &card->dma, link) {
		user_warn(__FILE__, __LINE__, "%s: its driver has left it, and it still reaches %zu bytes at bus address 0x%llx: unmap or free them",
			  pci_name(&card->pdev), dma->size, dma->bus);
		list_del(&dma->link);
		kfree(dma);
	}
}

/* The card's side */

/* Under the lock nothing is taken back meanwhile, which an IOMMU sees to in a machine. */
static int transfer(struct user_card *card, u64 bus, void *buf, size_t len, bool write)
{
	const enum dma_data_direction wrong = write ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	const struct card_dma *dma;
	unsigned long flags;
	bool good;

	spin_lock_irqsave(&card->dma_lock, flags);
	dma = find_dma(card, bus);
	good = dma && dma->dir != wrong && len <= dma->size - (bus - dma->bus);
	if (good && write)
		user_memory_copy(dma->mem + (bus - dma->bus), buf, len);
	else if (good)
		user_memory_copy(buf, dma->mem + (bus - dma->bus), len);
	spin_unlock_irqrestore(&card->dma_lock, flags);
	if (good)
		return 0;
	user_warn(__FILE__, __LINE__, "%s: DMA of the card, which %s %zu bytes at bus address 0x%llx: its driver has not mapped %s for it",
		  pci_name(&card->pdev), write ? "writes" : "reads", len, bus,
		  dma ? "all of them, or not in that direction," : "them");
	return -EFAULT;
}

static int bus_read(void *data, uint64_t iova, void *buf, size_t len)
{
	return transfer(data, iova, buf, len, false);
}

static int bus_write(void *data, uint64_t iova, const void *buf, size_t len)
{
	return transfer(data, iova, (void *)buf, len, true);
}

const struct user_dma_ops card_dma_ops = { .read = bus_read, .write = bus_write };
