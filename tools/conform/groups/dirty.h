/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Leaves known bytes where a driver that forgets to initialise finds its memory. */
#ifndef CONFORM_DIRTY_H
#define CONFORM_DIRTY_H

#include <stdint.h>

/* Fills this task's kernel stack with @byte as far as plain system calls reach. */
void dirty_stack(uint8_t byte);
/* The same with one system call only: what the others would overwrite stays. */
#define NR_DIRTY_WAYS	5
void dirty_stack_one_way(uint8_t byte, unsigned int way);
/* Allocates and frees kernel memory full of @byte, in all common sizes. */
void dirty_slab(uint8_t byte);

#endif
