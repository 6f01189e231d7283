/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file pin.h
 * @brief Guest memory: ranges that stay where they are while the device uses them, and copies.
 *
 * The device may use pinned memory until the driver unpins it, or until user space unmaps it. Then
 * ops.quiesce is called to stop the device's DMA, and the handle is dead: every access through it
 * fails, and none reaches memory that was given to somebody else. Dead handles have to be given to
 * mdk_unpin() too. A pin that lay only partly in what was unmapped, or that shares its pages with
 * one that did, is dead as a whole; pin again.
 *
 * When: from the write on by which the guest sets bus mastering (mdk/pci.h). Before, also in
 * ops.open and ops.init, a pin fails with -ESHUTDOWN.
 * With mdk_model.always_master: from the first access of a user on; in ops.open it fails with
 * -EAGAIN, in ops.init with -ENODEV, since VFIO cannot pin then.
 * A reset and the last close kill all handles, and so does, without always_master, a guest that
 * switches the device off.
 *
 * Locks: the calls with "pins" in their Context may wait for an unmap by user space, which may wait
 * for ops.quiesce. A lock that ops.quiesce or ops.reset takes must not be held across them. All of
 * them are allowed in register callbacks.
 */
#ifndef MDK_PIN_H
#define MDK_PIN_H

#include <linux/err.h>

#include <mdk/dma.h>
#include <mdk/types.h>

struct mdk_dev;
struct mdk_pinned;

/**
 * mdk_pin() - pin guest memory
 * @dev: the instance; its model has pin_pages
 * @iova: first byte, of any alignment
 * @size: bytes, at least one, as many as the budget allows
 * @dir: see enum mdk_dma_dir
 *
 * Memory that a live pin covers, in the same direction or both, is not pinned again: only its
 * count is raised. Context: process, may sleep, pins.
 * Return: handle for mdk_unpin(), or an ERR_PTR: -ESHUTDOWN while the guest has switched the device
 * off; -EAGAIN before the first access, while the range is being unmapped and while the parent
 * sleeps or is reset (later it may succeed); -EINVAL for no
 * bytes, a range that wraps or is not mapped; -EPERM where the guest forbids the direction; -ENOSPC
 * beyond the model's pin_pages, or beyond four times as many if pages are counted in each of the
 * ranges that overlap; -ENOMEM beyond the user's RLIMIT_MEMLOCK, or without memory; -ENODEV when
 * the instance is
 * not open; -EOPNOTSUPP for a model without pin_pages.
 */
struct mdk_pinned *__must_check mdk_pin(struct mdk_dev *dev, u64 iova, u64 size,
					enum mdk_dma_dir dir);

/**
 * mdk_unpin() - give a handle back
 * @pinned: of mdk_pin(), alive or dead; NULL and an ERR_PTR are fine
 *
 * The driver has stopped using it. The last handle of a pin releases exactly what was pinned.
 * Context: process, may sleep; allowed everywhere, ops.quiesce, ops.close and ops.fini included.
 */
void mdk_unpin(struct mdk_pinned *pinned);

/**
 * mdk_pinned_read() - copy out of a pinned range
 * @pinned: the handle
 * @offset: bytes from the iova that was asked for
 * @buf: where to
 * @len: bytes
 *
 * The guest may change the memory meanwhile and afterwards: check the copy. Context: any but NMI.
 * Guarantees: 2, 4 or 8 bytes at an address that is a multiple of that are read at once.
 * Return: 0; -EINVAL outside the range; -EPERM for a pin MDK_FROM_DEVICE only; -ESHUTDOWN while the
 * guest has switched the device off, and -EFAULT when the handle is dead, and then a part may have
 * been copied.
 */
int __must_check mdk_pinned_read(struct mdk_pinned *pinned, u64 offset, void *buf, size_t len);

/**
 * mdk_pinned_write() - copy into a pinned range
 * @pinned: the handle
 * @offset: bytes from the iova that was asked for
 * @buf: where from
 * @len: bytes
 *
 * Context: any but NMI.
 * Guarantees: 2, 4 or 8 bytes at an address that is a multiple of that are stored at once and only
 * once, as is needed for an index or a "done" bit that a guest polls and changes.
 * Return: as mdk_pinned_read(), but -EPERM for a pin MDK_TO_DEVICE only.
 */
int __must_check mdk_pinned_write(struct mdk_pinned *pinned, u64 offset, const void *buf,
				  size_t len);

/**
 * mdk_pinned_alive() - is the handle alive? a hint: it may be dead the moment after
 * @pinned: the handle
 *
 * Context: any. Return: false once the handle is dead.
 */
bool mdk_pinned_alive(struct mdk_pinned *pinned);

/**
 * mdk_dma_read() - copy out of guest memory without a pin
 * @dev: the instance
 * @iova: first byte, of any alignment
 * @buf: where to
 * @len: bytes, at least one
 *
 * For single, small structures; needs no pin_pages. Not in a worker (mdk_work_create()), which has
 * to pin instead: user space can stall a page fault of the copy, and without a real parent the last
 * close waits for the worker.
 * Context: process, may sleep, pins.
 * Return: 0; -EINVAL where nothing is mapped; -EPERM; -ESHUTDOWN, -EAGAIN and -ENODEV as mdk_pin().
 */
int __must_check mdk_dma_read(struct mdk_dev *dev, u64 iova, void *buf, size_t len);

/**
 * mdk_dma_write() - copy into guest memory without a pin
 * @dev: the instance
 * @iova: first byte, of any alignment
 * @buf: where from
 * @len: bytes, at least one
 *
 * On a real parent a copy that ended with -EAGAIN or -ENODEV may still arrive later.
 * Context: process, may sleep, pins. Return: as mdk_dma_read().
 */
int __must_check mdk_dma_write(struct mdk_dev *dev, u64 iova, const void *buf, size_t len);

/**
 * struct mdk_pin_stats - what an instance has pinned now, and counters since its creation
 * @pages: different pages, as the budget counts them
 * @ranges: pins, however many handles they have
 * @pins: calls into VFIO that pinned, of up to 512 pages each
 * @hits: handles that needed no such call
 * @killed: pins that an unmap or the last close has ended
 */
struct mdk_pin_stats {
	u64 pages;
	u64 ranges;
	u64 pins;
	u64 hits;
	u64 killed;
};

/**
 * mdk_pin_stats() - counters of an instance
 * @dev: the instance
 * @stats: where to; zeroes without pin_pages
 *
 * Context: may sleep.
 */
void mdk_pin_stats(struct mdk_dev *dev, struct mdk_pin_stats *stats);

#endif /* MDK_PIN_H */
