// SPDX-License-Identifier: GPL-2.0-only
/*
 * From one port to others. All receivers of a frame are asked for room before any gets it: so one
 * that is tried again comes to nobody twice.
 */
#include "net_private.h"

static bool mdk_port_full(const struct mdk_port *port)
{
	return skb_queue_len(&port->queue) >= port->sw->queue;
}

/*
 * Return: it has to be waited for, and may be. Once one waits, so do all, until they are woken:
 * else one that tries again and again would have each place that becomes free, the others none.
 */
static bool mdk_port_busy(struct mdk_port *port)
{
	return mdk_port_receives(port) && (mdk_port_full(port) || port->awaited) &&
	       mdk_port_credit(port) > 0;
}

/* Several may be waited for: the first of them to be given up counts. */
static void mdk_switch_wake_within(struct mdk_switch *sw, unsigned long delay)
{
	unsigned long then = jiffies + delay;

	if (delayed_work_pending(&sw->patience) && !time_before(then, sw->patience_ends))
		return;
	sw->patience_ends = then;
	cancel_delayed_work(&sw->patience);
	schedule_delayed_work(&sw->patience, delay);
}

static int mdk_forward_wait(struct mdk_port *from, struct mdk_port *to)
{
	struct mdk_switch *sw = from->sw;

	if (!from->waits)
		sw->nr_waiting++;
	from->waits = true;
	to->awaited = true;
	/* Nobody may wake us: then this does, and by then the receiver is given up. */
	mdk_switch_wake_within(sw, nsecs_to_jiffies(to->credit) + 1);
	return -EAGAIN;
}

static void mdk_port_arrived(struct mdk_port *port)
{
	if (port->dev)
		mdk_work_queue(port->work, 0);
	else
		napi_schedule(&port->sw->napi);
}

/* The frame is the port's, or it is counted. */
static void mdk_deliver(struct mdk_port *to, struct sk_buff *skb)
{
	if (!skb || !mdk_port_receives(to) || mdk_port_full(to)) {
		to->stats.rx_dropped++;
		kfree_skb(skb);
		return;
	}
	__skb_queue_tail(&to->queue, skb);
	mdk_port_arrived(to);
}

static int mdk_forward_one(struct mdk_port *from, struct mdk_port *to, struct sk_buff *skb)
{
	if (mdk_port_busy(to))
		return mdk_forward_wait(from, to);
	mdk_deliver(to, skb);
	return 0;
}

static int mdk_forward_all(struct mdk_port *from, struct sk_buff *skb)
{
	struct mdk_switch *sw = from->sw;
	struct mdk_port *to;

	list_for_each_entry(to, &sw->ports, link)
		if (to != from && mdk_port_busy(to))
			return mdk_forward_wait(from, to);
	/* Who does not listen misses nothing that was meant for it alone. */
	list_for_each_entry(to, &sw->ports, link)
		if (to != from && mdk_port_receives(to))
			mdk_deliver(to, skb_clone(skb, GFP_ATOMIC));
	consume_skb(skb);
	return 0;
}

static int mdk_forward_drop(struct sk_buff *skb, u64 *counter)
{
	(*counter)++;
	kfree_skb(skb);
	return 0;
}

int mdk_forward(struct mdk_port *from, struct sk_buff *skb)
{
	struct mdk_switch *sw = from->sw;
	const u8 *dest = skb->data, *source = skb->data + MDK_MAC_SIZE;
	u32 len = skb->len;
	struct mdk_port *to;
	int ret;

	lockdep_assert_held(&sw->lock);
	if (!from->up)
		return mdk_forward_drop(skb, &from->stats.tx_dropped);
	if (!mdk_frame_len_good(len, sw->mtu) || !mdk_mac_unicast(source) ||
	    !mdk_fdb_learn(from, source))
		return mdk_forward_drop(skb, &from->stats.tx_errors);
	to = mdk_mac_multicast(dest) ? NULL : mdk_fdb_port(sw, dest);
	if (to == from)
		return mdk_forward_drop(skb, &from->stats.tx_dropped);
	ret = to ? mdk_forward_one(from, to, skb) : mdk_forward_all(from, skb);
	if (!ret) {
		from->stats.tx_frames++;
		from->stats.tx_bytes += len;
	}
	return ret;
}
