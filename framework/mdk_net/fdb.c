// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forwarding database: which address is behind which port. Each port has a fixed number of
 * entries, so that a guest which invents addresses displaces its own only.
 */
#include <linux/jhash.h>

#include "net_private.h"

#define MDK_FDB_LIFE (300 * HZ)

static struct hlist_head *mdk_fdb_bucket(struct mdk_switch *sw, const u8 *mac)
{
	return &sw->fdb[jhash(mac, MDK_MAC_SIZE, 0) % MDK_NET_HASH];
}

struct mdk_fdb_entry *mdk_fdb_find(struct mdk_switch *sw, const u8 *mac)
{
	struct mdk_fdb_entry *entry;

	lockdep_assert_held(&sw->lock);
	hlist_for_each_entry(entry, mdk_fdb_bucket(sw, mac), link)
		if (ether_addr_equal_unaligned(entry->mac, mac))
			return entry;
	return NULL;
}

void mdk_fdb_add(struct mdk_switch *sw, struct mdk_fdb_entry *entry, struct mdk_port *port,
		 const u8 *mac)
{
	memcpy(entry->mac, mac, MDK_MAC_SIZE);
	entry->port = port;
	entry->seen = jiffies;
	hlist_add_head(&entry->link, mdk_fdb_bucket(sw, mac));
}

void mdk_fdb_drop(struct mdk_fdb_entry *entry)
{
	if (entry->port)
		hlist_del_init(&entry->link);
	entry->port = NULL;
}

static bool mdk_fdb_is_own(const struct mdk_fdb_entry *entry)
{
	return entry == &entry->port->own;
}

static bool mdk_fdb_is_fresh(const struct mdk_fdb_entry *entry)
{
	return time_before(jiffies, entry->seen + MDK_FDB_LIFE);
}

/* A free entry of the port, or the one that was seen longest ago. */
static struct mdk_fdb_entry *mdk_fdb_oldest(struct mdk_port *port)
{
	struct mdk_fdb_entry *oldest = port->learned;
	u32 i;

	for (i = 0; i < MDK_NET_LEARNED; i++) {
		if (!port->learned[i].port)
			return &port->learned[i];
		if (time_before(port->learned[i].seen, oldest->seen))
			oldest = &port->learned[i];
	}
	return oldest;
}

/* A guest must not take over an address behind the host's port, such as that of the gateway. */
static bool mdk_fdb_is_hosts(const struct mdk_fdb_entry *entry)
{
	return !entry->port->dev && mdk_fdb_is_fresh(entry);
}

bool mdk_fdb_learn(struct mdk_port *port, const u8 *mac)
{
	struct mdk_fdb_entry *entry = mdk_fdb_find(port->sw, mac);

	if (entry && mdk_fdb_is_own(entry))
		return entry->port == port;
	if (entry && entry->port == port) {
		entry->seen = jiffies;
		return true;
	}
	if (entry && mdk_fdb_is_hosts(entry))
		return false;
	/* The address has moved to this port. */
	if (entry)
		mdk_fdb_drop(entry);
	entry = mdk_fdb_oldest(port);
	mdk_fdb_drop(entry);
	mdk_fdb_add(port->sw, entry, port, mac);
	return true;
}

struct mdk_port *mdk_fdb_port(struct mdk_switch *sw, const u8 *mac)
{
	struct mdk_fdb_entry *entry = mdk_fdb_find(sw, mac);

	if (!entry)
		return NULL;
	if (mdk_fdb_is_own(entry) || mdk_fdb_is_fresh(entry))
		return entry->port;
	mdk_fdb_drop(entry);
	return NULL;
}
