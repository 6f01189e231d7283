/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vgpu-stub's registers and commands (docs/vgpu-stub.md). A guest's program may include this.
 */
#ifndef VGPU_STUB_H
#define VGPU_STUB_H

#include <linux/types.h>

/* BAR 2. Two 16-bit registers of the Bochs display interface in each word. */
#define VGPU_EDID 0x000
#define VGPU_EDID_BYTES 256
#define VGPU_ID_XRES 0x500
#define VGPU_YRES_BPP 0x504
#define VGPU_ENABLE_BANK 0x508
#define VGPU_VIRT_SIZE 0x50c
#define VGPU_OFFSETS 0x510
#define VGPU_MEMORY 0x514	/* low half: video memory in units of 64 KiB */
#define VGPU_EXT_SIZE 0x600
#define VGPU_ENDIAN 0x604

#define VGPU_DISPI_ID 0xb0c5
#define VGPU_DISPI_ENABLED 0x01
#define VGPU_DISPI_LFB 0x40
#define VGPU_EXT_BYTES 8
#define VGPU_LITTLE_ENDIAN 0x1e1e1e1e

/* The command ring */
#define VGPU_RING_LOW 0x800	/* guest address of the ring, a multiple of 32 */
#define VGPU_RING_HIGH 0x804
#define VGPU_RING_SIZE 0x808	/* a power of two; a write pins the ring, 0 lets it go */
#define VGPU_HEAD 0x80c		/* the next command to be done */
#define VGPU_TAIL 0x810		/* behind the last one; a write starts */
#define VGPU_STATUS 0x814	/* 0, or what stopped the ring */
#define VGPU_FENCE 0x818	/* of the last fence that was reached */
#define VGPU_ISR 0x81c
#define VGPU_REFUSED 0x820	/* commands refused since the reset */
#define VGPU_DONE 0x828		/* and those that are done; 64 bits */
#define VGPU_ENABLE 0x830	/* ones let bits of ISR interrupt, as all do at power-on, */
#define VGPU_DISABLE 0x834	/* and ones here hold them back */
#define VGPU_GAP 0x838		/* microseconds between two interrupts by fences, at least */

/* The copy engine: a ring of commands, and one of reports of what became of each */
#define VGPU_COPY_LOW 0x840	/* as of the ring above */
#define VGPU_COPY_HIGH 0x844
#define VGPU_COPY_SIZE 0x848
#define VGPU_COPY_HEAD 0x84c
#define VGPU_COPY_TAIL 0x850
#define VGPU_REPORT_LOW 0x860
#define VGPU_REPORT_HIGH 0x864
#define VGPU_REPORT_SIZE 0x868	/* a power of two; a write pins the ring, 0 lets it go */
#define VGPU_REPORT_HEAD 0x86c	/* behind the last report that the guest has read; a write frees */
#define VGPU_ENGINE 0x870	/* how the two rings are */
#define VGPU_VECTOR 0x874	/* of MSI, for reports */

#define VGPU_ENGINE_COPIES 1u	/* the ring of commands runs */
#define VGPU_ENGINE_COPY_BROKEN 2u
#define VGPU_ENGINE_REPORTS 4u
#define VGPU_ENGINE_REPORT_BROKEN 8u

#define VGPU_ISR_FENCE 1u
#define VGPU_ISR_ERROR 2u
#define VGPU_ISR_MONITOR 4u	/* another monitor, or none */
#define VGPU_ISR_REPORT 8u	/* copies have been reported; its message disables it */
#define VGPU_ISR_ALL (VGPU_ISR_FENCE | VGPU_ISR_ERROR | VGPU_ISR_MONITOR | VGPU_ISR_REPORT)

/* BAR 4, a page to map: numbers of 64 bits */
#define VGPU_STAT_DONE 0x000	/* commands done since the reset */
#define VGPU_STAT_REFUSED 0x008

#define VGPU_RING_MAX 256

enum vgpu_status {
	VGPU_OK = 0,
	VGPU_BAD_RING = 1,	/* address or size cannot be, or is not mapped */
	VGPU_BAD_TAIL = 2,	/* not in the ring, or it went back */
	VGPU_BAD_COMMAND = 3,	/* an operation that is none */
	VGPU_BAD_AREA = 4,	/* not inside the picture */
	VGPU_BAD_ADDRESS = 5,	/* guest memory that is not mapped, or is the ring's */
};

enum vgpu_op {
	VGPU_NOP = 0,
	VGPU_FILL = 1,		/* x, y, width, height, color */
	VGPU_COPY = 2,		/* x, y, width, height; from_x, from_y */
	VGPU_LINE = 3,		/* x, y to from_x, from_y; color */
	VGPU_UPLOAD = 4,	/* x, y, width, height; from guest memory at address */
	VGPU_DOWNLOAD = 5,	/* the same the other way */
	VGPU_FENCE_OP = 6,	/* color: the fence's number */
};

#define VGPU_COPIES (1u << VGPU_NOP | 1u << VGPU_COPY | 1u << VGPU_UPLOAD | 1u << VGPU_DOWNLOAD)

/* In guest memory; pixels have four bytes. */
struct vgpu_command {
	__u32 op;
	__u32 color;
	__u32 x, y;
	__u32 width, height;
	__u32 from_x, from_y;
	__u64 address;
	__u64 reserved[3];
};

/* In guest memory: what became of a copy. */
struct vgpu_report {
	__u32 number;		/* the command's color */
	__u32 status;		/* an enum vgpu_status, and VGPU_REPORT_PHASE */
};

/* Set in the first turn of the ring of reports, clear in the second, and so on. */
#define VGPU_REPORT_PHASE 0x80000000u

#endif
