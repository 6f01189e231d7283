// SPDX-License-Identifier: GPL-2.0-only
/* Ports of instances, and what their drivers call. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "net_private.h"

/* Credit that a receiver earns: a 16th of the time, and so much for each frame that it takes. */
#define MDK_CREDIT_SHARE 16
#define MDK_CREDIT_FRAME (2 * NSEC_PER_MSEC)

static unsigned int patience_ms = 2000;
module_param(patience_ms, uint, 0644);
MODULE_PARM_DESC(patience_ms, "how long senders wait for a receiver that takes nothing");

static struct sk_buff *to_skb(const struct mdk_frame *frame)
{
	return (struct sk_buff *)frame;
}

/* The life of its port that a frame was made in, as long as the driver has it. */
static u32 *mdk_frame_life(struct sk_buff *skb)
{
	return (u32 *)skb->cb;
}

static s64 mdk_credit_most(void)
{
	return patience_ms * (s64)NSEC_PER_MSEC;
}

static void mdk_credit_add(struct mdk_port *port, s64 credit)
{
	port->credit = min(port->credit + credit, mdk_credit_most());
}

/*
 * Senders wait for a receiver whose queue is full. A guest that takes a frame only now and then
 * would hold up the host and all other guests for ever, so each receiver has a credit for it. Time
 * that others wait uses it up; time without waiting and frames taken earn it. A reset or a new user
 * does not renew it.
 */
s64 mdk_port_credit(struct mdk_port *port)
{
	u64 now = ktime_get_ns();
	s64 passed = now - port->counted;

	port->counted = now;
	mdk_credit_add(port, port->awaited ? -passed : passed / MDK_CREDIT_SHARE);
	return port->credit;
}

/* All senders that wait try again, also those that wait for another receiver. */
void mdk_switch_wake(struct mdk_switch *sw)
{
	struct mdk_port *port;

	lockdep_assert_held(&sw->lock);
	if (!sw->nr_waiting)
		return;
	list_for_each_entry(port, &sw->ports, link) {
		if (port->awaited)
			mdk_port_credit(port);
		port->awaited = false;
		if (!port->waits)
			continue;
		port->waits = false;
		if (port->dev)
			mdk_work_queue(port->work, 0);
		else
			mdk_netdev_wake(sw);
	}
	sw->nr_waiting = 0;
}

bool mdk_port_receives(const struct mdk_port *port)
{
	return port->up && port->open;
}

void mdk_port_flush(struct mdk_port *port)
{
	port->stats.rx_dropped += skb_queue_len(&port->queue) + skb_queue_len(&port->cut);
	__skb_queue_purge(&port->queue);
	__skb_queue_purge(&port->cut);
	port->bytes = 0;
	mdk_switch_wake(port->sw);
}

/* Senders are woken when half of the queue is free, so that each can send several frames. */
struct sk_buff *mdk_port_take(struct mdk_port *port)
{
	struct sk_buff *skb = __skb_dequeue(&port->queue);

	if (!skb)
		return NULL;
	/* First subtract the wait until now: credit is capped, so the order counts. */
	if (port->awaited)
		mdk_port_credit(port);
	mdk_credit_add(port, MDK_CREDIT_FRAME);
	port->bytes -= skb->len;
	if (skb_queue_len(&port->queue) <= port->sw->queue / 2 &&
	    port->bytes <= port->sw->bytes / 2)
		mdk_switch_wake(port->sw);
	return skb;
}

struct sk_buff *mdk_port_next(const struct mdk_port *port)
{
	return skb_peek(&port->cut) ?: skb_peek(&port->queue);
}

struct sk_buff *mdk_port_take_next(struct mdk_port *port)
{
	return __skb_dequeue(&port->cut) ?: mdk_port_take(port);
}

int mdk_port_add(struct mdk_switch *sw, struct mdk_port *port, const u8 *mac)
{
	struct mdk_fdb_entry *other = mdk_fdb_find(sw, mac);

	if (other && other == &other->port->own)
		return -EADDRINUSE;
	if (other)
		mdk_fdb_drop(other);
	port->sw = sw;
	port->credit = mdk_credit_most();
	port->counted = ktime_get_ns();
	__skb_queue_head_init(&port->queue);
	__skb_queue_head_init(&port->cut);
	mdk_fdb_add(sw, &port->own, port, mac);
	list_add_tail(&port->link, &sw->ports);
	return 0;
}

static void mdk_port_forget(struct mdk_port *port)
{
	u32 i;

	for (i = 0; i < MDK_NET_LEARNED; i++)
		mdk_fdb_drop(&port->learned[i]);
}

void mdk_port_del(struct mdk_port *port)
{
	/* Clears @awaited of the port that this one waits for. */
	mdk_switch_wake(port->sw);
	mdk_port_forget(port);
	mdk_fdb_drop(&port->own);
	port->open = false;
	port->up = false;
	mdk_port_flush(port);
	list_del(&port->link);
	mdk_netdev_carrier(port->sw);
}

static void mdk_port_at_reset(struct mdk_dev *dev, void *data)
{
	mdk_port_reset(data);
}

static void mdk_port_end(struct mdk_dev *dev, void *data)
{
	struct mdk_port *port = data;

	spin_lock_bh(&port->sw->lock);
	mdk_port_del(port);
	spin_unlock_bh(&port->sw->lock);
}

struct mdk_port *mdk_port_create(struct mdk_switch *sw, struct mdk_dev *dev, struct mdk_work *work)
{
	struct mdk_port *port = mdk_zalloc(dev, MDK_UNTIL_REMOVE, sizeof(*port));
	u8 mac[MDK_MAC_SIZE];
	int ret;

	if (!port)
		return ERR_PTR(-ENOMEM);
	port->dev = dev;
	port->work = work;
	mdk_mac_of(mdk_name(dev), mac);
	spin_lock_bh(&sw->lock);
	ret = mdk_port_add(sw, port, mac);
	spin_unlock_bh(&sw->lock);
	if (ret) {
		pr_info("create %s: its MAC address %pM is that of another port of %s; take another UUID [K83]\n",
			mdk_name(dev), mac, sw->netdev->name);
		return ERR_PTR(ret);
	}
	ret = mdk_action(dev, MDK_UNTIL_REMOVE, mdk_port_end, port) ?:
	      mdk_at_reset(dev, mdk_port_at_reset, port);
	return ret ? ERR_PTR(ret) : port;
}

const u8 *mdk_port_mac(const struct mdk_port *port)
{
	return port->own.mac;
}

void mdk_port_set(struct mdk_port *port, bool link, bool open)
{
	mdk_assert_locked(port->dev);
	spin_lock_bh(&port->sw->lock);
	port->up = link;
	port->open = open;
	if (!mdk_port_receives(port))
		mdk_port_flush(port);
	mdk_netdev_carrier(port->sw);
	spin_unlock_bh(&port->sw->lock);
}

void mdk_port_reset(struct mdk_port *port)
{
	mdk_assert_locked(port->dev);
	spin_lock_bh(&port->sw->lock);
	port->open = false;
	port->life++;
	mdk_port_flush(port);
	mdk_port_forget(port);
	memset(&port->stats, 0, sizeof(port->stats));
	mdk_netdev_carrier(port->sw);
	spin_unlock_bh(&port->sw->lock);
}

static void mdk_port_count(struct mdk_port *port, u64 *counter)
{
	spin_lock_bh(&port->sw->lock);
	(*counter)++;
	spin_unlock_bh(&port->sw->lock);
}

struct sk_buff *mdk_frame_make(struct mdk_port *port, u32 head, u32 rest)
{
	/* Headroom for the host's stack. */
	const u32 room = NET_SKB_PAD + NET_IP_ALIGN;
	int err;
	struct sk_buff *skb = alloc_skb_with_frags(room + head, rest, PAGE_ALLOC_COSTLY_ORDER,
						   &err, GFP_KERNEL);

	if (!skb) {
		mdk_port_count(port, &port->stats.tx_dropped);
		return ERR_PTR(-ENOMEM);
	}
	skb_reserve(skb, room);
	skb_put(skb, head);
	skb->data_len = rest;
	skb->len += rest;
	*mdk_frame_life(skb) = READ_ONCE(port->life);
	return skb;
}

struct mdk_frame *mdk_frame_alloc(struct mdk_port *port, u32 len)
{
	if (!mdk_frame_len_good(len, port->sw->mtu)) {
		mdk_port_count(port, &port->stats.tx_errors);
		return ERR_PTR(-EMSGSIZE);
	}
	return (struct mdk_frame *)mdk_frame_make(port, len, 0);
}

void mdk_frame_free(struct mdk_frame *frame)
{
	dev_kfree_skb_any(to_skb(frame));
}

void *mdk_frame_data(struct mdk_frame *frame)
{
	return to_skb(frame)->data;
}

u32 mdk_frame_len(const struct mdk_frame *frame)
{
	return to_skb(frame)->len;
}

int mdk_port_send(struct mdk_port *port, struct mdk_frame *frame)
{
	struct sk_buff *skb = to_skb(frame);
	int ret;

	spin_lock_bh(&port->sw->lock);
	if (*mdk_frame_life(skb) == port->life)
		ret = mdk_forward(port, skb);
	else
		ret = mdk_forward_drop(skb, &port->stats.tx_dropped);
	spin_unlock_bh(&port->sw->lock);
	return ret;
}

void mdk_port_bad_frame(struct mdk_port *port)
{
	mdk_port_count(port, &port->stats.tx_errors);
}

struct mdk_frame *mdk_port_peek(struct mdk_port *port)
{
	mdk_assert_locked(port->dev);
	return (struct mdk_frame *)mdk_port_oldest(port);
}

/* @counter: of it, and @bytes of what it has; or NULL. */
static void mdk_port_taken(struct mdk_port *port, u64 *counter, u64 *bytes)
{
	struct sk_buff *skb;

	mdk_assert_locked(port->dev);
	spin_lock_bh(&port->sw->lock);
	skb = mdk_port_take_next(port);
	if (skb && counter)
		(*counter)++;
	if (skb && bytes)
		*bytes += skb->len;
	spin_unlock_bh(&port->sw->lock);
	consume_skb(skb);
}

void mdk_port_pop(struct mdk_port *port)
{
	mdk_port_taken(port, &port->stats.rx_frames, &port->stats.rx_bytes);
}

void mdk_port_bad_buffer(struct mdk_port *port)
{
	mdk_port_taken(port, &port->stats.rx_errors, NULL);
}

void mdk_port_skip(struct mdk_port *port, bool dropped)
{
	mdk_port_taken(port, dropped ? &port->stats.rx_dropped : NULL, NULL);
}

void mdk_port_stats(struct mdk_port *port, struct mdk_port_stats *stats)
{
	spin_lock_bh(&port->sw->lock);
	*stats = port->stats;
	spin_unlock_bh(&port->sw->lock);
}
