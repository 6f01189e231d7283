/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file ring.h
 * @brief Descriptor rings in guest memory: what a queue of a NIC, a disk or a GPU is made of.
 *
 * A guest puts descriptors into memory of its own and writes to a register how many there are by
 * now; the device takes them in order and writes back what became of each. Nothing that the guest
 * says is trusted: a ring has a checked size, an index may only go forward and not by more than
 * there is room, each descriptor is fetched exactly once and only the copy is used, and each access
 * to ring and buffers is to memory that is pinned. An error of the ring itself breaks it: its calls
 * fail until it is started again.
 *
 * Indices count from 0 on at the start of a ring and go on over its end: a ring of 8 is full at
 * index 8, and its descriptors lie in slot index % 8. After 2^32 they are 0 again.
 *
 * Memory that the guest unmaps is never touched again: a ring that was in it breaks at that moment,
 * a buffer in it fails. The next call for a ring that broke so says -EFAULT, the following ones
 * -ESHUTDOWN; mdk_ring_on_broken() tells the driver without a call. The same happens when the guest
 * switches the device off (mdk/pci.h), and while it is off no ring runs. A reset and the last close
 * stop every ring before they call ops.reset (the whole order is in mdk/life.h). When the hardware
 * is gone (mdk_gone()) nothing can be copied any more.
 *
 * Locks: all calls but mdk_ring_create() are for register callbacks, ops.reset and between
 * mdk_lock() and mdk_unlock(). ops.quiesce takes no lock for a ring: a copy ends at the unmap.
 */
#ifndef MDK_RING_H
#define MDK_RING_H

#include <mdk/pin.h>
#include <mdk/types.h>

struct mdk_dev;
struct mdk_ring;

/** Bytes that a descriptor may have. */
#define MDK_RING_DESC_MAX 64
/** Descriptors that a ring may have. */
#define MDK_RING_SIZE_MAX 32768
/** Bytes that the address of a ring is a multiple of. */
#define MDK_RING_ALIGN 16

/**
 * struct mdk_ring_spec - what the device defines of a ring
 * @name: for messages, such as "tx"
 * @max: descriptors that a guest may ask for, a power of two, at most MDK_RING_SIZE_MAX
 * @desc_size: bytes of a descriptor: 8, 16, 32 or 64
 * @status: bytes from the start of a descriptor to what the device writes back, a multiple of 4;
 *	the last 4 bytes of the descriptor are written last, after a barrier: the place of a "done"
 * @dir: who writes to the buffers that descriptors name
 * @buffer_pages: pages of buffers that stay pinned between uses, a power of two up to 4096. The
 *	model's pin_pages has to have room for those, for the ring (@max * @desc_size bytes, and a
 *	page more), and for one page more
 */
struct mdk_ring_spec {
	const char *name;
	u32 max;
	u32 desc_size;
	u32 status;
	enum mdk_dma_dir dir;
	u32 buffer_pages;
};

/**
 * mdk_ring_create() - a ring, stopped
 * @dev: the instance; its model has pin_pages
 * @spec: read during the call; its name lives as long as the ring
 *
 * Context: may sleep; from init. Return: the ring, which lives until the instance is removed; NULL
 * without memory, and for a faulty specification, with a message that names the fault.
 */
struct mdk_ring *__must_check mdk_ring_create(struct mdk_dev *dev,
					      const struct mdk_ring_spec *spec);

/**
 * mdk_ring_start() - take a ring that a guest has set up
 * @ring: of mdk_ring_create(); stopped first if it runs
 * @base: guest address of the first descriptor, a multiple of MDK_RING_ALIGN
 * @size: descriptors, a power of two from 2 to the specification's max
 *
 * Context: process, may sleep, pins. Return: 0, and both indices are 0; -EINVAL for a @base or a
 * @size that is not as above; what mdk_pin() returns.
 */
int __must_check mdk_ring_start(struct mdk_ring *ring, u64 base, u32 size);

/**
 * mdk_ring_stop() - stop a ring, and unpin its pages and those of its buffers
 * @ring: running, broken or stopped
 *
 * Context: process, may sleep. Guarantees: no memory of the guest is pinned for it any more.
 */
void mdk_ring_stop(struct mdk_ring *ring);

/**
 * mdk_ring_running() - started, and nothing has broken it
 * @ring: the ring
 *
 * Context: any. Return: false for one that is stopped or broken, whose memory is being unmapped,
 * whose guest has switched the device off, or when a reset or the last close has begun.
 */
bool mdk_ring_running(struct mdk_ring *ring);

/**
 * mdk_ring_on_broken() - be told when the ring's memory goes
 * @ring: of mdk_ring_create()
 * @fn: called by a worker under the instance's lock, soon after the guest has unmapped memory of
 *	the ring or has switched the device off; once until the ring is started again, also if a
 *	call has said -EFAULT before. Between ops.suspend and ops.resume it waits. Not called for
 *	a ring that was stopped meanwhile, as by a reset or a close, nor when an index breaks it
 *
 * For a device that tells its guest at once that a ring is broken, not at the next descriptor. In
 * @fn and after it the ring's calls return -ESHUTDOWN. Context: may sleep; from init. Return: 0;
 * -ENOMEM.
 */
int __must_check mdk_ring_on_broken(struct mdk_ring *ring,
				    void (*fn)(struct mdk_dev *dev, struct mdk_ring *ring));

/**
 * mdk_ring_produce() - a guest has written its index
 * @ring: the ring
 * @index: descriptors that it has made since the start
 *
 * mdk_ring_fetch() then sees all that the guest wrote to memory before its index.
 * Context: any. Return: 0; -ESHUTDOWN for a ring that does not run; -EFAULT when its memory has
 * gone, which breaks it; -ERANGE for an index that goes back, or forward by more than the ring has
 * room, which breaks the ring.
 */
int __must_check mdk_ring_produce(struct mdk_ring *ring, u32 index);

/**
 * mdk_ring_fetch() - the oldest descriptor that is not completed
 * @ring: the ring
 * @desc: where to, desc_size bytes
 *
 * It is read from guest memory exactly once; until it is completed the same copy comes again.
 * Context: process, may sleep. Return: 0; -ENOENT when there is none; -ESHUTDOWN for a ring that
 * does not run; -EFAULT when its memory has gone, which breaks it.
 */
int __must_check mdk_ring_fetch(struct mdk_ring *ring, void *desc);

/**
 * mdk_ring_complete() - write back the descriptor that was fetched last, and go on to the next
 * @ring: the ring
 * @desc: desc_size bytes; only those from the specification's status on are written
 *
 * Context: process, may sleep. Return: 0; -EINVAL when none was fetched; -ESHUTDOWN; -EFAULT when
 * the ring's memory has gone, which breaks it.
 * Guarantees: the guest sees what was written to buffers before the call, and what is written back,
 * before mdk_ring_completed() counts the descriptor.
 */
int __must_check mdk_ring_complete(struct mdk_ring *ring, const void *desc);

/**
 * mdk_ring_completed() - the device's index
 * @ring: the ring
 *
 * Context: any. Return: descriptors that were completed since the start; 0 while it is stopped.
 */
u32 mdk_ring_completed(struct mdk_ring *ring);

/**
 * mdk_ring_read() - copy out of a buffer that a descriptor names
 * @ring: a running ring, not MDK_FROM_DEVICE
 * @addr: first byte, of any alignment
 * @buf: where to
 * @len: bytes, at least one
 *
 * Pages stay pinned for the next use. Context: process, may sleep, pins. Allowed in a worker.
 * Return: 0; -EINVAL for no bytes, a range that wraps or is not mapped; -EPERM; -EAGAIN while it is
 * being unmapped: try again a millisecond later; -ESHUTDOWN; what else mdk_pin() returns. After an
 * error @buf may hold a part.
 */
int __must_check mdk_ring_read(struct mdk_ring *ring, u64 addr, void *buf, u32 len);

/**
 * mdk_ring_write() - copy into a buffer that a descriptor names
 * @ring: a running ring, not MDK_TO_DEVICE
 * @addr: first byte, of any alignment
 * @buf: where from
 * @len: bytes, at least one
 *
 * Context and Return: as mdk_ring_read(); after an error a part may have been written.
 */
int __must_check mdk_ring_write(struct mdk_ring *ring, u64 addr, const void *buf, u32 len);

#endif /* MDK_RING_H */
