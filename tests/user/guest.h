/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest without a socket: calls of framework/user/device.h, from the same process. */
#ifndef USER_GUEST_H
#define USER_GUEST_H

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"

#define PAGE 4096u
#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
/* Where guest memory is, and how much of it. */
#define GUEST 0x100000ULL
#define GUEST_SIZE (64 * PAGE)
/* More than enough for a worker, on a loaded machine too. */
#define SOON_MS 20000

/**
 * struct guest - a device and its user
 * @dev: the device
 * @fd: of guest memory; -1: none
 * @mem: guest memory, as its owner sees it
 * @irqs: eventfds of the index that is armed
 * @nr_irqs: of them
 * @index: which index that is
 */
struct guest {
	struct user_device *dev;
	int fd;
	char *mem;
	int irqs[8];
	unsigned int nr_irqs;
	unsigned int index;
};

extern unsigned int failures;

/* What has to hold; what does not is printed, and the program fails at its end. */
#define CHECK(_cond)                                                                               \
	do {                                                                                       \
		if (!(_cond)) {                                                                    \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #_cond);        \
			failures++;                                                                \
		}                                                                                  \
	} while (0)

/* Opens it, with guest memory and, where the device has such, bus mastering on. */
bool guest_open(struct guest *g, struct user_device *dev);
void guest_close(struct guest *g);
bool guest_map(struct guest *g);
bool guest_unmap(struct guest *g);
void guest_master(struct guest *g);

uint64_t guest_region(struct guest *g, unsigned int region, struct vfio_region_info *info);
uint32_t get(struct guest *g, unsigned int region, uint32_t at);
void put(struct guest *g, unsigned int region, uint32_t at, uint32_t val);
uint8_t get8(struct guest *g, unsigned int region, uint32_t at);
void put8(struct guest *g, unsigned int region, uint32_t at, uint8_t val);
/* Until it is so. */
bool comes(struct guest *g, unsigned int region, uint32_t at, uint32_t mask, uint32_t val);
void *at(struct guest *g, uint64_t iova);

/* All vectors of an index, up to 8. */
bool irqs_arm(struct guest *g, unsigned int index);
bool irq_comes(struct guest *g, unsigned int vector);
void irqs_disarm(struct guest *g);

/* What drivers do, by the name of their first type. */
void test_minimal(struct user_device *dev);
void test_serial(struct user_device *dev);
void test_mtty(struct user_device *dev);
void test_vgpu(struct user_device *dev);
void test_rawv11(struct user_device *dev);
void test_vgpu_stub(struct user_device *dev);
void test_mdkrings(struct user_device *dev);
void test_vrng(struct user_device *dev);
void test_nic(struct user_device *dev);
void storm_vgpu_stub(struct user_device *dev);
void storm_nic(struct user_device *dev);

/* A further instance of the type. */
struct user_device *another(const char *type);

#endif
