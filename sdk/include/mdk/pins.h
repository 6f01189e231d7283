/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file pins.h
 * @brief Pins in the kernel: pages and scatter lists for hardware, and layer 2 for a raw driver.
 *
 * A raw driver makes one cache for each mediated device. Its quiesce op is
 *
 *	if (mdk_pin_cache_shut(cache, iova, size, &first, &length))
 *		(stop the hardware's DMA to [first, first + length); on failure reset it)
 *	mdk_pin_cache_release(cache, iova, size);
 *
 * and its release op stops its workers and the hardware and then calls mdk_pin_cache_release_all();
 * its answer to VFIO_DEVICE_RESET does the same. A driver on layer 3 has all this done for it.
 * Handles are those of mdk/pin.h on both layers.
 *
 * Lock: the cache's mutex. It is inside every lock of VFIO and of the bridge that an unmap holds,
 * and never held across a call that pins.
 */
#ifndef MDK_PINS_H
#define MDK_PINS_H

#include <mdk/pin.h>

struct device;
struct mdev_device;
struct mdk_pin_cache;
struct page;
struct sg_table;

/**
 * mdk_set_dma_device() - layer 3: set the device that does the DMA
 * @dev: the instance
 * @dma: does the DMA, has a DMA mask, and outlives the instance
 *
 * To be called in ops.init; by default it is the parent. Context: process, nothing is pinned.
 */
void mdk_set_dma_device(struct mdk_dev *dev, struct device *dma);

/**
 * mdk_pinned_sgt() - the range as bus addresses for the DMA device
 * @pinned: the handle
 *
 * Contiguous pages are merged, as far as the DMA device's segment size and segment boundary allow.
 * Made at the first call, kept for the handle, mapped in its direction; a device that is not
 * coherent needs dma_sync_sgtable_for_*(). Unmapped by mdk_unpin(), or after ops.quiesce when the
 * handle dies; the table itself stays readable until mdk_unpin(). Context: process, may sleep.
 * Return: the table, or an ERR_PTR: -ESHUTDOWN while the guest has switched the device off (layer
 * 3); -EFAULT when the handle is dead; -EOPNOTSUPP when there is no device with a DMA mask; -ENXIO,
 * with one message for each mediated device, when the device cannot access the memory directly: it
 * is beyond the mask and no IOMMU translates, or the kernel would use a bounce buffer (K161 to
 * K164); trying again does not help; -ENOMEM; or the error of the mapping.
 * Guarantees: what the device sees is the guest's memory, never a bounce buffer.
 */
struct sg_table *__must_check mdk_pinned_sgt(struct mdk_pinned *pinned);

/**
 * mdk_pinned_nr_pages() - pages that the range touches
 * @pinned: the handle
 *
 * Context: any. Return: their number, also of a dead handle.
 */
u32 mdk_pinned_nr_pages(struct mdk_pinned *pinned);

/**
 * mdk_pinned_page() - one page of the range
 * @pinned: the handle
 * @i: below mdk_pinned_nr_pages()
 *
 * For hardware. The CPU copies with mdk_pinned_read() and mdk_pinned_write(), which an unmap cannot
 * hurt and which reach every page. Context: any.
 * Return: the page; NULL when the handle is dead, or when the DMA device has a mask and cannot
 * access the page directly: mdk_pinned_alive() tells which; messages as for mdk_pinned_sgt().
 */
struct page *__must_check mdk_pinned_page(struct mdk_pinned *pinned, u32 i);

/**
 * mdk_pin_cache_alloc() - pins of one mediated device
 * @mdev: its parent has a quiesce op
 * @dma: for mdk_pinned_sgt(); may be NULL
 * @max_pages: different pages that may be pinned at a time
 *
 * Context: may sleep. Return: for mdk_pin_cache_free(), or NULL without memory.
 */
struct mdk_pin_cache *__must_check mdk_pin_cache_alloc(struct mdev_device *mdev,
						       struct device *dma, u32 max_pages);

/**
 * mdk_pin_cache_free() - free the cache, in the remove op
 * @cache: the pins; NULL is fine. Handles may outlive it.
 *
 * Context: may sleep.
 */
void mdk_pin_cache_free(struct mdk_pin_cache *cache);

/**
 * mdk_pin_cache_set_device() - another device for mdk_pinned_sgt()
 * @cache: the pins
 * @dma: as for mdk_pin_cache_alloc()
 *
 * Context: process, while nothing is pinned.
 */
void mdk_pin_cache_set_device(struct mdk_pin_cache *cache, struct device *dma);

/**
 * mdk_pin_cache_pin() - as mdk_pin()
 * @cache: the pins
 * @iova: first byte, of any alignment
 * @size: bytes, at least one
 * @dir: see enum mdk_dma_dir
 *
 * Context: process, may sleep, pins. Return: as mdk_pin(), but never -ESHUTDOWN: a raw driver has
 * the configuration space, and so bus mastering, in its own hands.
 */
struct mdk_pinned *__must_check mdk_pin_cache_pin(struct mdk_pin_cache *cache, u64 iova, u64 size,
						  enum mdk_dma_dir dir);

/**
 * mdk_pin_cache_shut() - first half of an unmap: every handle of the range is dead
 * @cache: the pins
 * @iova: first byte that is unmapped
 * @size: bytes that are unmapped
 * @first: first byte of the smallest range that has the unmapped one and all pins killed by it
 * @length: bytes of that range
 *
 * Waits for copies that run, a page at most. Context: process, in quiesce.
 * Return: true if hardware may be using the range; else there is nothing to stop.
 * Guarantees: no copy touches the range any more; pages are still pinned, scatter lists mapped.
 */
bool mdk_pin_cache_shut(struct mdk_pin_cache *cache, u64 iova, u64 size, u64 *first, u64 *length);

/**
 * mdk_pin_cache_release() - second half of an unmap, when the hardware has stopped
 * @cache: the pins
 * @iova: as for mdk_pin_cache_shut()
 * @size: likewise
 *
 * Context: process, in quiesce; does not wait for VFIO.
 * Guarantees: the scatter lists of dead handles in the range are unmapped, and their pages are
 * given to mdev_unpin_pages().
 */
void mdk_pin_cache_release(struct mdk_pin_cache *cache, u64 iova, u64 size);

/**
 * mdk_pin_cache_release_all() - both halves for everything: in the release op
 * @cache: the pins
 *
 * Context: may sleep.
 */
void mdk_pin_cache_release_all(struct mdk_pin_cache *cache);

/**
 * mdk_pin_cache_stats() - counters
 * @cache: the pins
 * @stats: where to
 *
 * Context: may sleep.
 */
void mdk_pin_cache_stats(struct mdk_pin_cache *cache, struct mdk_pin_stats *stats);

#endif /* MDK_PINS_H */
