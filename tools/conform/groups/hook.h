/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test hook for pins: registers at the start of BAR 0 by which a driver under test pins, unpins
 * and copies guest memory on command. A driver that offers it has the PCI ids below, and the magic;
 * no other device is touched. tests/fixtures/mdkpin is one.
 *
 * A command is the write of its number to HOOK_COMMAND; it is done before the write returns.
 */
#ifndef CONFORM_HOOK_H
#define CONFORM_HOOK_H

#define HOOK_IDS	0x10f11af4	/* device and vendor */
#define HOOK_MAGIC	0x6b6f6f68

#define HOOK_IOVA	0x00	/* 64 bits */
#define HOOK_SIZE	0x08	/* 64 bits */
#define HOOK_DIR	0x10	/* 1: the device reads, 2: it writes, 3: both */
#define HOOK_SLOT	0x14	/* of a pin, below 16 */
#define HOOK_OFFSET	0x18	/* of 4 bytes, from the iova of the slot's pin */
#define HOOK_DATA	0x1c	/* these bytes */
#define HOOK_COMMAND	0x20
#define HOOK_RESULT	0x24	/* 0 or -errno */
#define HOOK_MAGIC_AT	0x7c

enum hook_command {
	HOOK_PIN = 1,		/* iova, size, dir: into the slot */
	HOOK_UNPIN,		/* the slot; one that is empty is fine */
	HOOK_READ,		/* the slot, offset: data */
	HOOK_WRITE,
	HOOK_DMA_READ,		/* iova: data, without a pin */
	HOOK_DMA_WRITE,
	HOOK_STRESS = 9,	/* iova, size: a worker pins, writes and unpins again and again */
	HOOK_STRESS_STOP,
	HOOK_MESSAGE = 14,	/* the first vector of MSI, whether somebody listens or not */
};

#endif
