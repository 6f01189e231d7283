// SPDX-License-Identifier: GPL-2.0-only
/* The host's port: a network device. NAPI hands frames for it to the stack. */
#include <net/dst.h>

#include "net_private.h"

/* Without NETIF_F_HIGHDMA: the kernel has an address of each piece. */
#define MDK_NETDEV_FEATURES (NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO6)

static struct mdk_switch *to_switch(struct net_device *netdev)
{
	return *(struct mdk_switch **)netdev_priv(netdev);
}

void mdk_netdev_wake(struct mdk_switch *sw)
{
	netif_wake_queue(sw->netdev);
}

/* There is a carrier while the port of any instance receives. */
void mdk_netdev_carrier(struct mdk_switch *sw)
{
	struct mdk_port *port;
	bool up = false;

	list_for_each_entry(port, &sw->ports, link)
		up |= port->dev && port->up && port->open;
	if (up)
		netif_carrier_on(sw->netdev);
	else
		netif_carrier_off(sw->netdev);
}

/* Removes what the host's stack has attached to a frame before it goes to a guest. */
static void mdk_netdev_scrub(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb->mark = 0;
	skb->priority = 0;
}

static netdev_tx_t mdk_netdev_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct mdk_switch *sw = to_switch(netdev);
	int ret = 0;

	spin_lock(&sw->lock);
	/* A guest may let it wait for long: what user space sends from its own memory is copied. */
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC)) {
		sw->host.stats.tx_dropped++;
		kfree_skb(skb);
	} else {
		mdk_netdev_scrub(skb);
		ret = mdk_forward(&sw->host, skb);
	}
	/* Still under the lock, which mdk_netdev_wake() needs: so no wake-up is lost. */
	if (ret)
		netif_stop_queue(netdev);
	spin_unlock(&sw->lock);
	return ret ? NETDEV_TX_BUSY : NETDEV_TX_OK;
}

static struct sk_buff *mdk_netdev_take(struct mdk_switch *sw)
{
	struct sk_buff *skb;

	spin_lock(&sw->lock);
	skb = mdk_port_take(&sw->host);
	if (skb) {
		sw->host.stats.rx_frames++;
		sw->host.stats.rx_bytes += skb->len;
	}
	spin_unlock(&sw->lock);
	return skb;
}

static int mdk_netdev_poll(struct napi_struct *napi, int budget)
{
	struct mdk_switch *sw = container_of(napi, struct mdk_switch, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && (skb = mdk_netdev_take(sw))) {
		skb->protocol = eth_type_trans(skb, sw->netdev);
		netif_receive_skb(skb);
		done++;
	}
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

static void mdk_netdev_set(struct mdk_switch *sw, bool open)
{
	spin_lock_bh(&sw->lock);
	sw->host.up = open;
	sw->host.open = open;
	if (!open)
		mdk_port_flush(&sw->host);
	spin_unlock_bh(&sw->lock);
}

static int mdk_netdev_open(struct net_device *netdev)
{
	struct mdk_switch *sw = to_switch(netdev);

	napi_enable(&sw->napi);
	mdk_netdev_set(sw, true);
	netif_start_queue(netdev);
	return 0;
}

static int mdk_netdev_stop(struct net_device *netdev)
{
	struct mdk_switch *sw = to_switch(netdev);

	netif_stop_queue(netdev);
	mdk_netdev_set(sw, false);
	napi_disable(&sw->napi);
	return 0;
}

static void mdk_netdev_stats64(struct net_device *netdev, struct rtnl_link_stats64 *out)
{
	struct mdk_port_stats stats;

	mdk_port_stats(&to_switch(netdev)->host, &stats);
	out->tx_packets = stats.tx_frames;
	out->tx_bytes = stats.tx_bytes;
	out->tx_errors = stats.tx_errors;
	out->tx_dropped = stats.tx_dropped;
	out->rx_packets = stats.rx_frames;
	out->rx_bytes = stats.rx_bytes;
	out->rx_dropped = stats.rx_dropped;
}

static int mdk_netdev_set_mac(struct net_device *netdev, void *addr)
{
	struct mdk_switch *sw = to_switch(netdev);
	struct mdk_fdb_entry *other;
	struct sockaddr *sa = addr;
	int ret = 0;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	spin_lock_bh(&sw->lock);
	other = mdk_fdb_find(sw, sa->sa_data);
	if (other && other != &sw->host.own && other == &other->port->own)
		ret = -EADDRINUSE;
	if (!ret) {
		if (other)
			mdk_fdb_drop(other);
		mdk_fdb_drop(&sw->host.own);
		mdk_fdb_add(sw, &sw->host.own, &sw->host, sa->sa_data);
	}
	spin_unlock_bh(&sw->lock);
	if (!ret)
		eth_hw_addr_set(netdev, sa->sa_data);
	return ret;
}

static const struct net_device_ops mdk_netdev_ops = {
	.ndo_open = mdk_netdev_open,
	.ndo_stop = mdk_netdev_stop,
	.ndo_start_xmit = mdk_netdev_xmit,
	.ndo_get_stats64 = mdk_netdev_stats64,
	.ndo_set_mac_address = mdk_netdev_set_mac,
	.ndo_validate_addr = eth_validate_addr,
};

static void mdk_netdev_setup(struct net_device *netdev)
{
	ether_setup(netdev);
	netdev->netdev_ops = &mdk_netdev_ops;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	/* A guest's card, or the switch, makes the checksum, and segments. */
	netdev->features |= MDK_NETDEV_FEATURES;
	netdev->hw_features |= MDK_NETDEV_FEATURES;
	/* Frames are queued, so they cannot be shared with the sender. */
	netdev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/* netconsole would deadlock on a message that is printed under our lock. */
	netdev->priv_flags |= IFF_DISABLE_NETPOLL;
	eth_hw_addr_random(netdev);
}

int mdk_netdev_create(struct mdk_switch *sw, const char *name)
{
	struct net_device *netdev = alloc_netdev(sizeof(sw), "mdknic%d", NET_NAME_ENUM,
						 mdk_netdev_setup);
	int ret;

	if (!netdev)
		return -ENOMEM;
	*(struct mdk_switch **)netdev_priv(netdev) = sw;
	sw->netdev = netdev;
	netdev->max_mtu = sw->mtu;
	sw->host.partial = true;
	netif_napi_add(netdev, &sw->napi, mdk_netdev_poll);
	netif_carrier_off(netdev);
	spin_lock_bh(&sw->lock);
	ret = mdk_port_add(sw, &sw->host, netdev->dev_addr);
	spin_unlock_bh(&sw->lock);
	ret = ret ?: register_netdev(netdev);
	if (ret) {
		free_netdev(netdev);
		return ret;
	}
	/* The name is cut to the kernel's limit; without memory there is no alias. */
	dev_set_alias(netdev, name, strnlen(name, IFALIASZ - 1));
	return 0;
}

void mdk_netdev_destroy(struct mdk_switch *sw)
{
	unregister_netdev(sw->netdev);
	netif_napi_del(&sw->napi);
	free_netdev(sw->netdev);
}
