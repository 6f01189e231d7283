/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Guest memory as the dma tests lay it out: three maps in a row, one that is read-only, a hole; and
 * one above 4 GiB.
 */
#ifndef CONFORM_DMA_H
#define CONFORM_DMA_H

#include "suite.h"

#define DMA_PAGE	4096ULL
#define DMA_BASE	0x100000ULL	/* where the guest's memory begins */
#define MAP_BYTES	(64 * DMA_PAGE)
#define MAPS		3		/* next to each other, of MAP_BYTES each */
#define DMA_BYTES	(MAPS * MAP_BYTES)
/* Next to the last of them; the same memory as the first pages. */
#define READONLY	(DMA_BASE + DMA_BYTES)
#define READONLY_BYTES	(4 * DMA_PAGE)
#define HOLE		(READONLY + READONLY_BYTES)
/* The same memory as the third of them; without its upper half this is an address of the first. */
#define HIGH		(0x500000000ULL + DMA_BASE)
#define HIGH_BYTES	(4 * DMA_PAGE)
#define HIGH_OFFSET	(2 * MAP_BYTES)
#define DMA_READ	1u		/* VFIO's flags of a map */
#define DMA_WRITE	2u
#define DMA_BOTH	3u
#define STORM_MS	2000
#define GATE_MS		3000		/* a range that was unmapped just now may be shut that long */

/* What the three maps are of, in this process. */
extern uint8_t *dma_memory;

/* New memory, and it alone. */
void need_memory(void);
void need_map(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot);
/* New memory, mapped as above. */
void need_maps(const struct vfio *v);
void need_unmapped(const struct vfio *v, uint64_t iova, uint64_t size);

/* Pages that this process is charged for. */
long charged(void);
/* Pins may be let go by a worker, a moment later. */
void need_charged(long pages);
/* What is said where the charge is wrong, besides the numbers. */
extern const char *charged_why;

/* Maps and unmaps of the three by a thread each, for so many ms. */
void storm_of(const struct vfio *v, unsigned int ms);

#endif
