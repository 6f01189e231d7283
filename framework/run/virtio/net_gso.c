// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card: GSO frames. Who gets one, such as the host's stack, believes what is said
 * of it, so what a guest's header says is compared with the headers in the frame. These are read
 * once, and given on as they were compared: the guest may write to its own at any time.
 */
#include <linux/string.h>

#include "net.h"

#define MDK_NET_VLAN 0x8100
#define MDK_NET_VLAN_TAG 4
#define MDK_NET_TCP 6

/* Of IPv4: version and length of its header, fragment, protocol. */
#define MDK_NET_IPV4_LEAST 20
#define MDK_NET_IPV4_AT_FRAGMENT 6
#define MDK_NET_IPV4_FRAGMENT 0x3fff
#define MDK_NET_IPV4_AT_PROTOCOL 9

#define MDK_NET_IPV6_HEADER 40
#define MDK_NET_IPV6_AT_PROTOCOL 6

#define MDK_NET_TCP_LEAST 20
#define MDK_NET_TCP_AT_LENGTH 12
#define MDK_NET_TCP_AT_CSUM 16

/* What a header may ask for, and what is negotiated for that. By mdk_nic_gso.ipv6. */
static const struct mdk_net_gso_kind {
	u8 type;
	bool ipv6;
	u64 sends;
	u64 takes;
} mdk_net_gso_kinds[] = {
	{ 1, false, MDK_VIRTIO_NET_F_HOST_TSO4, MDK_VIRTIO_NET_F_GUEST_TSO4 },
	{ 4, true, MDK_VIRTIO_NET_F_HOST_TSO6, MDK_VIRTIO_NET_F_GUEST_TSO6 },
};

/* Return: what the guest may send; NULL: nothing that it has negotiated. */
static const struct mdk_net_gso_kind *mdk_net_gso_kind(const struct mdk_net *net, u8 type)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mdk_net_gso_kinds); i++)
		if (type == mdk_net_gso_kinds[i].type)
			return mdk_virtio_has(net->virtio, mdk_net_gso_kinds[i].sends) ?
			       &mdk_net_gso_kinds[i] : NULL;
	return NULL;
}

static u16 mdk_net_word(const u8 *at)
{
	return at[0] << 8 | at[1];
}

/* Return: bytes of IP's header; 0: it is wrong, or TCP's is not behind it. */

static u32 mdk_net_ipv4_len(const u8 *ip)
{
	u32 len = (ip[0] & 0xf) * 4;

	if (ip[0] >> 4 != 4 || ip[MDK_NET_IPV4_AT_PROTOCOL] != MDK_NET_TCP)
		return 0;
	if (mdk_net_word(ip + MDK_NET_IPV4_AT_FRAGMENT) & MDK_NET_IPV4_FRAGMENT)
		return 0;
	return len < MDK_NET_IPV4_LEAST ? 0 : len;
}

/* Further headers than IPv6's own are not looked through. */
static u32 mdk_net_ipv6_len(const u8 *ip)
{
	return ip[0] >> 4 == 6 && ip[MDK_NET_IPV6_AT_PROTOCOL] == MDK_NET_TCP ?
	       MDK_NET_IPV6_HEADER : 0;
}

/*
 * Finds the headers in mdk_nic_gso.head. Behind the end of a frame is what an earlier one had: then
 * it has no payload. Return: where TCP's begins; 0: it is no such frame.
 */
static u32 mdk_net_gso_headers(struct mdk_nic_gso *gso)
{
	const u8 *head = gso->head;
	u32 at = MDK_NET_AT_TYPE, size;

	if (mdk_net_word(head + at) == MDK_NET_VLAN)
		at += MDK_NET_VLAN_TAG;
	if (mdk_net_word(head + at) != (gso->ipv6 ? MDK_NET_IPV6 : MDK_NET_IPV4))
		return 0;
	gso->ip = at + sizeof(u16);
	size = gso->ipv6 ? mdk_net_ipv6_len(head + gso->ip) : mdk_net_ipv4_len(head + gso->ip);
	if (!size)
		return 0;
	at = gso->ip + size;
	size = (head[at + MDK_NET_TCP_AT_LENGTH] >> 4) * 4;
	gso->head_len = at + size;
	return size < MDK_NET_TCP_LEAST ? 0 : at;
}

/*
 * There is payload, in segments that are not too many, nor of no bytes, and each with its headers
 * is a frame of the card's mtu.
 */
static bool mdk_net_gso_sizes_good(const struct mdk_net *net, const struct mdk_nic_gso *gso,
				   u32 len)
{
	if (len > MDK_NIC_GSO_MAX || len <= gso->head_len)
		return false;
	if (len - gso->head_len > gso->size * MDK_NIC_GSO_SEGMENTS)
		return false;
	return (u32)gso->head_len - gso->ip + gso->size <= net->offer->mtu;
}

int mdk_net_gso_asked(struct mdk_net *net, const struct mdk_net_header *header,
		      struct mdk_nic_out *frame)
{
	const struct mdk_net_gso_kind *kind = mdk_net_gso_kind(net, header->gso_type);
	struct mdk_nic_gso gso = { .size = le16_to_cpu(header->gso_size), .head = net->head };
	u32 tcp;
	int ret;

	if (!kind)
		return -EBADMSG;
	ret = mdk_chain_read(frame->chain, frame->offset, net->head,
			     min_t(u32, frame->len, sizeof(net->head)));
	if (ret)
		return ret;
	gso.ipv6 = kind->ipv6;
	tcp = mdk_net_gso_headers(&gso);
	if (!tcp || !mdk_net_gso_sizes_good(net, &gso, frame->len))
		return -EBADMSG;
	/* It has to ask for TCP's checksum. Where it asks for none, these are 0. */
	if (frame->csum.start != tcp || frame->csum.offset != MDK_NET_TCP_AT_CSUM)
		return -EBADMSG;
	/* One segment is a frame as any other. */
	if (frame->len - gso.head_len > gso.size)
		frame->gso = gso;
	return 0;
}

bool mdk_net_gso_taken(const struct mdk_net *net, const struct mdk_nic_in *frame)
{
	return mdk_virtio_has(net->virtio, mdk_net_gso_kinds[frame->gso.ipv6].takes) &&
	       mdk_net_gso_sizes_good(net, &frame->gso, frame->len);
}

void mdk_net_gso_fill(struct mdk_net_header *header, const struct mdk_nic_gso *gso)
{
	header->gso_type = mdk_net_gso_kinds[gso->ipv6].type;
	header->gso_size = cpu_to_le16(gso->size);
	header->header_len = cpu_to_le16(gso->head_len);
}
