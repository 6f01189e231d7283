// SPDX-License-Identifier: GPL-2.0-only
/* Segments of a frame of TCP. */
#include <user/net.h>

/* Offsets in the headers of IPv4, IPv6 and TCP. */
#define IPV4_LENGTH 2
#define IPV4_ID 4
#define IPV4_CSUM 10
#define IPV6_LENGTH 4
#define IPV6_HEADER 40
#define TCP_SEQUENCE 4
#define TCP_DATA 12
#define TCP_FLAGS 13
#define TCP_CSUM 16
#define TCP_LEAST 20

/* Flags that only the last segment has, and those of the first one. */
#define TCP_FIN_PSH 0x09
#define TCP_CWR 0x80

/**
 * struct cut - a frame that segments are made of
 * @skb: the frame
 * @ipv6: over IPv6, else over IPv4
 * @ip: where its headers begin
 * @tcp: likewise
 * @head: bytes of all headers
 */
struct cut {
	const struct sk_buff *skb;
	bool ipv6;
	u32 ip;
	u32 tcp;
	u32 head;
};

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* @number: of the segment. */
static void set_ip(const struct cut *cut, u8 *ip, u32 len, u32 number)
{
	u32 sum = 0, i;

	if (cut->ipv6) {
		put_unaligned_be16(len - IPV6_HEADER, ip + IPV6_LENGTH);
		return;
	}
	put_unaligned_be16(len, ip + IPV4_LENGTH);
	put_unaligned_be16(get_unaligned_be16(ip + IPV4_ID) + number, ip + IPV4_ID);
	put_unaligned_be16(0, ip + IPV4_CSUM);
	for (i = 0; i < cut->tcp - cut->ip; i += 2)
		sum += get_unaligned_be16(ip + i);
	put_unaligned_be16(~fold(sum), ip + IPV4_CSUM);
}

/* In the checksum's place is the sum of addresses, protocol and length, which is another one. */
static void set_tcp(const struct cut *cut, u8 *tcp, u32 len, u32 at, bool last)
{
	u16 whole = cut->skb->len - cut->tcp;

	put_unaligned_be32(get_unaligned_be32(tcp + TCP_SEQUENCE) + at, tcp + TCP_SEQUENCE);
	if (at)
		tcp[TCP_FLAGS] &= ~TCP_CWR;
	if (!last)
		tcp[TCP_FLAGS] &= ~TCP_FIN_PSH;
	put_unaligned_be16(fold(get_unaligned_be16(tcp + TCP_CSUM) + (u16)~whole + len),
			   tcp + TCP_CSUM);
}

/* With @len bytes of payload, from @at on. */
static struct sk_buff *segment(const struct cut *cut, u32 at, u32 len)
{
	const struct sk_buff *whole = cut->skb;
	struct sk_buff *skb = alloc_skb(cut->head + len, GFP_ATOMIC);
	u8 *data;

	if (!skb)
		return NULL;
	data = skb_put(skb, cut->head + len);
	memcpy(data, whole->data, cut->head);
	BUG_ON(skb_copy_bits(whole, cut->head + at, data + cut->head, len));
	set_ip(cut, data + cut->ip, skb->len - cut->ip, at / skb_shinfo(whole)->gso_size);
	set_tcp(cut, data + cut->tcp, skb->len - cut->tcp, at, cut->head + at + len == whole->len);
	skb->protocol = whole->protocol;
	skb->network_header = whole->network_header;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = cut->tcp;
	skb->csum_offset = TCP_CSUM;
	return skb;
}

static bool headers_good(struct cut *cut)
{
	const struct sk_buff *skb = cut->skb;

	if (skb->ip_summed != CHECKSUM_PARTIAL || skb->csum_offset != TCP_CSUM ||
	    cut->tcp <= cut->ip || cut->tcp + TCP_LEAST > skb_headlen(skb))
		return false;
	cut->head = cut->tcp + (skb->data[cut->tcp + TCP_DATA] >> 4) * 4;
	return cut->head >= cut->tcp + TCP_LEAST && cut->head <= skb_headlen(skb) &&
	       skb->data[cut->ip] >> 4 == (cut->ipv6 ? 6 : 4);
}

static struct sk_buff *segments(const struct cut *cut, bool csums)
{
	u32 payload = cut->skb->len - cut->head, size = skb_shinfo(cut->skb)->gso_size, at;
	struct sk_buff *first = NULL, **last = &first;

	for (at = 0; at < payload; at += size) {
		*last = segment(cut, at, min(size, payload - at));
		if (!*last || (csums && skb_checksum_help(*last))) {
			kfree_skb_list(first);
			return ERR_PTR(-ENOMEM);
		}
		last = &(*last)->next;
	}
	return first;
}

struct sk_buff *skb_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	struct cut cut = { .skb = skb, .ipv6 = info->gso_type & SKB_GSO_TCPV6,
			   .ip = skb->network_header, .tcp = skb->csum_start };

	if (features & (cut.ipv6 ? NETIF_F_TSO6 : NETIF_F_TSO))
		return NULL;
	if (!headers_good(&cut) || skb->len - cut.head <= info->gso_size)
		return ERR_PTR(-EINVAL);
	WARN_ON(!(info->gso_type & SKB_GSO_DODGY) &&
		info->gso_segs != DIV_ROUND_UP(skb->len - cut.head, info->gso_size));
	return segments(&cut, !(features & NETIF_F_HW_CSUM));
}
