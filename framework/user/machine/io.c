// SPDX-License-Identifier: GPL-2.0-only
/* Registers of cards: which card an address stands for, and what of an access is a mistake. */
#include "machine.h"

void *ioremap(phys_addr_t phys, size_t size)
{
	struct card_bar *bar;
	u64 offset;

	might_sleep();
	if (!size || !bus_card_phys(phys, &bar, &offset) || size > bar->size - offset ||
	    user_fails(__func__, 0))
		return NULL;
	bar->mapped++;
	return bar->io + offset;
}

void iounmap(volatile void *io)
{
	struct card_bar *bar;
	u64 offset;

	if (bus_card_at(io, &bar, &offset) && bar->mapped)
		bar->mapped--;
	else
		user_warn(__FILE__, __LINE__, "iounmap() of %p, where no BAR is mapped", (void *)io);
}

/* Where it goes; NULL, and told: nowhere. */
static struct user_card *target(const volatile void *at, size_t width, u64 *pos, const char *file,
				int line)
{
	struct card_bar *bar;
	u64 offset;
	struct user_card *card = bus_card_at(at, &bar, &offset);

	if (!card)
		user_bug(file, line, "an access of %zu bytes to %p, which no ioremap() or pci_iomap() returned",
			 width, (void *)at);
	*pos = bar->pos + offset;
	if (offset + width > bar->size || !IS_ALIGNED(offset, width))
		user_warn(file, line, "%s: an access of %zu bytes at 0x%llx of a BAR of 0x%llx: it has to be aligned, and inside",
			  pci_name(&card->pdev), width, offset, bar->size);
	else if (!bar->mapped)
		user_warn(file, line, "%s: an access to a BAR that has been unmapped",
			  pci_name(&card->pdev));
	else if (!card->enabled)
		user_warn(file, line, "%s: an access to a BAR of a card that is not enabled: pci_enable_device()",
			  pci_name(&card->pdev));
	else
		return card;
	return NULL;
}

u64 user_io_read(const volatile void *at, size_t width, const char *file, int line)
{
	u64 pos, value = 0;
	struct user_card *card = target(at, width, &pos, file, line);

	if (!card || card_read(card, pos, &value, width) != (ssize_t)width)
		return U64_MAX;
	return value;
}

void user_io_write(u64 value, volatile void *at, size_t width, const char *file, int line)
{
	u64 pos;
	struct user_card *card = target(at, width, &pos, file, line);

	/* A posted write: nobody hears that it went nowhere. */
	if (card)
		card_write(card, pos, &value, width);
}

/* As wide as the place in the card allows: registers of cards are words. */
static size_t width_at(const volatile void *io, size_t size)
{
	return IS_ALIGNED((unsigned long)io, 4) && size >= 4 ? 4 : 1;
}

void memcpy_fromio(void *to, const volatile void *from, size_t size)
{
	size_t width;
	u64 value;

	for (; size; size -= width, to += width, from += width) {
		width = width_at(from, size);
		value = user_io_read(from, width, __FILE__, __LINE__);
		memcpy(to, &value, width);
	}
}

void memcpy_toio(volatile void *to, const void *from, size_t size)
{
	size_t width;

	for (; size; size -= width, to += width, from += width) {
		u64 value = 0;

		width = width_at(to, size);
		memcpy(&value, from, width);
		user_io_write(value, to, width, __FILE__, __LINE__);
	}
}

void memset_io(volatile void *to, int value, size_t size)
{
	size_t width;

	for (; size; size -= width, to += width) {
		width = width_at(to, size);
		user_io_write((u8)value * 0x01010101U, to, width, __FILE__, __LINE__);
	}
}
