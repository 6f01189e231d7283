/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file vq.h
 * @brief Virtqueues: chains of buffers that a stock driver of a guest hands to a virtio device.
 *
 * A queue is split (OASIS virtio 1.2, section 2.7); its three areas lie in guest memory:
 * descriptors that name buffers, the available ring by which the guest hands chains of them over,
 * the used ring by which the device gives them back. The SDK serves a queue (mdk/virtio.h says
 * which a device has): for each chain it calls .work of the queue's row, in a worker, under the
 * instance's lock.
 *
 * Nothing that the guest says is trusted. Each descriptor is fetched once and only the copy is
 * used, from tables of its own too (VIRTIO_F_INDIRECT_DESC); a chain has at most as many
 * descriptors as the queue has places, so one that comes back to itself ends. An index beyond the
 * queue, more chains than there are places, a table in a table, a readable buffer behind a writable
 * one, one that wraps, one to write to that lies in the queue itself: the device needs a reset, as
 * the guest sees in its status. All memory is pinned when it is touched; pages of buffers stay
 * pinned for the next use, so that one that is used again costs no call into VFIO.
 *
 * A burst costs one store of the used index, behind a barrier, and at most one interrupt: with
 * VIRTIO_F_EVENT_IDX none that the guest did not ask for. While chains are being served the guest
 * is told that it need not notify.
 */
#ifndef MDK_VQ_H
#define MDK_VQ_H

#include <mdk/types.h>

struct mdk_dev;
struct mdk_vq;

/** Places that a queue may have. */
#define MDK_VQ_SIZE_MAX 1024

/**
 * struct mdk_chain - what a guest has handed over at once
 * @vq: the queue
 * @readable: bytes that the guest has put there, over all buffers
 * @writable: bytes of room for the device, likewise
 *
 * Both may be 4 GiB, and .work says itself how much it takes of them: all others wait meanwhile.
 * Valid during the call of .work.
 */
struct mdk_chain {
	struct mdk_vq *vq;
	u32 readable;
	u32 writable;
};

/**
 * struct mdk_vq_row - queues of a device
 * @name: for messages, such as "rx"
 * @max: places that a guest may ask for, a power of two from 2 to MDK_VQ_SIZE_MAX; a chain has no
 *	more buffers than places, those in its table included, so a queue of few refuses what
 *	some drivers send: 256 suits all
 * @buffer_pages: pages of buffers that stay pinned between uses, a power of two up to 4096
 * @work: serves a chain. Return: bytes written to it, from its first writable one on, and the chain
 *	is given back; -EAGAIN when guest memory is being unmapped (as the copies below say it),
 *	or -ENOMEM: the same chain comes again a millisecond later; -EBUSY when something else is
 *	missing: it comes again after mdk_vq_kick(); -ENODATA when it is not needed after all, and
 *	-ENOBUFS of mdk_chain_join(): it stays with the guest, who may hand it over with others;
 *	another error: the device needs a reset
 * @ready: there is something to fill a chain with; NULL: always. Else .work is called when both are
 *	there; mdk_vq_kick() says that it has changed
 *
 * Context of both: process, may sleep, under the instance's lock.
 */
struct mdk_vq_row {
	const char *name;
	u32 max;
	u32 buffer_pages;
	int (*work)(struct mdk_dev *dev, const struct mdk_chain *chain);
	bool (*ready)(struct mdk_dev *dev, u32 queue);
};

/** Pages that a row's queue may pin: its areas, its pages of buffers, and two for tables. */
#define MDK_VQ_PAGES(_max, _buffer_pages) (((_max) * 26 + 4096) / 4096 + 6 + (_buffer_pages))

/**
 * mdk_vq_number() - which queue of its device it is
 * @vq: the queue
 *
 * Context: any. Return: its number, from 0 on.
 */
u32 mdk_vq_number(const struct mdk_vq *vq);

/**
 * mdk_vq_kick() - look at a queue again
 * @dev: the instance
 * @queue: its number; one that the device does not have is left alone
 *
 * For a row with .ready, and after -EBUSY. Context: any but NMI.
 */
void mdk_vq_kick(struct mdk_dev *dev, u32 queue);

/**
 * mdk_chain_read() - copy out of what the guest has put into a chain
 * @chain: the chain
 * @offset: bytes from its first readable one
 * @buf: where to
 * @len: bytes, may be none
 *
 * Context: process, may sleep, pins; in .work. Return: 0; -EINVAL beyond .readable, or where the
 * guest has no memory; -EPERM; -EAGAIN while it is being unmapped, for .work to return; what else
 * mdk_pin() returns. After an error @buf may hold a part.
 */
int __must_check mdk_chain_read(const struct mdk_chain *chain, u32 offset, void *buf, u32 len);

/**
 * mdk_chain_write() - copy into the room that a chain has
 * @chain: the chain
 * @offset: bytes from its first writable one
 * @buf: where from
 * @len: bytes, may be none
 *
 * Context and Return: as mdk_chain_read(), but beyond .writable. After an error a part may have
 * been written.
 */
int __must_check mdk_chain_write(const struct mdk_chain *chain, u32 offset, const void *buf,
				 u32 len);

/**
 * mdk_chain_join() - take further chains of the queue, to be served as one with this chain
 * @chain: the chain
 * @room: bytes that its .writable is to have
 *
 * What .work returns is then the bytes written to all of them, the first ones first; each is given
 * back. Context: process, may sleep, pins; in .work. Return: how many chains these are, 1 or more;
 * an error, for .work to return: -ENOBUFS when the guest has not handed over as many, and .work is
 * called when it has more; as mdk_chain_read(). -EMSGSIZE, for .work to return -ENODATA: these are
 * more buffers than the queue has places.
 */
int __must_check mdk_chain_join(const struct mdk_chain *chain, u32 room);

#endif /* MDK_VQ_H */
