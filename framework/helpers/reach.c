// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which memory a device's DMA can reach.
 *
 * dma_map_sgtable() of memory beyond a device's mask puts a backtrace into the host's log, and
 * guests choose which of their memory is mapped. With bounce buffers the kernel maps a copy
 * instead, and guest and device no longer see the same memory. So both are checked before the
 * mapping, which then fails with an errno.
 *
 * With an IOMMU domain of the DMA API every page gets an address within the mask. Without an
 * IOMMU, or with one that passes through (iommu=pt), the DMA address is the physical one.
 */
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/scatterlist.h>
#include <linux/swiotlb.h>

#include "reach.h"

static bool mdk_dma_translated(struct device *dma)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dma);

	return domain && iommu_is_dma_domain(domain);
}

/* For such a device the kernel bounces parts of pages, to hide the rest of the page from it. */
static bool mdk_dma_untrusted(struct device *dma)
{
	return dev_is_pci(dma) && to_pci_dev(dma)->untrusted;
}

/* The highest address that both the device and its bus can use. */
static u64 mdk_dma_last(struct device *dma)
{
	return min_not_zero(dma_get_mask(dma), dma->bus_dma_limit);
}

enum mdk_reach mdk_reach(struct device *dma, phys_addr_t phys, size_t size)
{
	u64 bus, last;

	if (mdk_dma_translated(dma))
		return mdk_dma_untrusted(dma) && !PAGE_ALIGNED(phys | size) ? MDK_BOUNCED_IN_PART :
									      MDK_REACHED;
	if (is_swiotlb_force_bounce(dma))
		return MDK_BOUNCED;
	bus = phys_to_dma(dma, phys);
	last = mdk_dma_last(dma);
	return bus <= last && size - 1 <= last - bus ? MDK_REACHED : MDK_TOO_FAR;
}

enum mdk_reach mdk_reach_sgt(struct device *dma, struct sg_table *sgt, phys_addr_t *phys)
{
	enum mdk_reach reach = MDK_REACHED;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(sgt, sg, i) {
		*phys = sg_phys(sg);
		reach = mdk_reach(dma, *phys, sg->length);
		if (reach != MDK_REACHED)
			break;
	}
	return reach;
}

void mdk_reach_tell(struct device *dma, enum mdk_reach reach, phys_addr_t phys,
		    unsigned long *told)
{
	u64 last = mdk_dma_last(dma), at = phys;

	if (test_and_set_bit(reach, told))
		return;
	if (reach == MDK_TOO_FAR)
		dev_err(dma, "DMA: memory of a guest or an instance is at 0x%llx, the device reaches 0x%llx and no IOMMU translates for it: refused with ENXIO; let an IOMMU translate (intel_iommu=on or the like, without iommu=pt) [K161]\n",
			at, last);
	else if (reach == MDK_BOUNCED)
		dev_err(dma, "DMA: the kernel has every mapping of the device go through bounce buffers (mask 0x%llx, memory at 0x%llx), copies that a guest does not see: refused with ENXIO; boot without swiotlb=force, or let an IOMMU translate [K162]\n",
			last, at);
	else
		dev_err(dma, "DMA: the kernel does not trust the device and would bounce parts of pages (memory at 0x%llx), copies that a guest does not see: refused with ENXIO; let the driver take whole pages, or plug the device in where it is trusted [K163]\n",
			at);
}

void mdk_reach_tell_short(struct device *dma, size_t longest, unsigned long *told)
{
	if (!test_and_set_bit(MDK_SHORT, told))
		dev_err(dma, "DMA: the device takes segments of at most %zu bytes, a page of %lu is needed for scatter lists: refused with ENXIO; see dma_set_max_seg_size() and dma_set_seg_boundary() in the driver of the device, which can take pages by itself with mdk_pinned_page() [K164]\n",
			longest, PAGE_SIZE);
}

void mdk_reach_foretell(struct device *dma, const char *model)
{
	unsigned long told = 0;
	u64 needed;

	if (!dma->dma_mask || mdk_dma_translated(dma))
		return;
	if (is_swiotlb_force_bounce(dma)) {
		mdk_reach_tell(dma, MDK_BOUNCED, 0, &told);
		return;
	}
	needed = dma_get_required_mask(dma);
	if (mdk_dma_last(dma) < needed)
		dev_warn(dma, "model '%s': the device's DMA reaches 0x%llx, this machine's memory goes up to 0x%llx, and no IOMMU translates for it: what guests have beyond will be refused with ENXIO; let an IOMMU translate (intel_iommu=on or the like, without iommu=pt) [K160]\n",
			 model, mdk_dma_last(dma), needed);
}

/* Where an IOMMU translates, the kernel chooses addresses so that no segment crosses it. */
bool mdk_reach_in_borders(struct device *dma, struct sg_table *sgt)
{
	u64 border = dma_get_seg_boundary(dma), bus;
	struct scatterlist *sg;
	unsigned int i;

	if (mdk_dma_translated(dma))
		return true;
	for_each_sgtable_sg(sgt, sg, i) {
		bus = phys_to_dma(dma, sg_phys(sg));
		if ((bus & border) + (sg->length - 1) > border)
			return false;
	}
	return true;
}
