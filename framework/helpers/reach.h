/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device's DMA reaches: asked before memory is mapped for it. */
#ifndef MDK_REACH_H
#define MDK_REACH_H

#include <linux/device.h>
#include <linux/types.h>

struct sg_table;

/**
 * enum mdk_reach - can a device have memory as it is?
 * @MDK_REACHED: it can
 * @MDK_TOO_FAR: it is beyond the mask, and nothing translates
 * @MDK_BOUNCED: nothing of it: the kernel would have it use a copy
 * @MDK_BOUNCED_IN_PART: the same of a part of a page
 * @MDK_SHORT: only in pieces that are less than a page
 */
enum mdk_reach {
	MDK_REACHED,
	MDK_TOO_FAR,
	MDK_BOUNCED,
	MDK_BOUNCED_IN_PART,
	MDK_SHORT,
};

/* @dma has a mask. Context: any. */
enum mdk_reach mdk_reach(struct device *dma, phys_addr_t phys, size_t size);

/* Of the segments of a table, the first that cannot be reached. @phys: where it is. */
enum mdk_reach mdk_reach_sgt(struct device *dma, struct sg_table *sgt, phys_addr_t *phys);

/* In the log, once for each bit of @told. Context: any. */
void mdk_reach_tell(struct device *dma, enum mdk_reach reach, phys_addr_t phys,
		    unsigned long *told);

/* Likewise of MDK_SHORT. @longest: bytes of a segment. */
void mdk_reach_tell_short(struct device *dma, size_t longest, unsigned long *told);

/* Before there is a guest: what @dma will not reach of this machine's memory. */
void mdk_reach_foretell(struct device *dma, const char *model);

/* No segment of the table crosses what is a border for the device. */
bool mdk_reach_in_borders(struct device *dma, struct sg_table *sgt);

#endif
