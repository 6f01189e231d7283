/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtio network card inside. All of it is under mdk_inst.callbacks. */
#ifndef MDK_VIRTIO_NET_INSIDE_H
#define MDK_VIRTIO_NET_INSIDE_H

#include <mdk/virtio_net.h>

#include "device.h"

#define MDK_NET_MAC 6
/* Bytes of a frame beyond its MTU: addresses, type, and a VLAN tag. */
#define MDK_NET_BEYOND_MTU 18
/* How long frames for other queues wait behind one whose queue has no buffer. */
#define MDK_NET_PATIENCE_MS 100
/* Frames that nobody wants, in a row, until others have their turn. */
#define MDK_NET_SKIPS 32
/* Addresses of each sort that a guest may ask for; of more it gets all. */
#define MDK_NET_FILTERS 32

/* Bit of the status in the configuration. */
#define MDK_NET_LINK_UP 1

/* In a frame, without a VLAN tag. */
#define MDK_NET_AT_TYPE 12
#define MDK_NET_AT_IP 14
#define MDK_NET_IPV4 0x0800
#define MDK_NET_IPV6 0x86dd

/* Bytes of the longest headers of a GSO frame: Ethernet's with a VLAN tag, IP's, TCP's. */
#define MDK_NET_HEAD_MAX (18 + 60 + 60)

/* Bit of a header's flags: a checksum is still to be made. */
#define MDK_NET_NEEDS_CSUM 1
#define MDK_NET_CSUM_SIZE 2

/* What is in front of each frame. */
struct mdk_net_header {
	u8 flags;
	u8 gso_type;
	__le16 header_len;
	__le16 gso_size;
	__le16 csum_start;
	__le16 csum_offset;
	__le16 nr_buffers;
};

/* The configuration, as a guest reads it. */
struct mdk_net_config {
	u8 mac[MDK_NET_MAC];
	__le16 status;
	__le16 max_pairs;
	__le16 mtu;
};

/**
 * struct mdk_net_filter - addresses of frames that a guest wants
 * @nr: how many
 * @all: more than there is room for
 * @macs: the addresses
 */
struct mdk_net_filter {
	u32 nr;
	bool all;
	u8 macs[MDK_NET_FILTERS][MDK_NET_MAC];
};

/**
 * struct mdk_net - a card
 * @virtio: its device
 * @spec: of @virtio, made from @offer
 * @rows: of @spec
 * @offer: of its driver
 * @ops: what moves the frames; NULL: not attached
 * @nic: for these
 * @mac: its own address
 * @link: the cable is plugged in
 * @config: for its guest
 * @pairs: that receive
 * @modes: bits of MDK_NET_MODE_, what its guest wants to receive
 * @filters: likewise: addresses of one machine, and of many
 * @busy: pairs whose frame waits for .transmit
 * @open: what @ops were told last
 * @empty: pairs that had no buffer for a frame all through @patience, and have not had one since
 * @moved: frames that waited and do not any more
 * @watched: @moved when @patience was queued
 * @patience: ends the wait of a frame that others wait behind
 * @head: headers of the GSO frame that is being sent
 * @stats: counters
 */
struct mdk_net {
	struct mdk_virtio_dev *virtio;
	struct mdk_virtio spec;
	struct mdk_vq_row *rows;
	const struct mdk_virtio_net *offer;
	const struct mdk_nic_ops *ops;
	void *nic;
	u8 mac[MDK_NET_MAC];
	bool link;
	struct mdk_net_config config;
	u32 pairs;
	u32 modes;
	struct mdk_net_filter filters[2];
	unsigned long busy;
	bool open;
	unsigned long empty;
	u64 moved;
	u64 watched;
	struct mdk_work *patience;
	u8 head[MDK_NET_HEAD_MAX];
	struct mdk_virtio_net_stats stats;
};

/* Bits of mdk_net.modes, by the number of the command that sets or clears them. */
#define MDK_NET_MODE_PROMISC BIT(0)
#define MDK_NET_MODE_ALL_MULTI BIT(1)
#define MDK_NET_MODE_ALL_UNI BIT(2)
#define MDK_NET_MODE_NO_MULTI BIT(3)
#define MDK_NET_MODE_NO_UNI BIT(4)
#define MDK_NET_MODE_NO_BROADCAST BIT(5)
#define MDK_NET_MODES 6

/* Places of mdk_net.filters. */
#define MDK_NET_UNI 0
#define MDK_NET_MULTI 1

/* net.c: what is to be served although no guest has notified. */
void mdk_net_look(struct mdk_virtio_dev *virtio);
/* The oldest frame may be another queue's by now. */
void mdk_net_look_again(struct mdk_net *net);
/* What a guest has asked for is forgotten. @net: NULL of other devices. */
void mdk_net_clear(struct mdk_net *net);
/*
 * Tells who moves the frames whether the guest receives, if that has changed. Not while a frame is
 * in use: what waits is dropped. @virtio: of any device.
 */
void mdk_net_settle(struct mdk_virtio_dev *virtio);
/*
 * A queue has no buffers for what is to be done. Return: it was the oldest frame, and that is
 * dropped: others have waited behind it for long enough. @virtio: of any device.
 */
bool mdk_net_passes(struct mdk_virtio_dev *virtio, u32 queue);
/* The same of a queue that is known to hold others up. */
bool mdk_net_wait_ends(struct mdk_net *net, u32 queue);

/* net_frames.c; callbacks of the queues' rows, but for the control queue's. */
bool mdk_net_ready(struct mdk_dev *dev, u32 queue);
int mdk_net_receive(struct mdk_net *net, const struct mdk_chain *chain);
int mdk_net_transmit(struct mdk_net *net, const struct mdk_chain *chain);
/* A frame waits no longer. */
void mdk_net_taken(struct mdk_net *net, enum mdk_nic_end end);
/* Drops frames that the guest does not want. Return: the pair of the oldest other one; -1: none. */
int mdk_net_waits_for(struct mdk_net *net);

/* net_gso.c */

/*
 * The header asks for a GSO frame; the checksum is in @frame already. Return: 0: @frame is what the
 * header and the frame's own headers say; -EBADMSG: these are wrong; as mdk_chain_read().
 */
int mdk_net_gso_asked(struct mdk_net *net, const struct mdk_net_header *header,
		      struct mdk_nic_out *frame);
/* Return: the guest takes the GSO frame. */
bool mdk_net_gso_taken(const struct mdk_net *net, const struct mdk_nic_in *frame);
void mdk_net_gso_fill(struct mdk_net_header *header, const struct mdk_nic_gso *gso);

/* net_control.c */
int mdk_net_control(struct mdk_net *net, const struct mdk_chain *chain);
/* Return: its guest wants a frame to this address. */
bool mdk_net_wants(const struct mdk_net *net, const u8 *mac);

#endif /* MDK_VIRTIO_NET_INSIDE_H */
