/* SPDX-License-Identifier: GPL-2.0-only */
/* Where things are in the devices of impossible.c; for driver and client. */
#ifndef IMPOSSIBLE_H
#define IMPOSSIBLE_H

/* BAR 0: registers */
#define R_SCRATCH 0x00	/* RW */
#define R_HEAD 0x04	/* RW, 4 bits: counts in a FIFO of 16 */
#define R_GUARD 0x08	/* RO: what lies behind each of the driver's arrays */
#define R_CALLS 0x0c	/* RO: accesses that reached the callbacks of BAR 1 */
#define R_TURN 0x10	/* WO: reads, sleeps, adds, writes */
#define R_TURNS 0x14	/* RO */
#define R_EVENTS 0x18	/* W1C */
#define R_RAISE 0x1c	/* WO: from a hard interrupt: sets EVENTS, raises INTx and vector 0 */
#define R_LOWER 0x20	/* WO: lowers INTx */
#define R_PIN 0x24	/* WO: pins that many pages at PIN_IOVA */
#define R_PINNED 0x28	/* RO: 0 or -errno of the last R_PIN */
#define R_WORK 0x2c	/* WO: queues a worker that never stops to queue itself */
#define R_FORGET 0x30	/* RO: the value that its callback forgot to set */
#define R_TABLE 0x800	/* of MSI-X */

#define PIN_IOVA 0x100000

/* BAR 1: callbacks on an array. BAR 2: memory. */
#define CALLS_SIZE 64
#define MEMORY_SIZE 0x10000

#define GUARD 0xeeeeeeee
#define SCRATCH_RESET 0x5c5c5c5c

#endif
