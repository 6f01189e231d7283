/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that a driver of real hardware finds in a process: a PCI bus, and on it the cards
 * that tests/parent.c of its tree describes. A card is a mediated device of the shell, and the
 * machine its user: registers, configuration space and interrupts by VFIO's calls, its DMA by
 * copies.
 *
 * A card is another world. It never calls the driver, which hears of it by interrupts in a thread
 * of their own; and a driver that touches a register while it must not sleep does not keep the
 * model behind it from sleeping.
 */
#ifndef USER_MACHINE_H
#define USER_MACHINE_H

#include <linux/list.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "user/device.h"
#include "user/shell/shell.h"

struct mdk_host;
struct irq_thread;

/**
 * struct card_bar - one BAR
 * @io: as many addresses as it has bytes, and nothing at any
 * @size: bytes; 0: there is none
 * @pos: of its registers, for user_device_read()
 * @mapped: maps of the driver
 * @claimed: by the driver
 */
struct card_bar {
	char *io;
	u64 size;
	u64 pos;
	unsigned int mapped;
	bool claimed;
};

/**
 * struct card_dma - memory that a card reaches
 * @link: in its list
 * @bus: where, for the card
 * @mem: where, for the driver
 * @size: bytes
 * @dir: who reads and who writes
 */
struct card_dma {
	struct list_head link;
	dma_addr_t bus;
	char *mem;
	size_t size;
	enum dma_data_direction dir;
};

/**
 * struct user_card - a card
 * @pdev: as its driver sees it
 * @slot: the parent of @dev, which no client sees
 * @slot_driver: gives its types their name
 * @host: of its model
 * @dev: the mediated device that it is
 * @link: in the list of all
 * @nr: from 0
 * @bars: by number
 * @config: where its configuration space is, for user_device_read()
 * @enabled: how often its driver enabled it
 * @irqs: its interrupts, once vectors are allocated
 * @dma_lock: guards @dma and @dma_next
 * @dma: of struct card_dma
 * @dma_next: below it the next mapping is made; [1]: of coherent memory
 */
struct user_card {
	struct pci_dev pdev;
	struct device slot;
	struct device_driver slot_driver;
	struct mdk_host *host;
	struct user_device *dev;
	struct list_head link;
	unsigned int nr;
	struct card_bar bars[PCI_STD_NUM_BARS];
	u64 config;
	unsigned int enabled;
	struct irq_thread *irqs;
	spinlock_t dma_lock;
	struct list_head dma;
	u64 dma_next[2];
};

static inline struct user_card *to_card(struct pci_dev *pdev)
{
	return container_of(pdev, struct user_card, pdev);
}

/* What the thread holds, put aside while it is in the card's world. */
struct held {
	int preempt;
	bool irqs_off;
	bool in_irq;
};

void card_enter(struct held *held);
void card_leave(const struct held *held);

/* In the card's world. Bytes or -errno. */
ssize_t card_read(struct user_card *card, u64 pos, void *buf, size_t len);
ssize_t card_write(struct user_card *card, u64 pos, const void *buf, size_t len);
int card_ioctl(struct user_card *card, unsigned int cmd, void *arg);

/* bus.c: a card comes, and goes. */
void bus_add(struct user_card *card);
void bus_del(struct user_card *card);
/* By the number of a card's own interrupts; and by an address of its registers. NULL: none. */
struct user_card *bus_card_nr(unsigned int nr);
struct user_card *bus_card_at(const volatile void *io, struct card_bar **bar, u64 *offset);
struct user_card *bus_card_phys(u64 phys, struct card_bar **bar, u64 *offset);

/* Interrupts of a card are numbers from here on. */
#define IRQ_BASE 32U
#define IRQS_OF_CARD 2048U

/* What a driver that has left the card did not give back: told. */
void irqs_left(struct user_card *card);
void dma_left(struct user_card *card);
void dma_init(struct user_card *card);
extern const struct user_dma_ops card_dma_ops;

#endif /* USER_MACHINE_H */
