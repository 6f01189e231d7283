/* SPDX-License-Identifier: GPL-2.0-only */
/* A driver of the vgpu-stub in user space, for programs of the inner guest. */
#ifndef STUB_H
#define STUB_H

#include <stdint.h>

#include "../../examples/vgpu-stub/vgpu_stub.h"

#define PAGE 4096
#define RING_SIZE (PAGE / sizeof(struct vgpu_command))

/* RESOURCE2: the file of BAR 2 in sysfs. Return: 0 or -1. */
int stub_open(const char *resource2);
uint32_t stub_get(unsigned int offset);
void stub_set(unsigned int offset, uint32_t value);

/* A page of zeros that stays where it is; no memory ends the program. */
void *stub_page(void);
/* Where the guest's memory has it, which is what the device sees. */
uint64_t stub_address(const void *page);

/* A ring of RING_SIZE commands in a page of its own. */
struct vgpu_command *stub_ring(void);

#endif
