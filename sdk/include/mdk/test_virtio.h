/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file test_virtio.h
 * @brief The guest's side of a virtio device, for tests of a driver (mdk/test.h).
 *
 * As little as it takes to drive one: features, status, queues and chains of buffers, each of which
 * a test may also write by hand to see what becomes of it.
 *
 *     MDK_ASSERT_TRUE(mdk_guest_agrees(dev, MDK_VIRTIO_F_VERSION_1));
 *     queue = mdk_guest_queue(dev, 0, 16);
 *     MDK_ASSERT_TRUE(mdk_guest_enables(&queue));
 *     mdk_guest_starts(dev);
 *     queue.descs[0] = mdk_guest_desc(memory->iova, 64, MDK_GUEST_WRITE, 0);
 *     mdk_guest_hands(&queue, 0);
 *     MDK_ASSERT_TRUE(mdk_guest_gets(&queue, 1, 1000));
 */
#ifndef MDK_TEST_VIRTIO_H
#define MDK_TEST_VIRTIO_H

#include <mdk/test.h>
#include <mdk/virtio.h>

/** enum mdk_guest_at - where in the BAR a field is */
enum mdk_guest_at {
	MDK_GUEST_OFFERED_HALF = 0x00,
	MDK_GUEST_OFFERED = 0x04,
	MDK_GUEST_WANTED_HALF = 0x08,
	MDK_GUEST_WANTED = 0x0c,
	MDK_GUEST_CONFIG_VECTOR = 0x10,
	MDK_GUEST_NR_QUEUES = 0x12,
	MDK_GUEST_STATUS = 0x14,
	MDK_GUEST_GENERATION = 0x15,
	MDK_GUEST_SELECT = 0x16,
	MDK_GUEST_SIZE = 0x18,
	MDK_GUEST_VECTOR = 0x1a,
	MDK_GUEST_ENABLE = 0x1c,
	MDK_GUEST_NOTIFY_AT = 0x1e,
	MDK_GUEST_AREAS = 0x20,
	MDK_GUEST_ISR = 0x1000,
	MDK_GUEST_CONFIG = 0x2000,
	MDK_GUEST_NOTIFY = 0x3000,
};

/** enum mdk_guest_status - bits of the status */
enum mdk_guest_status {
	MDK_GUEST_ACKNOWLEDGE = 0x01,
	MDK_GUEST_DRIVER = 0x02,
	MDK_GUEST_DRIVER_OK = 0x04,
	MDK_GUEST_FEATURES_OK = 0x08,
	MDK_GUEST_NEEDS_RESET = 0x40,
};

/** enum mdk_guest_flags - flags of a descriptor */
enum mdk_guest_flags {
	MDK_GUEST_NEXT = 1,
	MDK_GUEST_WRITE = 2,
	MDK_GUEST_INDIRECT = 4,
};

/**
 * struct mdk_guest_descriptor - a descriptor, as it lies in guest memory
 * @addr: of the buffer
 * @len: bytes
 * @flags: of enum mdk_guest_flags
 * @next: the next one's number
 */
struct mdk_guest_descriptor {
	__le64 addr;
	__le32 len;
	__le16 flags;
	__le16 next;
};

/** enum mdk_guest_net - what the header of a network card's frame may say */
enum mdk_guest_net {
	MDK_GUEST_NET_NEEDS_CSUM = 1, /**< flag: the checksum is still to be made */
	MDK_GUEST_NET_TCPV4 = 1, /**< type: a GSO frame of TCP over IPv4 */
	MDK_GUEST_NET_TCPV6 = 4, /**< likewise, over IPv6 */
};

/**
 * struct mdk_guest_net_header - what is in front of each frame of a network card
 * @flags: MDK_GUEST_NET_NEEDS_CSUM, and others
 * @gso_type: 0, or a type of enum mdk_guest_net
 * @head_len: bytes of a GSO frame's headers
 * @gso_size: bytes of payload in each of its segments
 * @csum_start: the checksum is that of all from here on
 * @csum_offset: from there to its place
 * @nr_buffers: of a frame that was received: how many it fills
 */
struct mdk_guest_net_header {
	u8 flags;
	u8 gso_type;
	__le16 head_len;
	__le16 gso_size;
	__le16 csum_start;
	__le16 csum_offset;
	__le16 nr_buffers;
};

/**
 * struct mdk_guest_queue - a queue; each of its areas is memory of its own
 * @dev: the device
 * @number: of the queue
 * @places: a power of two
 * @areas: descriptors, available ring, used ring
 * @descs: the first one's @places entries
 * @avail: flags, index, @places heads, and the index of the used ring that is waited for
 * @used: flags, index, @places pairs of id and length, and what the device waits for
 */
struct mdk_guest_queue {
	struct mdk_client *dev;
	u32 number;
	u32 places;
	struct mdk_memory *areas[3];
	struct mdk_guest_descriptor *descs;
	__le16 *avail;
	u8 *used;
};

/**
 * mdk_guest_get() - a field of the device's BAR
 * @dev: the device
 * @offset: of enum mdk_guest_at, or behind one of these
 * @width: in bytes
 *
 * Return: its value.
 */
u64 mdk_guest_get(struct mdk_client *dev, u32 offset, u32 width);

/**
 * mdk_guest_put() - write such a field
 * @dev: the device
 * @offset: as mdk_guest_get()
 * @width: in bytes
 * @value: what to write
 */
void mdk_guest_put(struct mdk_client *dev, u32 offset, u32 width, u64 value);

/**
 * mdk_guest_offered() - the features that the device offers
 * @dev: the device
 *
 * Return: the features.
 */
u64 mdk_guest_offered(struct mdk_client *dev);

/**
 * mdk_guest_agrees() - reset it, and ask for features
 * @dev: the device
 * @features: that the guest wants
 *
 * Return: the device has agreed.
 */
bool mdk_guest_agrees(struct mdk_client *dev, u64 features);

/**
 * mdk_guest_starts() - DRIVER_OK
 * @dev: the device
 */
void mdk_guest_starts(struct mdk_client *dev);

/**
 * mdk_guest_broken() - wait until the device needs a reset
 * @dev: the device
 * @ms: how long at most, in milliseconds
 *
 * Return: it does.
 */
bool mdk_guest_broken(struct mdk_client *dev, unsigned int ms);

/**
 * mdk_guest_by_messages() - switch MSI-X on, and listen to vectors
 * @dev: the device
 * @vectors: from 0 on
 */
void mdk_guest_by_messages(struct mdk_client *dev, u32 vectors);

/**
 * mdk_guest_queue() - memory for a queue
 * @dev: the device
 * @number: of the queue
 * @places: that it is to have, at most what the device offers
 *
 * Return: the queue, of which the device does not know yet.
 */
struct mdk_guest_queue mdk_guest_queue(struct mdk_client *dev, u32 number, u32 places);

/**
 * mdk_guest_enables() - tell the device of a queue; vector N is for queue N
 * @queue: the queue
 *
 * Return: it is enabled.
 */
bool mdk_guest_enables(const struct mdk_guest_queue *queue);

/**
 * mdk_guest_desc() - a descriptor
 * @iova: of the buffer
 * @len: bytes
 * @flags: of enum mdk_guest_flags
 * @next: the next one's number
 *
 * Return: the descriptor.
 */
struct mdk_guest_descriptor mdk_guest_desc(u64 iova, u32 len, u16 flags, u16 next);

/**
 * mdk_guest_hands() - hand a chain over, and notify
 * @queue: the queue
 * @head: number of the first descriptor
 */
void mdk_guest_hands(struct mdk_guest_queue *queue, u16 head);

/**
 * mdk_guest_notifies() - notify and no more
 * @queue: the queue
 */
void mdk_guest_notifies(const struct mdk_guest_queue *queue);

/**
 * mdk_guest_index() - how many chains came back, modulo 2^16
 * @queue: the queue
 *
 * Return: the index of the used ring.
 */
u16 mdk_guest_index(const struct mdk_guest_queue *queue);

/**
 * mdk_guest_gets() - wait for chains to come back
 * @queue: the queue
 * @index: how many in all, modulo 2^16
 * @ms: how long at most, in milliseconds
 *
 * Return: so many are there.
 */
bool mdk_guest_gets(const struct mdk_guest_queue *queue, u16 index, unsigned int ms);

/**
 * mdk_guest_used_id() - which chain came back
 * @queue: the queue
 * @index: counted from 0 on, modulo 2^16
 *
 * Return: its head.
 */
u32 mdk_guest_used_id(const struct mdk_guest_queue *queue, u16 index);

/**
 * mdk_guest_used_len() - how many bytes the device has written to a chain
 * @queue: the queue
 * @index: as mdk_guest_used_id()
 *
 * Return: bytes.
 */
u32 mdk_guest_used_len(const struct mdk_guest_queue *queue, u16 index);

#endif /* MDK_TEST_VIRTIO_H */
