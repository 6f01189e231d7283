/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtio device inside. All of it is under mdk_inst.callbacks but for @notified and what says so:
 * the accesses of a guest, a worker that serves queues, resets.
 */
#ifndef MDK_VIRTIO_DEVICE_H
#define MDK_VIRTIO_DEVICE_H

#include <mdk/virtio.h>

#include "run/access/guest_pages.h"

struct mdk_net;
struct mdk_pinned;
struct mdk_virtio_dev;
struct mdk_work;

/* Bits of the status, as the specification names them. */
#define MDK_VIRTIO_ACKNOWLEDGE 0x01
#define MDK_VIRTIO_DRIVER 0x02
#define MDK_VIRTIO_DRIVER_OK 0x04
#define MDK_VIRTIO_FEATURES_OK 0x08
#define MDK_VIRTIO_NEEDS_RESET 0x40
#define MDK_VIRTIO_FAILED 0x80

#define MDK_VIRTIO_NO_VECTOR 0xffff

/**
 * struct mdk_vq_budget - what a run serves of all queues together, before other devices have one
 * @chains: that are left; a look for one counts too
 * @pieces: likewise
 * @bytes: likewise, to be copied
 */
struct mdk_vq_budget {
	u32 chains;
	u32 pieces;
	u32 bytes;
};

#define MDK_VIRTIO_CHAINS 32
#define MDK_VIRTIO_PIECES 1024
#define MDK_VIRTIO_BYTES SZ_512K

/* A descriptor, as it lies in guest memory. */
struct mdk_vq_desc {
	__le64 addr;
	__le32 len;
	__le16 flags;
	__le16 next;
};

/**
 * struct mdk_vq_piece - a buffer of a chain, checked
 * @addr: its first byte
 * @len: bytes
 */
struct mdk_vq_piece {
	u64 addr;
	u32 len;
};

/**
 * struct mdk_vq_part - a chain that was taken
 * @head: its first descriptor
 * @writable: bytes of room in it
 */
struct mdk_vq_part {
	u16 head;
	u32 writable;
};

/**
 * struct mdk_vq - a queue
 * @virtio: its device
 * @row: of its driver
 * @number: from 0 on
 * @size: places; what the guest has chosen
 * @vector: MSI-X vector, or MDK_VIRTIO_NO_VECTOR
 * @areas: addresses of descriptors, available ring and used ring
 * @enabled: the guest has said so
 * @notified: the guest has something for it, or the driver; any context
 * @descs: pinned areas, while it is enabled
 * @avail: likewise
 * @used: likewise
 * @next: chains that were taken; as all these indices modulo 2^16
 * @seen: the guest's index when it was read last
 * @given: chains that were given back
 * @shown: @given as the guest sees it
 * @chain: being served: those of @parts as one
 * @parts: what was taken and is not given back; row's max entries
 * @nr_parts: 0: nothing is being served; more than one by mdk_chain_join()
 * @done: @parts were served, and what is left of them is to be given back
 * @nr_given: of @parts when @done
 * @owed: bytes written into those that are left
 * @copied: bytes of @chain that were copied so far
 * @nr_out: pieces that are readable, the first ones
 * @nr_pieces: pieces of @chain
 * @pieces: row's max entries
 * @buffers: pinned pages
 */
struct mdk_vq {
	struct mdk_virtio_dev *virtio;
	const struct mdk_vq_row *row;
	u32 number;
	u16 size;
	u16 vector;
	u64 areas[3];
	bool enabled;
	unsigned long notified;
	struct mdk_pinned *descs;
	struct mdk_pinned *avail;
	struct mdk_pinned *used;
	u16 next;
	u16 seen;
	u16 given;
	u16 shown;
	struct mdk_chain chain;
	struct mdk_vq_part *parts;
	u32 nr_parts;
	bool done;
	u32 nr_given;
	u32 owed;
	u32 copied;
	u32 nr_out;
	u32 nr_pieces;
	struct mdk_vq_piece *pieces;
	struct mdk_guest_pages buffers;
};

/**
 * struct mdk_virtio_dev - a device
 * @dev: the instance
 * @spec: of its driver
 * @net: of a network card, or NULL
 * @config: fields of its configuration
 * @config_size: bytes of these
 * @work: serves queues
 * @msix_at: where the capability of MSI-X is, in configuration space
 * @offered: features of the driver and of the SDK
 * @wanted: what the guest has written; what was agreed on from FEATURES_OK on
 * @offered_half: which 32 bits of the features the guest reads
 * @wanted_half: likewise, writes
 * @status: the guest's, and NEEDS_RESET
 * @isr: why the pin is asserted: bit 0 a queue, bit 1 configuration
 * @generation: of the configuration
 * @vector: of configuration changes
 * @came: by a migration, and its driver has not been told yet
 * @select: the queue that the guest speaks of
 * @first: the queue that the next run begins with, so that none has all of each run's budget
 * @queues: spec.nr_queues entries
 */
struct mdk_virtio_dev {
	struct mdk_dev *dev;
	const struct mdk_virtio *spec;
	struct mdk_net *net;
	const u8 *config;
	u32 config_size;
	struct mdk_work *work;
	u32 msix_at;
	u64 offered;
	u64 wanted;
	u32 offered_half;
	u32 wanted_half;
	u8 status;
	u8 isr;
	u8 generation;
	u16 vector;
	bool came;
	u16 select;
	u32 first;
	struct mdk_vq queues[];
};

/* Places of mdk_vq.areas; what begins a ring, and what is behind its entries. */
#define MDK_VQ_DESCS 0
#define MDK_VQ_AVAIL 1
#define MDK_VQ_USED 2
#define MDK_VQ_AT_RING 4

/* In bytes. */
static inline u64 mdk_vq_area_size(const struct mdk_vq *vq, u32 area)
{
	switch (area) {
	case MDK_VQ_DESCS:
		return vq->size * sizeof(struct mdk_vq_desc);
	case MDK_VQ_AVAIL:
		return MDK_VQ_AT_RING + vq->size * 2 + 2;
	default:
		return MDK_VQ_AT_RING + vq->size * 8 + 2;
	}
}

static inline bool mdk_vq_area_apart(const struct mdk_vq *vq, u32 area, u64 addr, u64 len)
{
	return addr - vq->areas[area] >= mdk_vq_area_size(vq, area) &&
	       vq->areas[area] - addr >= len;
}

struct mdk_virtio_dev *mdk_virtio_of(struct mdk_dev *dev);

static inline bool mdk_virtio_has(const struct mdk_virtio_dev *virtio, u64 feature)
{
	return virtio->wanted & feature;
}

/*
 * device.c. Queues may be served: the guest's driver is ready, nothing is broken, and no reset or
 * close is on its way.
 */
bool mdk_virtio_runs(const struct mdk_virtio_dev *virtio);
/* Features that a guest may agree on; those that the driver takes together are not all of them. */
bool mdk_virtio_offers(const struct mdk_virtio_dev *virtio, u64 wanted);
/* Under mdk_inst.callbacks. */
bool mdk_virtio_accepts(const struct mdk_virtio_dev *virtio, u64 wanted);

/*
 * The device was switched on again, or its parent is back: what guest and driver had to say
 * meanwhile nobody has heard. @virtio: NULL for another device. Any context.
 */
void mdk_virtio_wake(struct mdk_virtio_dev *virtio);

/* The guest has made a mistake, or its memory has gone. */
void mdk_virtio_break(struct mdk_virtio_dev *virtio, const struct mdk_vq *vq, const char *why);

/* A guest writes its status. */
void mdk_virtio_set_status(struct mdk_virtio_dev *virtio, u8 status);

/* @cause: bit of the ISR. */
void mdk_virtio_interrupt(struct mdk_virtio_dev *virtio, u16 vector, u8 cause);

/* A guest reads the ISR, which clears it. */
u8 mdk_virtio_take_isr(struct mdk_virtio_dev *virtio);

/* vq.c */

/* Pins the areas that the guest has set up. Return: 0, or why it cannot. */
int mdk_vq_enable(struct mdk_vq *vq);
void mdk_vq_reset(struct mdk_vq *vq);
/* Could the areas of a queue of that size be there? */
bool mdk_vq_areas_good(const struct mdk_vq *vq);

/** enum mdk_vq_left - what a turn has left */
enum mdk_vq_left {
	MDK_VQ_DONE,  /* nothing until the next notification or kick */
	MDK_VQ_LATER, /* a millisecond */
	MDK_VQ_MORE,
};

static inline bool mdk_vq_spent(const struct mdk_vq_budget *budget)
{
	return !budget->chains || !budget->pieces || !budget->bytes;
}

/* A turn, as long as @budget lasts. */
enum mdk_vq_left mdk_vq_serve(struct mdk_vq *vq, struct mdk_vq_budget *budget);

/*
 * chain.c. Fetches the chain that begins at @head, as the next part. Return: 0; -EAGAIN, later;
 * -ESHUTDOWN; -EMSGSIZE, not as a further part: there would be more pieces than places; -EINVAL for
 * one that broke the device. After an error nothing of it is used.
 */
int mdk_chain_fetch(struct mdk_vq *vq, u16 head);

/* Nothing is being served any more. */
void mdk_chain_forget(struct mdk_vq *vq);

/* Not for good: memory is being unmapped, or short, the parent is away, or the device is off. */
bool mdk_vq_later(int ret);

/* Of a copy to or from an area: its memory has gone, and mdk_vq_hold() says later if for good. */
static inline int mdk_vq_gone(int ret)
{
	return ret == -EFAULT ? -EAGAIN : ret;
}

#endif /* MDK_VIRTIO_DEVICE_H */
