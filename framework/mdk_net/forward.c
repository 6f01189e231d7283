// SPDX-License-Identifier: GPL-2.0-only
/*
 * From one port to others. No receiver gets a frame before all of them have room for it: so a frame
 * that the sender has to send again is never delivered twice.
 */
#include "net_private.h"

/* Of frames, or of bytes: a GSO frame counts as one, and has those of many. */
static bool mdk_port_full(const struct mdk_port *port)
{
	return skb_queue_len(&port->queue) >= port->sw->queue || port->bytes >= port->sw->bytes;
}

/*
 * Return: a sender has to wait for this receiver, which has credit left for that. Once one sender
 * waits all do, until they are woken: else one that keeps trying would get every free place.
 */
static bool mdk_port_busy(struct mdk_port *port)
{
	return mdk_port_receives(port) && (mdk_port_full(port) || port->awaited) &&
	       mdk_port_credit(port) > 0;
}

/* Several receivers may be waited for: the work runs when the first of them runs out of credit. */
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
	/* If the receiver never wakes us this does, when its credit is used up. */
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

/* For a port that does not take frames without checksum. Segments get theirs when they are made. */
static int mdk_deliver_csum(const struct mdk_port *to, struct sk_buff *skb)
{
	if (to->partial || skb_is_gso(skb) || skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	/* Of a frame that others have too it makes a copy. */
	return skb_checksum_help(skb);
}

/* Queues the frame at the port, or drops and counts it. */
static void mdk_deliver(struct mdk_port *to, struct sk_buff *skb)
{
	if (!skb || !mdk_port_receives(to) || mdk_port_full(to) || mdk_deliver_csum(to, skb)) {
		to->stats.rx_dropped++;
		kfree_skb(skb);
		return;
	}
	__skb_queue_tail(&to->queue, skb);
	to->bytes += skb->len;
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
	/* A port that does not receive counts no drop here: the frame is not for it alone. */
	list_for_each_entry(to, &sw->ports, link)
		if (to != from && mdk_port_receives(to))
			mdk_deliver(to, skb_clone(skb, GFP_ATOMIC));
	consume_skb(skb);
	return 0;
}

int mdk_forward_drop(struct sk_buff *skb, u64 *counter)
{
	(*counter)++;
	kfree_skb(skb);
	return 0;
}

static bool mdk_forward_good(const struct mdk_switch *sw, const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? mdk_gso_good(skb, sw->mtu) : mdk_frame_len_good(skb->len, sw->mtu);
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
	if (!mdk_forward_good(sw, skb) || !mdk_mac_unicast(source) ||
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
