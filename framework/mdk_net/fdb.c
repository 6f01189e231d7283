// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is where. A port has room for so many addresses and no more, so that a guest which makes up
 * new ones displaces its own and nobody else's.
 */
#include <linux/jhash.h>

#include "net_private.h"

#define MDK_STATION_LIFE (300 * HZ)

static struct hlist_head *mdk_station_bucket(struct mdk_switch *sw, const u8 *mac)
{
	return &sw->stations[jhash(mac, MDK_MAC_SIZE, 0) % MDK_NET_HASH];
}

struct mdk_station *mdk_station_find(struct mdk_switch *sw, const u8 *mac)
{
	struct mdk_station *station;

	lockdep_assert_held(&sw->lock);
	hlist_for_each_entry(station, mdk_station_bucket(sw, mac), link)
		if (ether_addr_equal_unaligned(station->mac, mac))
			return station;
	return NULL;
}

void mdk_station_add(struct mdk_switch *sw, struct mdk_station *station, struct mdk_port *port,
		     const u8 *mac)
{
	memcpy(station->mac, mac, MDK_MAC_SIZE);
	station->port = port;
	station->seen = jiffies;
	hlist_add_head(&station->link, mdk_station_bucket(sw, mac));
}

void mdk_station_drop(struct mdk_station *station)
{
	if (station->port)
		hlist_del_init(&station->link);
	station->port = NULL;
}

static bool mdk_station_is_own(const struct mdk_station *station)
{
	return station == &station->port->own;
}

static bool mdk_station_is_fresh(const struct mdk_station *station)
{
	return time_before(jiffies, station->seen + MDK_STATION_LIFE);
}

/* A free one of the port, or the one that was seen longest ago. */
static struct mdk_station *mdk_station_oldest(struct mdk_port *port)
{
	struct mdk_station *oldest = port->learned;
	u32 i;

	for (i = 0; i < MDK_NET_LEARNED; i++) {
		if (!port->learned[i].port)
			return &port->learned[i];
		if (time_before(port->learned[i].seen, oldest->seen))
			oldest = &port->learned[i];
	}
	return oldest;
}

/* What the host has brought is no guest's for the asking: its gateway would be the first to go. */
static bool mdk_station_is_hosts(const struct mdk_station *station)
{
	return !station->port->dev && mdk_station_is_fresh(station);
}

bool mdk_station_learn(struct mdk_port *port, const u8 *mac)
{
	struct mdk_station *station = mdk_station_find(port->sw, mac);

	if (station && mdk_station_is_own(station))
		return station->port == port;
	if (station && station->port == port) {
		station->seen = jiffies;
		return true;
	}
	if (station && mdk_station_is_hosts(station))
		return false;
	/* It has moved here. */
	if (station)
		mdk_station_drop(station);
	station = mdk_station_oldest(port);
	mdk_station_drop(station);
	mdk_station_add(port->sw, station, port, mac);
	return true;
}

struct mdk_port *mdk_station_port(struct mdk_switch *sw, const u8 *mac)
{
	struct mdk_station *station = mdk_station_find(sw, mac);

	if (!station)
		return NULL;
	if (mdk_station_is_own(station) || mdk_station_is_fresh(station))
		return station->port;
	mdk_station_drop(station);
	return NULL;
}
