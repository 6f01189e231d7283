// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card in a migration. Its cable and its counters are those of each host; frames
 * that wait for the guest stay behind, as on a network whose cable is moved.
 *
 * A record has, in 4 bytes each: the pairs that receive, the modes, the pairs and the MTU that are
 * offered; then 8 bytes with the address; then of each of the two filters how many addresses it
 * has, whether it is all of them, and the addresses.
 */
#include <linux/string.h>

#include "model/stream.h"
#include "run/instance/instance.h"
#include "net.h"
#include "save.h"

#define PAIRS 0
#define MODES 4
#define OFFERED_PAIRS 8
#define MTU 12
#define MAC 16
#define FILTERS 24

#define FILTER_MACS 8
#define FILTER (FILTER_MACS + MDK_NET_FILTERS * MDK_NET_MAC)

static struct mdk_net *mdk_net_in_inst(const struct mdk_inst *inst)
{
	return inst->virtio ? inst->virtio->net : NULL;
}

u64 mdk_net_len(const struct mdk_inst *inst, u32 i)
{
	return mdk_net_in_inst(inst) ? FILTERS + 2 * FILTER : 0;
}

void mdk_net_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_net *net = mdk_net_in_inst(inst);
	u32 f;

	mdk_stream_put(out, 4, net->pairs);
	mdk_stream_put(out, 4, net->modes);
	mdk_stream_put(out, 4, net->offer->pairs);
	mdk_stream_put(out, 4, net->offer->mtu);
	mdk_stream_put_bytes(out, net->config.mac, MDK_NET_MAC);
	mdk_stream_put(out, 2, 0);
	for (f = 0; f < ARRAY_SIZE(net->filters); f++) {
		mdk_stream_put(out, 4, net->filters[f].nr);
		mdk_stream_put(out, 4, net->filters[f].all);
		mdk_stream_put_bytes(out, net->filters[f].macs, net->filters[f].nr * MDK_NET_MAC);
		mdk_stream_put_zero(out, sizeof(net->filters[f].macs) -
						 net->filters[f].nr * MDK_NET_MAC);
	}
}

static const char *mdk_filter_wrong(const u8 *data)
{
	u32 nr = mdk_stream_get(data, 4);

	if (nr > MDK_NET_FILTERS || mdk_stream_get(data + 4, 4) > 1)
		return "a filter has more addresses than there is room for";
	if (memchr_inv(data + FILTER_MACS + nr * MDK_NET_MAC, 0,
		       (MDK_NET_FILTERS - nr) * MDK_NET_MAC))
		return "a filter has bytes behind its addresses";
	return NULL;
}

const char *mdk_net_wrong_record(const struct mdk_inst *inst, u32 i,
				 const struct mdk_record *record)
{
	const struct mdk_net *net = mdk_net_in_inst(inst);
	const u8 *data = record->data, *mac = data + MAC;
	u32 pairs = mdk_stream_get(data + PAIRS, 4);

	if (mdk_stream_get(data + OFFERED_PAIRS, 4) != net->offer->pairs ||
	    mdk_stream_get(data + MTU, 4) != net->offer->mtu)
		return "the card of the other host has other pairs or another mtu";
	if (!pairs || pairs > net->offer->pairs ||
	    mdk_stream_get(data + MODES, 4) >= BIT(MDK_NET_MODES))
		return "it has pairs or modes that it cannot have";
	if (mac[0] & 1 || !memchr_inv(mac, 0, MDK_NET_MAC))
		return "its address is none of one machine";
	return mdk_filter_wrong(data + FILTERS) ?: mdk_filter_wrong(data + FILTERS + FILTER);
}

/* Behind a frame for a queue that is not there all others would wait. */
static bool mdk_net_has_pairs(const struct mdk_net *net, u32 pairs)
{
	u32 i;

	if (pairs > 1 && !mdk_virtio_has(net->virtio, MDK_VIRTIO_NET_F_MQ))
		return false;
	for (i = 0; i < pairs; i++)
		if (!net->virtio->queues[2 * i].enabled)
			return false;
	return true;
}

void mdk_net_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	struct mdk_net *net = mdk_net_in_inst(inst);
	const u8 *data = record->data, *filter = data + FILTERS;
	u32 f;

	net->pairs = mdk_stream_get(data + PAIRS, 4);
	if (!mdk_net_has_pairs(net, net->pairs))
		net->pairs = 1;
	net->modes = mdk_stream_get(data + MODES, 4);
	memcpy(net->config.mac, data + MAC, MDK_NET_MAC);
	for (f = 0; f < ARRAY_SIZE(net->filters); f++, filter += FILTER) {
		net->filters[f].nr = mdk_stream_get(filter, 4);
		net->filters[f].all = mdk_stream_get(filter + 4, 4);
		memcpy(net->filters[f].macs, filter + FILTER_MACS, sizeof(net->filters[f].macs));
	}
}
