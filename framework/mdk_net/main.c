// SPDX-License-Identifier: GPL-2.0-only
/* The switch between the instances of a parent and the host: mdk_net.ko, see mdk/net.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "net_private.h"

#define MDK_NET_MTU_MIN 1500
#define MDK_NET_MTU_MAX 9000
#define MDK_NET_QUEUE_MIN 16
#define MDK_NET_QUEUE_MAX 4096

static void mdk_patience_over(struct work_struct *work)
{
	struct mdk_switch *sw = container_of(to_delayed_work(work), struct mdk_switch, patience);

	spin_lock_bh(&sw->lock);
	mdk_switch_wake(sw);
	spin_unlock_bh(&sw->lock);
}

static const char *mdk_net_fault(const struct mdk_net_spec *spec)
{
	if (!spec->name || !*spec->name)
		return "it has no name";
	if (spec->mtu < MDK_NET_MTU_MIN || spec->mtu > MDK_NET_MTU_MAX)
		return "mtu is not 1500 to 9000";
	if (spec->queue < MDK_NET_QUEUE_MIN || spec->queue > MDK_NET_QUEUE_MAX)
		return "queue is not 16 to 4096";
	return NULL;
}

struct mdk_switch *mdk_switch_create(const struct mdk_net_spec *spec)
{
	const char *fault = mdk_net_fault(spec);
	struct mdk_switch *sw;
	int ret;

	if (fault) {
		pr_err("switch '%s': %s; correct its mdk_net_spec [K84]\n",
		       spec->name ?: "(no name)", fault);
		return ERR_PTR(-EINVAL);
	}
	sw = kvzalloc(sizeof(*sw), GFP_KERNEL);
	if (!sw)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&sw->lock);
	INIT_LIST_HEAD(&sw->ports);
	INIT_DELAYED_WORK(&sw->patience, mdk_patience_over);
	sw->mtu = spec->mtu;
	sw->queue = spec->queue;
	sw->bytes = spec->queue * (spec->mtu + MDK_FRAME_HEADER);
	ret = mdk_netdev_create(sw, spec->name);
	if (!ret)
		return sw;
	kvfree(sw);
	return ERR_PTR(ret);
}

void mdk_switch_destroy(struct mdk_switch *sw)
{
	if (IS_ERR_OR_NULL(sw))
		return;
	/* First the last sender: afterwards nothing schedules @patience again. */
	mdk_netdev_destroy(sw);
	cancel_delayed_work_sync(&sw->patience);
	kvfree(sw);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: frames between instances and the host");
