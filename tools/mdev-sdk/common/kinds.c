// SPDX-License-Identifier: GPL-2.0-only
/* The kinds of drivers: what `new` makes before the user adds to it. */
#include <stddef.h>

#include "kinds.h"

const struct kind driver_kinds[] = {
	{
		.name = "minimal",
		.about = "Four registers and a piece of memory: the least that shows each part.",
		.class = 0x0880, .migrates = true,
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x1c },
			[2] = { .kind = BAR_MEM, .size = 64 * KIB, .name = "memory",
				.flags = BAR_MMAP | BAR_PREFETCH },
		},
	}, {
		.name = "serial",
		.about = "A serial port that sends back what it is sent; a stock guest drives it "
			 "with its own 8250 driver.",
		.class = 0x0700, .prog_if = 2, .irq = "intx", .keeps_intx = true, .migrates = true,
		.bars = {
			[0] = { .kind = BAR_CALLBACK, .size = 8, .flags = BAR_IO, .name = "port",
				.symbol = "port", .used = 8,
				.more = ".impl = { .min = 1, .max = 1 }" },
		},
	}, {
		.name = "vgpu",
		.about = "A graphics card: video memory that a guest maps, a mode, the monitor that "
			 "QEMU describes, and a FILL command with a fence, in three sizes that "
			 "share one budget.",
		.class = 0x0380, .irq = "msi:1", .has_dma = true, .has_monitor = true,
		.migrates = true,
		.bars = {
			[0] = { .kind = BAR_MEM, .size = 16 * MIB, .name = "vram", .symbol = "vram",
				.flags = BAR_MMAP | BAR_PREFETCH | BAR_64, .used = 4 * PAGE },
			[2] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "control",
				.symbol = "regs", .used = 0x200 },
			[5] = { .kind = BAR_STATS, .size = 4 * KIB, .name = "statistics",
				.symbol = "stats", .used = 16 },
		},
	}, {
		.name = "nic",
		.about = "A network card: rings of frames in guest memory, an interrupt for each, a "
			 "MAC address, a link, and a switch between the guests and the host.",
		.class = 0x0200, .irq = "msix:3", .msix_used = 3, .has_dma = true, .message = 2,
		.migrates = true,
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x90 },
		},
	}, {
		.name = "virtio-rng", .is_virtio = true, .irq = "msix:2", .keeps_intx = true,
		.about = "A source of random bytes, by virtio: a stock guest draws from it with its "
			 "own virtio-rng.",
		.class = 0x00ff, .migrates = true,
	}, {
		.name = "virtio-net", .is_virtio = true, .irq = "msix:10", .keeps_intx = true,
		.about = "A network card, by virtio: a stock guest drives it with its own virtio_net; "
			 "frames go through a switch between the guests and the host.",
		.class = 0x0200,
	}, {
		.name = "pci", .on_pci = true, .has_dma = true,
		.about = "A PCI device that is shared out: its DMA engine copies to and from guests, "
			 "one at a time, and each has a share of its buffer. It runs on QEMU's edu.",
		.class = 0x0880, .irq = "msi:1",
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x28 },
			[2] = { .kind = BAR_MEM, .size = 64 * KIB, .name = "memory",
				.flags = BAR_MMAP | BAR_PREFETCH },
		},
	},
	{ 0 }
};
