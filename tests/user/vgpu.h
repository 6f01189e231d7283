/* SPDX-License-Identifier: GPL-2.0-only */
/* A vgpu-stub in the hands of its guest: a mode, and a ring of commands. */
#ifndef USER_VGPU_H
#define USER_VGPU_H

#include "guest.h"

#include "../../examples/vgpu-stub/vgpu_stub.h"

#define VRAM 0
#define REGS 2
#define WIDTH 64
#define HEIGHT 16
#define COMMANDS 64u
#define RING GUEST
#define PIXELS (GUEST + 16 * PAGE)

static inline void vgpu_begin(struct guest *g)
{
	guest_master(g);
	put(g, REGS, VGPU_ID_XRES, WIDTH << 16 | VGPU_DISPI_ID);
	put(g, REGS, VGPU_YRES_BPP, 32 << 16 | HEIGHT);
	put(g, REGS, VGPU_VIRT_SIZE, WIDTH);
	put(g, REGS, VGPU_ENABLE_BANK, VGPU_DISPI_ENABLED);
	put(g, REGS, VGPU_RING_LOW, RING);
	put(g, REGS, VGPU_RING_HIGH, RING >> 32);
	put(g, REGS, VGPU_RING_SIZE, COMMANDS);
}

#endif
