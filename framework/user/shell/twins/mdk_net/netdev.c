// SPDX-License-Identifier: GPL-2.0-only
/*
 * The twin of mdk_net/netdev.c: the host has no network device for the switch, so its port is
 * never open. Frames go between the instances of this process.
 */
#include <linux/slab.h>

#include "mdk_net/net_private.h"

void mdk_netdev_wake(struct mdk_switch *sw)
{
}

void mdk_netdev_carrier(struct mdk_switch *sw)
{
}

int mdk_netdev_create(struct mdk_switch *sw, const char *name)
{
	struct net_device *netdev = kzalloc(sizeof(*netdev), GFP_KERNEL);
	int ret;

	if (!netdev)
		return -ENOMEM;
	strscpy(netdev->name, name, sizeof(netdev->name));
	eth_random_addr(netdev->dev_addr);
	sw->netdev = netdev;
	spin_lock_bh(&sw->lock);
	ret = mdk_port_add(sw, &sw->host, netdev->dev_addr);
	spin_unlock_bh(&sw->lock);
	if (ret)
		kfree(netdev);
	return ret;
}

void mdk_netdev_destroy(struct mdk_switch *sw)
{
	kfree(sw->netdev);
}
