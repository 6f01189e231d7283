// SPDX-License-Identifier: GPL-2.0-only
/*
 * GSO frames in the switch, and frames in several pieces, which those of the host's stack may be. A
 * frame is forwarded and waits as it came, in one place of each receiver's queue. For a port that
 * does not take it so, segments are made of it when it is the oldest one there: that costs the
 * receiver's time and not the sender's, does not hold the switch's lock, and there are those of one
 * frame a port at most.
 */
#include <mdk/virtio_net.h>

#include "compat/gso.h"
#include "net_private.h"

/* Of TCP's header: its least bytes, and where it says how many there are. */
#define MDK_GSO_TCP_LEAST 20
#define MDK_GSO_TCP_AT_LENGTH 12

u32 mdk_gso_head(const struct sk_buff *skb)
{
	u32 tcp = skb_checksum_start_offset(skb);

	return tcp + (skb->data[tcp + MDK_GSO_TCP_AT_LENGTH] >> 4) * 4;
}

bool mdk_gso_good(const struct sk_buff *skb, u32 mtu)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	u32 head;

	if (!(info->gso_type & MDK_GSO_KINDS) || skb->ip_summed != CHECKSUM_PARTIAL ||
	    skb_checksum_start_offset(skb) + MDK_GSO_TCP_LEAST > skb_headlen(skb))
		return false;
	head = mdk_gso_head(skb);
	return head <= skb_headlen(skb) && skb->len > head && skb->len <= MDK_NIC_GSO_MAX &&
	       mdk_frame_len_good(head + info->gso_size, mtu);
}

static bool mdk_port_takes(const struct mdk_port *port, const struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return !skb_is_nonlinear(skb);
	return !(skb_shinfo(skb)->gso_type & MDK_GSO_KINDS & ~port->gso);
}

/* Return: what the port takes instead, one behind the other; NULL: nothing can be made of it. */
static struct sk_buff *mdk_gso_cut(const struct mdk_port *port, struct sk_buff *skb)
{
	struct sk_buff *segments;

	if (!skb_is_gso(skb)) {
		if (!skb_linearize(skb))
			return skb;
		kfree_skb(skb);
		return NULL;
	}
	segments = skb_gso_segment(skb, port->partial ? NETIF_F_HW_CSUM : 0);
	if (IS_ERR_OR_NULL(segments)) {
		kfree_skb(skb);
		return NULL;
	}
	consume_skb(skb);
	return segments;
}

/* The port may have been closed meanwhile. */
static void mdk_port_add_cut(struct mdk_port *port, struct sk_buff *skb)
{
	struct sk_buff *next;

	if (!skb)
		port->stats.rx_dropped++;
	for (; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		__skb_queue_tail(&port->cut, skb);
	}
	if (!mdk_port_receives(port))
		mdk_port_flush(port);
}

struct sk_buff *mdk_port_oldest(struct mdk_port *port)
{
	struct sk_buff *skb;

	spin_lock_bh(&port->sw->lock);
	while ((skb = mdk_port_next(port)) && !mdk_port_takes(port, skb)) {
		skb = mdk_port_take_next(port);
		spin_unlock_bh(&port->sw->lock);
		skb = mdk_gso_cut(port, skb);
		spin_lock_bh(&port->sw->lock);
		mdk_port_add_cut(port, skb);
	}
	spin_unlock_bh(&port->sw->lock);
	return skb;
}
