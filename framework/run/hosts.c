// SPDX-License-Identifier: GPL-2.0-only
/* Which model a parent device has. */
#include "run/instance/host.h"
#include "hosts.h"

/* Hosts on real parents, whose drvdata belongs to the parent's own driver. */
static DEFINE_MUTEX(mdk_hosts_lock);
static LIST_HEAD(mdk_hosts);

/* @parent is registered, so its host stays after the lock is released. */
struct mdk_host *mdk_host_of(struct device *parent)
{
	struct mdk_host *host, *found = NULL;

	mutex_lock(&mdk_hosts_lock);
	list_for_each_entry(host, &mdk_hosts, link)
		if (host->dev == parent)
			found = host;
	mutex_unlock(&mdk_hosts_lock);
	return found ?: dev_get_drvdata(parent);
}

int mdk_hosts_add(struct mdk_host *host)
{
	struct mdk_host *other;
	int ret = 0;

	mutex_lock(&mdk_hosts_lock);
	list_for_each_entry(other, &mdk_hosts, link)
		if (other->dev == host->dev)
			ret = -EEXIST;
	if (!ret) {
		get_device(host->dev);
		list_add_tail(&host->link, &mdk_hosts);
	}
	mutex_unlock(&mdk_hosts_lock);
	if (ret)
		dev_err(host->dev, "model '%s': the device has a model already: mdk_unregister() that one first [K175]\n",
			host->model.name);
	return ret;
}

void mdk_hosts_remove(struct mdk_host *host)
{
	mutex_lock(&mdk_hosts_lock);
	list_del(&host->link);
	mutex_unlock(&mdk_hosts_lock);
	put_device(host->dev);
}
