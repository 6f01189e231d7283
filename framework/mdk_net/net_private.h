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
 * @credit: nanoseconds that senders may still wait for it; below zero after they waited longer
 * @counted: when @credit was brought up to date, in nanoseconds
 * @awaited: a sender waits for it
 * @up: it is connected
 * @open: it receives
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
	s64 credit;
	u64 counted;
	bool awaited;
	bool up;
	bool open;
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
struct sk_buff *mdk_port_take(struct mdk_port *port);
void mdk_switch_wake(struct mdk_switch *sw);

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
