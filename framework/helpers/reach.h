/* SPDX-License-Identifier: GPL-2.0-only */
/* Which memory a device's DMA can reach: checked before memory is mapped for the device. */
#ifndef MDK_REACH_H
#define MDK_REACH_H

#include <linux/device.h>
#include <linux/types.h>

struct sg_table;

/**
 * enum mdk_reach - can a device's DMA go to memory directly?
 * @MDK_REACHED: it can
 * @MDK_TOO_FAR: the memory is beyond the DMA mask, and no IOMMU translates
 * @MDK_BOUNCED: the kernel would map a bounce buffer instead
 * @MDK_BOUNCED_IN_PART: the kernel would do so for a part of a page
 * @MDK_SHORT: the device takes only segments of less than a page
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

/* The first segment's result that is not MDK_REACHED, if there is one; @phys: its address. */
enum mdk_reach mdk_reach_sgt(struct device *dma, struct sg_table *sgt, phys_addr_t *phys);

/* Prints @reach, once: its bit in @told is set then. Context: any. */
void mdk_reach_tell(struct device *dma, enum mdk_reach reach, phys_addr_t phys,
		    unsigned long *told);

/* Likewise MDK_SHORT. @longest: bytes of a segment, at most. */
void mdk_reach_tell_short(struct device *dma, size_t longest, unsigned long *told);

/* Before there is a guest: warns if @dma cannot reach all of this machine's memory. */
void mdk_reach_foretell(struct device *dma, const char *model);

/* No segment of the table crosses the device's segment boundary. */
bool mdk_reach_in_borders(struct device *dma, struct sg_table *sgt);

#endif
