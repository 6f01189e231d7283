// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card: commands of its control queue, and the filters that they set. A command
 * is two bytes and what follows them; the answer is a byte. Of one that is refused nothing is done.
 */
#include <linux/string.h>

#include <asm/byteorder.h>

#include "net.h"

#define MDK_NET_OK 0
#define MDK_NET_ERROR 1

struct mdk_net_command {
	u8 class;
	u8 command;
};

/* What follows a command: so many bytes of the chain, from @at on. */
struct mdk_net_operand {
	const struct mdk_chain *chain;
	u32 at;
	u32 len;
};

static int mdk_net_operand_read(const struct mdk_net_operand *operand, void *buf, u32 len)
{
	return operand->len == len ? mdk_chain_read(operand->chain, operand->at, buf, len) :
	       -EINVAL;
}

static int mdk_net_set_mode(struct mdk_net *net, u8 command, const struct mdk_net_operand *operand)
{
	u8 on;
	int ret = mdk_net_operand_read(operand, &on, sizeof(on));

	if (ret)
		return ret;
	net->modes = on ? net->modes | BIT(command) : net->modes & ~BIT(command);
	return 0;
}

/* A list of addresses: how many, and these. @operand moves behind it. */
static int mdk_net_read_filter(struct mdk_net_operand *operand, struct mdk_net_filter *filter)
{
	__le32 word;
	u32 nr, left;
	int ret;

	if (operand->len < sizeof(word))
		return -EINVAL;
	ret = mdk_chain_read(operand->chain, operand->at, &word, sizeof(word));
	if (ret)
		return ret;
	nr = le32_to_cpu(word);
	left = operand->len - sizeof(word);
	if (nr > left / MDK_NET_MAC)
		return -EINVAL;
	filter->all = nr > MDK_NET_FILTERS;
	filter->nr = filter->all ? 0 : nr;
	ret = mdk_chain_read(operand->chain, operand->at + sizeof(word), filter->macs,
			     filter->nr * MDK_NET_MAC);
	operand->at += sizeof(word) + nr * MDK_NET_MAC;
	operand->len = left - nr * MDK_NET_MAC;
	return ret;
}

static int mdk_net_set_filters(struct mdk_net *net, u8 command,
			       const struct mdk_net_operand *operand)
{
	struct mdk_net_operand rest = *operand;
	struct mdk_net_filter uni, multi;
	int ret = mdk_net_read_filter(&rest, &uni) ?: mdk_net_read_filter(&rest, &multi);

	if (ret)
		return ret;
	if (rest.len)
		return -EINVAL;
	net->filters[MDK_NET_UNI] = uni;
	net->filters[MDK_NET_MULTI] = multi;
	return 0;
}

static int mdk_net_set_mac(struct mdk_net *net, u8 command, const struct mdk_net_operand *operand)
{
	u8 mac[MDK_NET_MAC];
	int ret = mdk_net_operand_read(operand, mac, sizeof(mac));

	if (ret)
		return ret;
	if (mac[0] & 1 || !memchr_inv(mac, 0, sizeof(mac)))
		return -EINVAL;
	memcpy(net->config.mac, mac, sizeof(mac));
	net->virtio->generation++;
	return 0;
}

static int mdk_net_set_pairs(struct mdk_net *net, u8 command,
			     const struct mdk_net_operand *operand)
{
	__le16 word;
	int ret = mdk_net_operand_read(operand, &word, sizeof(word));
	u16 pairs, i;

	if (ret)
		return ret;
	pairs = le16_to_cpu(word);
	if (!pairs || pairs > net->offer->pairs)
		return -EINVAL;
	/* A frame for a queue that is not there would be in the way of all others. */
	for (i = 0; i < pairs; i++)
		if (!net->virtio->queues[2 * i].enabled)
			return -EINVAL;
	net->pairs = pairs;
	net->empty = 0;
	mdk_net_look_again(net);
	return 0;
}

/* By class and command; commands of a row are from @first on. */
static const struct mdk_net_command_row {
	u8 class;
	u8 first;
	u8 nr;
	u64 feature;
	int (*run)(struct mdk_net *net, u8 command, const struct mdk_net_operand *operand);
} mdk_net_commands[] = {
	{ 0, 0, 2, MDK_VIRTIO_NET_F_CTRL_RX, mdk_net_set_mode },
	{ 0, 2, MDK_NET_MODES - 2, MDK_VIRTIO_NET_F_CTRL_RX_EXTRA, mdk_net_set_mode },
	{ 1, 0, 1, MDK_VIRTIO_NET_F_CTRL_RX, mdk_net_set_filters },
	{ 1, 1, 1, MDK_VIRTIO_NET_F_CTRL_MAC_ADDR, mdk_net_set_mac },
	{ 4, 0, 1, MDK_VIRTIO_NET_F_MQ, mdk_net_set_pairs },
};

static int mdk_net_run(struct mdk_net *net, const struct mdk_net_command *command,
		       const struct mdk_net_operand *operand)
{
	const struct mdk_net_command_row *row;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mdk_net_commands); i++) {
		row = &mdk_net_commands[i];
		if (command->class == row->class && command->command >= row->first &&
		    command->command - row->first < row->nr)
			return mdk_virtio_has(net->virtio, row->feature) ?
			       row->run(net, command->command, operand) : -EOPNOTSUPP;
	}
	return -EOPNOTSUPP;
}

/* What it read is as at one time: of a chain that is served again all is read again. */
int mdk_net_control(struct mdk_net *net, const struct mdk_chain *chain)
{
	struct mdk_net_command command;
	struct mdk_net_operand operand = { .chain = chain, .at = sizeof(command) };
	u8 answer = MDK_NET_OK;
	int ret;

	if (chain->readable < sizeof(command) || !chain->writable)
		return -EINVAL;
	operand.len = chain->readable - sizeof(command);
	ret = mdk_chain_read(chain, 0, &command, sizeof(command)) ?:
	      mdk_net_run(net, &command, &operand);
	if (ret == -EAGAIN || ret == -ESHUTDOWN)
		return ret;
	if (ret)
		answer = MDK_NET_ERROR;
	ret = mdk_chain_write(chain, 0, &answer, sizeof(answer));
	if (ret)
		return ret;
	net->stats.commands_refused += answer == MDK_NET_ERROR;
	return sizeof(answer);
}

static bool mdk_net_in(const struct mdk_net_filter *filter, const u8 *mac)
{
	u32 i;

	for (i = 0; i < filter->nr; i++)
		if (!memcmp(filter->macs[i], mac, MDK_NET_MAC))
			return true;
	return filter->all;
}

bool mdk_net_wants(const struct mdk_net *net, const u8 *mac)
{
	static const u8 everybody[MDK_NET_MAC] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (net->modes & MDK_NET_MODE_PROMISC)
		return true;
	if (!memcmp(mac, everybody, MDK_NET_MAC))
		return !(net->modes & MDK_NET_MODE_NO_BROADCAST);
	if (mac[0] & 1)
		return !(net->modes & MDK_NET_MODE_NO_MULTI) &&
		       (net->modes & MDK_NET_MODE_ALL_MULTI ||
			mdk_net_in(&net->filters[MDK_NET_MULTI], mac));
	return !(net->modes & MDK_NET_MODE_NO_UNI) &&
	       (net->modes & MDK_NET_MODE_ALL_UNI ||
		!memcmp(net->config.mac, mac, MDK_NET_MAC) ||
		mdk_net_in(&net->filters[MDK_NET_UNI], mac));
}
