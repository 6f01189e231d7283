// SPDX-License-Identifier: GPL-2.0-only
/* A port of the switch behind a virtio network card: struct mdk_nic_ops. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <mdk/virtio_net.h>

#include "net_private.h"

/* In a frame of IP without a VLAN tag. */
#define MDK_NIC_AT_TYPE 12
#define MDK_NIC_AT_IP 14
#define MDK_NIC_IPV6_END (MDK_NIC_AT_IP + 40)
#define MDK_NIC_IPV4 0x0800
#define MDK_NIC_IPV6 0x86dd
#define MDK_NIC_TCP 6
#define MDK_NIC_UDP 17

/* Return: where IP's header ends, and its @protocol; 0: it is not IP. */
static u32 mdk_nic_ip_end(const u8 *data, u32 len, u8 *protocol)
{
	u16 type;

	if (len < MDK_NIC_IPV6_END)
		return 0;
	type = data[MDK_NIC_AT_TYPE] << 8 | data[MDK_NIC_AT_TYPE + 1];
	if (type == MDK_NIC_IPV6) {
		*protocol = data[MDK_NIC_AT_IP + 6];
		return MDK_NIC_IPV6_END;
	}
	*protocol = data[MDK_NIC_AT_IP + 9];
	return type == MDK_NIC_IPV4 ? MDK_NIC_AT_IP + (data[MDK_NIC_AT_IP] & 0xf) * 4 : 0;
}

/*
 * TCP's and UDP's own checksum may be left to who receives. Another one is made at once: the host
 * would write to a place of the guest's choice, behind all that looks at frames.
 */
static bool mdk_nic_csum_usual(const u8 *data, u32 len, const struct mdk_nic_csum *csum)
{
	u8 protocol = 0;
	u32 end = mdk_nic_ip_end(data, len, &protocol);

	return end && csum->start == end && ((protocol == MDK_NIC_TCP && csum->offset == 16) ||
					     (protocol == MDK_NIC_UDP && csum->offset == 6));
}

/* Return: the frame, whose bytes are there, has it, or has been given it. */
static bool mdk_nic_set_csum(struct sk_buff *skb, const struct mdk_nic_out *out)
{
	const struct mdk_nic_csum *csum = &out->csum;

	if (!csum->wanted)
		return true;
	if (!skb_partial_csum_set(skb, csum->start, csum->offset))
		return false;
	return out->gso.size || mdk_nic_csum_usual(skb->data, skb->len, csum) ||
	       !skb_checksum_help(skb);
}

/*
 * A GSO frame for any receiver, as one of the host's stack is. It is a guest's: whoever makes
 * segments looks at its headers again, and counts.
 */
static void mdk_nic_set_gso(struct sk_buff *skb, const struct mdk_nic_gso *gso)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	if (!gso->size)
		return;
	info->gso_size = gso->size;
	info->gso_type = SKB_GSO_DODGY | (gso->ipv6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4);
	info->gso_segs = 0;
	skb_set_network_header(skb, gso->ip);
	skb->protocol = *(const __be16 *)(skb->data + MDK_NIC_AT_TYPE);
}

static struct sk_buff *mdk_nic_make(struct mdk_port *port, const struct mdk_nic_out *out)
{
	u32 head = out->gso.head_len;

	return out->gso.size ? mdk_frame_make(port, head, out->len - head) :
	       (struct sk_buff *)mdk_frame_alloc(port, out->len);
}

/* Headers that were checked are not read again. */
static int mdk_nic_read(struct sk_buff *skb, const struct mdk_nic_out *out)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	u32 at = out->offset + skb_headlen(skb), i;
	const skb_frag_t *frag;
	int ret = 0;

	if (out->gso.size)
		memcpy(skb->data, out->gso.head, skb_headlen(skb));
	else
		ret = mdk_chain_read(out->chain, out->offset, skb->data, skb_headlen(skb));
	for (i = 0; !ret && i < info->nr_frags; i++, at += skb_frag_size(frag)) {
		frag = &info->frags[i];
		ret = mdk_chain_read(out->chain, at, skb_frag_address(frag), skb_frag_size(frag));
	}
	return ret;
}

static int mdk_nic_transmit(void *nic, const struct mdk_nic_out *out)
{
	struct mdk_port *port = nic;
	struct sk_buff *skb = mdk_nic_make(port, out);
	struct mdk_frame *frame = (struct mdk_frame *)skb;
	int ret;

	/* It is counted. */
	if (IS_ERR(skb))
		return 0;
	ret = mdk_nic_read(skb, out);
	if (!ret && !mdk_nic_set_csum(skb, out)) {
		mdk_port_bad_frame(port);
		mdk_frame_free(frame);
		return 0;
	}
	mdk_nic_set_gso(skb, &out->gso);
	if (!ret && mdk_port_send(port, frame))
		ret = -EBUSY;
	if (ret)
		mdk_frame_free(frame);
	return ret;
}

static struct mdk_nic_csum mdk_nic_csum_of(const struct sk_buff *skb)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return (struct mdk_nic_csum){ .wanted = false };
	return (struct mdk_nic_csum){
		.wanted = true, .start = skb_checksum_start_offset(skb), .offset = skb->csum_offset,
	};
}

static struct mdk_nic_gso mdk_nic_gso_of(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	if (!skb_is_gso(skb))
		return (struct mdk_nic_gso){ .size = 0 };
	return (struct mdk_nic_gso){
		.size = info->gso_size, .ipv6 = info->gso_type & SKB_GSO_TCPV6,
		.ip = skb_network_offset(skb), .head_len = mdk_gso_head(skb), .head = skb->data,
	};
}

static bool mdk_nic_peek(void *nic, struct mdk_nic_in *in)
{
	struct mdk_frame *frame = mdk_port_peek(nic);

	if (!frame)
		return false;
	in->data = mdk_frame_data(frame);
	in->len = mdk_frame_len(frame);
	in->csum = mdk_nic_csum_of((struct sk_buff *)frame);
	in->gso = mdk_nic_gso_of((struct sk_buff *)frame);
	return true;
}

static int mdk_nic_put(void *nic, const struct mdk_chain *chain, u32 offset)
{
	const struct sk_buff *skb = (struct sk_buff *)mdk_port_peek(nic);
	const struct skb_shared_info *info = skb_shinfo(skb);
	const skb_frag_t *frag;
	int ret = mdk_chain_write(chain, offset, skb->data, skb_headlen(skb));
	u32 at = offset + skb_headlen(skb), i;

	for (i = 0; !ret && i < info->nr_frags; i++, at += skb_frag_size(frag)) {
		frag = &info->frags[i];
		ret = mdk_chain_write(chain, at, skb_frag_address(frag), skb_frag_size(frag));
	}
	return ret;
}

static void mdk_nic_taken(void *nic, enum mdk_nic_end end)
{
	switch (end) {
	case MDK_NIC_RECEIVED:
		mdk_port_pop(nic);
		break;
	case MDK_NIC_NO_ROOM:
		mdk_port_bad_buffer(nic);
		break;
	default:
		mdk_port_skip(nic, end == MDK_NIC_NO_BUFFER);
	}
}

/* What its guest takes is known by the time that it receives. */
static void mdk_nic_set(void *nic, bool link, bool open)
{
	struct mdk_port *port = nic;
	u64 features = mdk_virtio_features(port->dev);

	port->gso = (features & MDK_VIRTIO_NET_F_GUEST_TSO4 ? SKB_GSO_TCPV4 : 0) |
		    (features & MDK_VIRTIO_NET_F_GUEST_TSO6 ? SKB_GSO_TCPV6 : 0);
	mdk_port_set(port, link, open);
}

static const struct mdk_nic_ops mdk_port_ops = {
	.transmit = mdk_nic_transmit,
	.peek = mdk_nic_peek,
	.taken = mdk_nic_taken,
	.set = mdk_nic_set,
	.put = mdk_nic_put,
};

struct mdk_port *mdk_port_virtio_net(struct mdk_switch *sw, struct mdk_dev *dev,
				     const struct mdk_virtio_net *offer)
{
	struct mdk_port *port;
	int ret;

	if (offer->mtu > sw->mtu) {
		pr_err("create %s: its network card has an mtu of %u, its switch %s one of %u; correct one of them [K249]\n",
		       mdk_name(dev), offer->mtu, sw->netdev->name, sw->mtu);
		return ERR_PTR(-EMSGSIZE);
	}
	ret = mdk_virtio_net_create(dev, offer);
	if (ret)
		return ERR_PTR(ret);
	port = mdk_port_create(sw, dev, mdk_virtio_net_worker(dev));
	if (IS_ERR(port))
		return port;
	port->partial = true;
	mdk_virtio_net_attach(dev, &mdk_port_ops, port, mdk_port_mac(port));
	return port;
}
