/* SPDX-License-Identifier: GPL-2.0-only */
/* The device of rings*.c, its guest's memory, and how its rings are worked. */
#ifndef RINGS_H
#define RINGS_H

#include "../fixtures/mdkrings/mdkrings.h"
#include "client.h"

#define SOON 3000
#define GUEST 0x100000ULL
#define PAGES 16
#define NOWHERE 0x700000000000ULL
#define SIZE 8u			/* descriptors of the rings here */
#define RING(_page) (GUEST + (_page) * PAGE)
#define BUFFER RING(8)
#define SECOND (MDKRINGS_WORK + MDKRINGS_STEP)

/* Whose registers get() and put() mean. */
extern struct vfio *rings;

uint32_t get(uint32_t at);
void put(uint32_t at, uint32_t val);
bool comes(uint32_t at, uint32_t val);
/* A cause, which is cleared. */
bool caused(uint32_t bits);

/* In the guest's memory */
void *at(uint64_t iova);
volatile uint32_t *word(unsigned int i);
struct mdkrings_desc *desc(uint64_t ring, unsigned int i);
void make(uint64_t ring, unsigned int i, uint32_t op);
/* Of RING(3) */
volatile struct mdkrings_entry *entry(unsigned int i);

void place(uint32_t base, uint64_t ring);
/* Return: it runs. A ring whose memory was unmapped may have to be asked for again. */
bool start(uint32_t base, uint64_t ring);
bool broken(uint32_t base);
/* A ring "work" does what it should: so many, of the operation. */
bool works(uint32_t base, uint64_t ring);

/* A new device, open, with the guest's memory. */
bool rings_open(struct vfio *user, const char *uuid, const char *type);

/* rings_more.c, of the device that is open, which they leave as they find it. */
void test_raises(void);
void test_driver_starts(void);
void test_select(void);

#endif
