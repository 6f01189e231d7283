/* SPDX-License-Identifier: GPL-2.0-only */
/* The device of rows*.c, and its registers. */
#ifndef ROWS_H
#define ROWS_H

#include "client.h"

extern struct vfio rows;

uint32_t get32(uint64_t at);
void put32(uint64_t at, uint32_t val);

/* rows_irqs.c: an eventfd for each of the first vectors of an index, one index at a time. */

#define MSI 1
#define MSIX 2
#define VECTORS 4
#define SOON 1000		/* ms, for what must come */
#define QUIET 30		/* for what must not */

void arm(unsigned int index, unsigned int count);
void disarm(unsigned int index, unsigned int count);
/* How many came of it within so many ms, which are forgotten then. */
uint64_t take(unsigned int vector, int ms);
bool quiet_for(int ms);
bool quiet(void);
/* The level of the pin, as configuration space has it. */
bool pin_is_up(void);

/* Of the device that exists, closed before and after. */
void test_causes(void);
void test_more_causes(void);
void test_regs(void);
void test_rows_display(void);

#endif
