/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file virtio_net.h
 * @brief A virtio network card: what guests' own drivers take for one, on whatever moves frames.
 *
 * The SDK speaks with the guest: queues, their headers, negotiation, the control queue, filters,
 * link state. What moves the frames is behind struct mdk_nic_ops. The switch of mdk/net.h is there
 * already (mdk_port_virtio_net()):
 *
 *     static const struct mdk_virtio_net mynic_offer = {
 *             .features = MDK_VIRTIO_NET_F_MAC | MDK_VIRTIO_NET_F_STATUS, .pairs = 1, .mtu = 1500,
 *     };
 *     MDK_VIRTIO_NET_TABLES(mynic, 1);
 *     static const struct mdk_model mynic_model = {
 *             .name = "mynic", MDK_VIRTIO_NET(mynic), .pin_pages = MDK_VIRTIO_NET_PAGES(1), ...
 *
 * What a card offers is that table, so that two hosts with the same one have cards that a guest
 * cannot tell apart.
 *
 * A guest is not trusted: a frame whose header asks for what was not negotiated, or for what lies
 * beyond the frame, is dropped and counted, and never comes to struct mdk_nic_ops. What the header
 * of a GSO frame says is compared with the frame's own headers.
 */
#ifndef MDK_VIRTIO_NET_H
#define MDK_VIRTIO_NET_H

#include <mdk/virtio.h>

struct mdk_work;

/** Number of a network card in the specification's list. */
#define MDK_VIRTIO_NET_DEVICE 1
/** Pairs of queues that a card may have. */
#define MDK_VIRTIO_NET_PAIRS_MAX 16
/** Places of each queue that frames go through. */
#define MDK_VIRTIO_NET_PLACES 256
/** Pages of its buffers that stay pinned. */
#define MDK_VIRTIO_NET_BUFFER_PAGES 256
/** Places of the control queue, and its pages. */
#define MDK_VIRTIO_NET_CONTROL 64

/* Features that mdk_virtio_net.features may have. */
#define MDK_VIRTIO_NET_F_CSUM BIT_ULL(0) /**< a guest may leave checksums to .transmit */
#define MDK_VIRTIO_NET_F_GUEST_CSUM BIT_ULL(1) /**< the guest takes frames without checksums */
#define MDK_VIRTIO_NET_F_MTU BIT_ULL(3) /**< it says how large frames may be */
#define MDK_VIRTIO_NET_F_MAC BIT_ULL(5) /**< it has an address of its own */
#define MDK_VIRTIO_NET_F_GUEST_TSO4 BIT_ULL(7) /**< the guest takes GSO frames of TCP over IPv4 */
#define MDK_VIRTIO_NET_F_GUEST_TSO6 BIT_ULL(8) /**< likewise, over IPv6 */
#define MDK_VIRTIO_NET_F_HOST_TSO4 BIT_ULL(11) /**< .transmit takes GSO frames of TCP over IPv4 */
#define MDK_VIRTIO_NET_F_HOST_TSO6 BIT_ULL(12) /**< likewise, over IPv6 */
#define MDK_VIRTIO_NET_F_MRG_RXBUF BIT_ULL(15) /**< a frame may fill several buffers */
#define MDK_VIRTIO_NET_F_STATUS BIT_ULL(16) /**< it says whether the link is up */
#define MDK_VIRTIO_NET_F_CTRL_VQ BIT_ULL(17) /**< it has a control queue, for those below */
#define MDK_VIRTIO_NET_F_CTRL_RX BIT_ULL(18) /**< which frames the guest wants */
#define MDK_VIRTIO_NET_F_CTRL_RX_EXTRA BIT_ULL(20) /**< likewise, more of it */
#define MDK_VIRTIO_NET_F_MQ BIT_ULL(22) /**< several pairs of queues */
#define MDK_VIRTIO_NET_F_CTRL_MAC_ADDR BIT_ULL(23) /**< the guest may change the address */

/** Bytes of the largest GSO frame: Ethernet's header and 64 KiB. */
#define MDK_NIC_GSO_MAX 65550
/** Segments that it may stand for. */
#define MDK_NIC_GSO_SEGMENTS 1024

/**
 * struct mdk_virtio_net - what a card offers
 * @features: of the above; MDK_VIRTIO_NET_F_HOST_TSO4 and 6 go with MDK_VIRTIO_NET_F_CSUM,
 *	MDK_VIRTIO_NET_F_GUEST_TSO4 and 6 with MDK_VIRTIO_NET_F_GUEST_CSUM, those that follow
 *	MDK_VIRTIO_NET_F_CTRL_VQ with that
 * @pairs: queues to receive from and to send by, 1 to MDK_VIRTIO_NET_PAIRS_MAX; more than one with
 *	MDK_VIRTIO_NET_F_MQ
 * @mtu: payload of the largest frame, at least 68
 */
struct mdk_virtio_net {
	u64 features;
	u32 pairs;
	u16 mtu;
};

/**
 * struct mdk_virtio_net_stats - counters of a card, since its guest's driver began
 * @tx_refused: frames that had a wrong header
 * @rx_filtered: frames that the guest does not want
 * @rx_no_room: frames that were longer than a buffer
 * @rx_no_buffer: frames that were in the way of others: their queue had no buffer for 100 ms, or,
 *	of a GSO frame, too few
 * @commands_refused: of the control queue
 * @tx_gso: GSO frames that .transmit was given
 * @rx_gso: GSO frames that the guest received
 */
struct mdk_virtio_net_stats {
	u64 tx_refused;
	u64 rx_filtered;
	u64 rx_no_room;
	u64 rx_no_buffer;
	u64 commands_refused;
	u64 tx_gso;
	u64 rx_gso;
};

/**
 * struct mdk_nic_csum - a checksum that is still to be made
 * @wanted: the frame has such
 * @start: it is that of all bytes from here on, which is behind the first 13, and in the frame
 * @offset: from @start to its place, in the frame too; what is there now belongs to the sum
 */
struct mdk_nic_csum {
	bool wanted;
	u16 start;
	u16 offset;
};

/**
 * struct mdk_nic_gso - a GSO frame: it stands for several of TCP, its segments
 * @size: bytes of payload in each segment, the last one has the rest; 0: it is no such frame
 * @ipv6: over IPv6; else over IPv4
 * @ip: where IP's header begins: there may be a VLAN tag
 * @head_len: bytes of all headers, Ethernet's, IP's and TCP's, which each segment has
 * @head: these bytes
 *
 * There are at least two segments and at most MDK_NIC_GSO_SEGMENTS, each within the card's mtu. The
 * checksum is wanted, and is that of TCP.
 */
struct mdk_nic_gso {
	u16 size;
	bool ipv6;
	u16 ip;
	u16 head_len;
	const u8 *head;
};

/**
 * struct mdk_nic_out - a frame that the guest sends
 * @chain: where it is; mdk_chain_read()
 * @offset: of its first byte in @chain
 * @len: bytes; what the guest says, so it may be none, or longer than any MTU
 * @csum: only where MDK_VIRTIO_NET_F_CSUM is offered
 * @gso: only where MDK_VIRTIO_NET_F_HOST_TSO4 or 6 is offered, and the guest has negotiated it.
 *	What was checked is gso.head, until .transmit returns; in @chain the guest may have other
 *	headers by now
 */
struct mdk_nic_out {
	const struct mdk_chain *chain;
	u32 offset;
	u32 len;
	struct mdk_nic_csum csum;
	struct mdk_nic_gso gso;
};

/**
 * struct mdk_nic_in - a frame that waits for the guest
 * @data: its first byte, until .taken or the lock is let go; of a GSO frame only the headers have
 *	to be there, where .put is
 * @len: bytes
 * @csum: the SDK makes it for a guest that does not
 * @gso: only for a guest that has negotiated MDK_VIRTIO_NET_F_GUEST_TSO4 or 6, as
 *	mdk_virtio_features() says; for another one it is dropped
 */
struct mdk_nic_in {
	const void *data;
	u32 len;
	struct mdk_nic_csum csum;
	struct mdk_nic_gso gso;
};

/** enum mdk_nic_end - what became of a frame that waited */
enum mdk_nic_end {
	MDK_NIC_RECEIVED, /**< the guest has it */
	MDK_NIC_NO_ROOM,  /**< it is longer than the guest's buffers */
	MDK_NIC_FILTERED, /**< the guest does not want it */
	MDK_NIC_NO_BUFFER, /**< its queue had no buffer, and others have waited behind it */
};

/**
 * struct mdk_nic_ops - what moves the frames of a card
 * @transmit: sends a frame. Return: 0: it is sent, or was dropped and counted; -EBUSY: later, when
 *	mdk_virtio_net_worker() is queued; an error of mdk_chain_read()
 * @peek: the oldest frame that waits. Return: there is one
 * @taken: it waits no longer
 * @set: the link is up or not, and the guest's driver receives or not: it has begun, with a first
 *	queue to receive from, and nothing is broken. What waits while it does not is dropped
 * @put: writes all bytes of the oldest frame to @chain, from @offset on, by mdk_chain_write().
 *	Return: what that returns. Optional: without it they are at mdk_nic_in.data
 *
 * Context of all: process, under the instance's lock; of all but @set a worker. @nic is what
 * mdk_virtio_net_attach() was given.
 */
struct mdk_nic_ops {
	int (*transmit)(void *nic, const struct mdk_nic_out *frame);
	bool (*peek)(void *nic, struct mdk_nic_in *frame);
	void (*taken)(void *nic, enum mdk_nic_end end);
	void (*set)(void *nic, bool link, bool open);
	int (*put)(void *nic, const struct mdk_chain *chain, u32 offset);
};

/** Queues of a card with @_pairs pairs. */
#define MDK_VIRTIO_NET_QUEUES(_pairs) (2 * (_pairs) + 1)
/** Pages that they may pin, for pin_pages of the model. */
#define MDK_VIRTIO_NET_PAGES(_pairs)                                                               \
	(2 * (_pairs) * MDK_VQ_PAGES(MDK_VIRTIO_NET_PLACES, MDK_VIRTIO_NET_BUFFER_PAGES) +         \
	 MDK_VQ_PAGES(MDK_VIRTIO_NET_CONTROL, MDK_VIRTIO_NET_CONTROL))
/** Regions, capabilities and interrupts, for MDK_VIRTIO_NET(). */
#define MDK_VIRTIO_NET_TABLES(_name, _pairs)                                                       \
	MDK_VIRTIO_TABLES(_name, MDK_VIRTIO_NET_QUEUES(_pairs))
/** What a model says of the card. */
#define MDK_VIRTIO_NET(_name) MDK_VIRTIO(_name, MDK_VIRTIO_NET_DEVICE, 0x0200)

/**
 * mdk_virtio_net_create() - the card of an instance, as after a reset
 * @dev: the instance; its model has pin_pages
 * @offer: lives as long as the instance
 *
 * Its link is up. mdk_virtio_net_attach() must follow. Context: may sleep; from init, once. Return:
 * 0; -EINVAL for a faulty offer, with a message that names the fault; as mdk_virtio_create().
 */
int __must_check mdk_virtio_net_create(struct mdk_dev *dev, const struct mdk_virtio_net *offer);

/**
 * mdk_virtio_net_worker() - whom to tell of a frame that waits
 * @dev: the instance, with a card
 *
 * To be queued too when a frame can be sent that .transmit has refused with -EBUSY. Context: any.
 * Return: a worker, for mdk_work_queue().
 */
struct mdk_work *mdk_virtio_net_worker(struct mdk_dev *dev);

/**
 * mdk_virtio_net_attach() - what moves its frames
 * @dev: the instance, with a card
 * @ops: live as long as the instance
 * @nic: for these
 * @mac: 6 bytes, the card's own address
 *
 * Context: from init, once.
 */
void mdk_virtio_net_attach(struct mdk_dev *dev, const struct mdk_nic_ops *ops, void *nic,
			   const u8 *mac);

/**
 * mdk_virtio_net_set_link() - pull the cable, or plug it in
 * @dev: the instance, with a card
 * @up: the link is up
 *
 * The guest is told, if it has negotiated that. It stays so over resets. Context: between
 * mdk_lock() and mdk_unlock().
 */
void mdk_virtio_net_set_link(struct mdk_dev *dev, bool up);

/**
 * mdk_virtio_net_link() - is the link up?
 * @dev: the instance, with a card
 *
 * Context: as mdk_virtio_net_set_link(). Return: it is.
 */
bool mdk_virtio_net_link(struct mdk_dev *dev);

/**
 * mdk_virtio_net_stats() - its counters
 * @dev: the instance, with a card
 * @stats: where to
 *
 * Context: as mdk_virtio_net_set_link().
 */
void mdk_virtio_net_stats(struct mdk_dev *dev, struct mdk_virtio_net_stats *stats);

#endif /* MDK_VIRTIO_NET_H */
