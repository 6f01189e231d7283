/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the switch. A struct mdk_frame is an sk_buff, which drivers do not see. */
#ifndef MDK_NET_PRIVATE_H
#define MDK_NET_PRIVATE_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <mdk/mdk.h>
#include <mdk/net.h>

#include "frame.h"

#define MDK_NET_HASH 256
/* Of GSO frames; what else a frame of the host's may be, its stack makes segments of. */
#define MDK_GSO_KINDS (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)

/**
 * struct mdk_fdb_entry - an address and its port
 * @link: in mdk_switch.fdb
 * @port: behind which the address is; NULL: the entry is free
 * @seen: in jiffies
 * @mac: the address
 */
struct mdk_fdb_entry {
	struct hlist_node link;
	struct mdk_port *port;
	unsigned long seen;
	u8 mac[MDK_MAC_SIZE];
};

/**
 * struct mdk_port - a port; what may change is under the lock of the switch
 * @sw: the switch
 * @dev: the instance; NULL for the port of the network device
 * @work: its worker
 * @link: in mdk_switch.ports
 * @own: its own address; never learned, never forgotten
 * @learned: other addresses behind it; those with a port are in the hash
 * @queue: frames for it
 * @bytes: of those in @queue
 * @cut: what was made of the oldest one, which the port does not take as it was; before @queue
 * @credit: nanoseconds that senders may still wait for it; below zero after they waited longer
 * @counted: when @credit was brought up to date, in nanoseconds
 * @awaited: a sender waits for it
 * @up: it is connected
 * @open: it receives
 * @partial: frames whose checksum is still to be made too; of a virtio card, and of the host
 * @gso: kinds of GSO frames that it takes whole, of MDK_GSO_KINDS; its receiver's, who is told of
 *	none before it is set. The network device does not ask: a host's stack takes all
 * @waits: it has a frame for a queue that is full
 * @life: number of resets; a frame of an earlier life is not sent
 * @stats: counters
 */
struct mdk_port {
	struct mdk_switch *sw;
	struct mdk_dev *dev;
	struct mdk_work *work;
	struct list_head link;
	struct mdk_fdb_entry own;
	struct mdk_fdb_entry learned[MDK_NET_LEARNED];
	struct sk_buff_head queue;
	u32 bytes;
	struct sk_buff_head cut;
	s64 credit;
	u64 counted;
	bool awaited;
	bool up;
	bool open;
	bool partial;
	unsigned int gso;
	bool waits;
	u32 life;
	struct mdk_port_stats stats;
};

/**
 * struct mdk_switch - a switch
 * @lock: guards all that changes; taken by senders in process context, by the network device and
 *	by its NAPI
 * @mtu: of its specification
 * @queue: likewise
 * @bytes: that may wait for a port: @queue frames without GSO, as large as they may be
 * @ports: all of them
 * @fdb: by address
 * @nr_waiting: ports with a frame for a queue that is full
 * @patience: wakes all of them when a receiver's credit is used up
 * @patience_ends: when @patience runs, while it is pending; in jiffies
 * @netdev: on the host
 * @napi: hands frames to the host's stack
 * @host: the port of @netdev
 */
struct mdk_switch {
	spinlock_t lock;
	u32 mtu;
	u32 queue;
	u32 bytes;
	struct list_head ports;
	struct hlist_head fdb[MDK_NET_HASH];
	u32 nr_waiting;
	struct delayed_work patience;
	unsigned long patience_ends;
	struct net_device *netdev;
	struct napi_struct napi;
	struct mdk_port host;
};

/* fdb.c; under the lock */
struct mdk_fdb_entry *mdk_fdb_find(struct mdk_switch *sw, const u8 *mac);
void mdk_fdb_add(struct mdk_switch *sw, struct mdk_fdb_entry *entry, struct mdk_port *port,
		 const u8 *mac);
void mdk_fdb_drop(struct mdk_fdb_entry *entry);
/* Learns a source address. Return: false if it must not be at this port. */
bool mdk_fdb_learn(struct mdk_port *port, const u8 *mac);
/* Return: the port of an address, or NULL if it is unknown. */
struct mdk_port *mdk_fdb_port(struct mdk_switch *sw, const u8 *mac);

/* port.c; under the lock */
int mdk_port_add(struct mdk_switch *sw, struct mdk_port *port, const u8 *mac);
void mdk_port_del(struct mdk_port *port);
bool mdk_port_receives(const struct mdk_port *port);
/* Return: its credit now, in nanoseconds. */
s64 mdk_port_credit(struct mdk_port *port);
void mdk_port_flush(struct mdk_port *port);
/* Out of the queue, as it is there. */
struct sk_buff *mdk_port_take(struct mdk_port *port);
/* What the receiver gets next: of .cut, or of the queue. */
struct sk_buff *mdk_port_next(const struct mdk_port *port);
struct sk_buff *mdk_port_take_next(struct mdk_port *port);
void mdk_switch_wake(struct mdk_switch *sw);
/* Not under the lock from here on. */
/*
 * As mdk_port_pop(), but it was not received. @dropped: it counts in rx_dropped; else it counts
 * elsewhere.
 */
void mdk_port_skip(struct mdk_port *port, bool dropped);
/*
 * Room for a frame: @head bytes in one piece, @rest in others. Return: as mdk_frame_alloc(), but
 * any length is good.
 */
struct sk_buff *mdk_frame_make(struct mdk_port *port, u32 head, u32 rest);

/* gso.c */
/* Return: the switch forwards such a GSO frame: its headers are there, its segments are frames. */
bool mdk_gso_good(const struct sk_buff *skb, u32 mtu);
/* Return: bytes of all headers of such a frame. */
u32 mdk_gso_head(const struct sk_buff *skb);
/*
 * The oldest frame as its port takes it: a GSO frame whole or as segments, others in one piece. For
 * the port's receiver, one at a time. Return: the frame, which stays; NULL: none.
 */
struct sk_buff *mdk_port_oldest(struct mdk_port *port);

/* forward.c; under the lock. Return: 0, the frame is consumed; or -EAGAIN, it is not */
int mdk_forward(struct mdk_port *from, struct sk_buff *skb);
/* Return: 0 */
int mdk_forward_drop(struct sk_buff *skb, u64 *counter);

/* netdev.c */
int mdk_netdev_create(struct mdk_switch *sw, const char *name);
void mdk_netdev_destroy(struct mdk_switch *sw);
/* Under the lock. */
void mdk_netdev_wake(struct mdk_switch *sw);
void mdk_netdev_carrier(struct mdk_switch *sw);

#endif /* MDK_NET_PRIVATE_H */
