// SPDX-License-Identifier: GPL-2.0-only
/*
 * The twin of mdk_net/netdev.c: in the place of the host's network device is whoever calls
 * user_net_take() and user_net_give(). Its port is closed until user_net_open(): frames go between
 * the instances of this process then.
 */
#include <linux/slab.h>

#include "mdk_net/net_private.h"
#include "user/device.h"

/**
 * struct outside - the other side of the port of a switch
 * @netdev: what the switch knows of it
 * @room: woken when a frame from there is to be tried again
 */
struct outside {
	struct net_device netdev;
	wait_queue_head_t room;
};

/* The first switch; a process has one door. Made and destroyed while nobody uses it. */
static struct mdk_switch *first;

static struct outside *outside_of(struct mdk_switch *sw)
{
	return container_of(sw->netdev, struct outside, netdev);
}

void mdk_netdev_wake(struct mdk_switch *sw)
{
	wake_up_all(&outside_of(sw)->room);
}

/* Nobody outside sees it. */
void mdk_netdev_carrier(struct mdk_switch *sw)
{
}

int mdk_netdev_create(struct mdk_switch *sw, const char *name)
{
	struct outside *outside = kzalloc(sizeof(*outside), GFP_KERNEL);
	int ret;

	if (!outside)
		return -ENOMEM;
	strscpy(outside->netdev.name, name, sizeof(outside->netdev.name));
	eth_random_addr(outside->netdev.dev_addr);
	init_waitqueue_head(&outside->room);
	init_waitqueue_head(&sw->napi.arrived);
	sw->netdev = &outside->netdev;
	spin_lock_bh(&sw->lock);
	ret = mdk_port_add(sw, &sw->host, outside->netdev.dev_addr);
	spin_unlock_bh(&sw->lock);
	if (ret)
		kfree(outside);
	else if (!first)
		first = sw;
	return ret;
}

void mdk_netdev_destroy(struct mdk_switch *sw)
{
	if (first == sw)
		first = NULL;
	kfree(outside_of(sw));
}

static void set(bool open)
{
	spin_lock_bh(&first->lock);
	first->host.up = open;
	first->host.open = open;
	if (!open)
		mdk_port_flush(&first->host);
	spin_unlock_bh(&first->lock);
}

static bool is_open(void)
{
	bool open;

	spin_lock_bh(&first->lock);
	open = first->host.open;
	spin_unlock_bh(&first->lock);
	return open;
}

size_t user_net_frame_max(void)
{
	return first ? first->mtu + MDK_FRAME_HEADER : 0;
}

void user_net_open(void)
{
	set(true);
}

void user_net_close(void)
{
	set(false);
	wake_up_all(&first->napi.arrived);
	wake_up_all(&outside_of(first)->room);
}

/* One without GSO, in one piece: what is outside has no others. */
static struct sk_buff *take(void)
{
	struct sk_buff *skb = mdk_port_oldest(&first->host);

	spin_lock_bh(&first->lock);
	/* The door may have been closed meanwhile. */
	skb = skb && skb == mdk_port_next(&first->host) ? mdk_port_take_next(&first->host) : NULL;
	if (skb) {
		first->host.stats.rx_frames++;
		first->host.stats.rx_bytes += skb->len;
	}
	spin_unlock_bh(&first->lock);
	return skb;
}

ssize_t user_net_take(void *frame, size_t size)
{
	struct sk_buff *skb;
	size_t len;

	wait_event(first->napi.arrived, (skb = take()) || !is_open());
	if (!skb)
		return -ENOTCONN;
	len = min_t(size_t, size, skb->len);
	memcpy(frame, skb->data, len);
	kfree_skb(skb);
	return len;
}

/* -EAGAIN: a receiver is waited for. Otherwise the frame is gone. */
static int give(struct sk_buff *skb)
{
	int ret = -ENOTCONN;

	spin_lock_bh(&first->lock);
	if (first->host.open)
		ret = mdk_forward(&first->host, skb);
	else
		kfree_skb(skb);
	spin_unlock_bh(&first->lock);
	return ret;
}

int user_net_give(const void *frame, size_t len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	int ret;

	if (!skb)
		return -ENOMEM;
	memcpy(skb_put(skb, len), frame, len);
	wait_event(outside_of(first)->room, (ret = give(skb)) != -EAGAIN);
	return ret;
}
