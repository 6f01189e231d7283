/* SPDX-License-Identifier: GPL-2.0-only */
/* The device of rows*.c, and its registers. */
#ifndef ROWS_H
#define ROWS_H

#include "client.h"

extern struct vfio rows;

uint32_t get32(uint64_t at);
void put32(uint64_t at, uint32_t val);

/* Of the device that exists, closed before and after. */
void test_causes(void);
void test_more_causes(void);
void test_regs(void);
void test_rows_display(void);

#endif
