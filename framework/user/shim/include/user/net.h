/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames: a buffer whose data several may share, and queues of them. No stack of a host. */
#ifndef USER_NET_H
#define USER_NET_H

#include <user/driver.h>

#define ETH_ALEN 6
#define ETH_HLEN 14
#define NET_SKB_PAD 64
#define NET_IP_ALIGN 2
#define IFNAMSIZ 16

typedef u64 netdev_features_t;
#define NETIF_F_SG (1ULL << 0)
#define NETIF_F_HW_CSUM (1ULL << 3)
#define NETIF_F_TSO (1ULL << 16)
#define NETIF_F_TSO6 (1ULL << 19)

/* Bytes of a frame that are not at its data. */
#define MAX_SKB_FRAGS 17
typedef struct {
	u8 *at;
	unsigned int len;
} skb_frag_t;

#define SKB_GSO_TCPV4 1u
#define SKB_GSO_DODGY 2u
#define SKB_GSO_TCPV6 16u
struct skb_shared_info {
	unsigned int nr_frags;
	unsigned int gso_type;
	u16 gso_size;
	u16 gso_segs;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

struct user_skb_data {
	struct kref refs;
	struct skb_shared_info info;
	u8 bytes[];
};

struct sk_buff {
	struct sk_buff *next, *prev;
	struct user_skb_data *shared;
	u8 *data;
	unsigned int len;
	unsigned int data_len;
	unsigned int room;
	__be16 protocol;
	u16 network_header;	/* as csum_start */
	u8 ip_summed;
	u16 csum_start;		/* from data on, where a kernel has it from head on */
	u16 csum_offset;
	char cb[48] __aligned(8);
};

struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
	spinlock_t lock;
};

struct net_device {
	char name[IFNAMSIZ];
	u8 dev_addr[ETH_ALEN];
};

/* Who takes frames to where they go waits for them. */
struct napi_struct {
	wait_queue_head_t arrived;
};

struct sk_buff *alloc_skb(unsigned int size, gfp_t flags);
/* Its frags have @data_len bytes; skb_put(), data_len and len are the caller's, as in a kernel. */
struct sk_buff *alloc_skb_with_frags(unsigned long header_len, unsigned long data_len,
				     int max_page_order, int *errcode, gfp_t flags);
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t flags);
void kfree_skb(struct sk_buff *skb);
void kfree_skb_list(struct sk_buff *skb);
void *skb_put(struct sk_buff *skb, unsigned int len);
void skb_reserve(struct sk_buff *skb, int len);
#define skb_shinfo(_skb) (&(_skb)->shared->info)
#define skb_is_gso(_skb) (skb_shinfo(_skb)->gso_size != 0)
#define skb_is_nonlinear(_skb) ((_skb)->data_len != 0)
#define skb_headlen(_skb) ((_skb)->len - (_skb)->data_len)
#define skb_frag_address(_frag) ((void *)(_frag)->at)
#define skb_frag_size(_frag) ((_frag)->len)
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
int skb_linearize(struct sk_buff *skb);
#define skb_mark_not_on_list(_skb) ((void)((_skb)->next = NULL))
#define skb_set_network_header(_skb, _offset) ((void)((_skb)->network_header = (_offset)))
#define skb_network_offset(_skb) ((int)(_skb)->network_header)

/*
 * Frames of TCP over IPv4 or IPv6 whose checksum is still to be made. Segments are in one piece.
 * NULL: @features have the kind. Of a frame that is not SKB_GSO_DODGY it believes gso_segs.
 */
struct sk_buff *skb_gso_segment(struct sk_buff *skb, netdev_features_t features);

#define CHECKSUM_NONE 0
#define CHECKSUM_PARTIAL 3
bool skb_partial_csum_set(struct sk_buff *skb, u16 start, u16 off);
int skb_checksum_help(struct sk_buff *skb);

static inline int skb_checksum_start_offset(const struct sk_buff *skb)
{
	return skb->csum_start;
}

#define consume_skb kfree_skb
#define dev_kfree_skb_any kfree_skb

void __skb_queue_head_init(struct sk_buff_head *queue);
void __skb_queue_tail(struct sk_buff_head *queue, struct sk_buff *skb);
struct sk_buff *__skb_dequeue(struct sk_buff_head *queue);
void __skb_queue_purge(struct sk_buff_head *queue);
struct sk_buff *skb_peek(const struct sk_buff_head *queue);
#define skb_queue_len(_queue) READ_ONCE((_queue)->qlen)
#define skb_queue_empty(_queue) (!skb_queue_len(_queue))

#define napi_schedule(_napi) wake_up_all(&(_napi)->arrived)
#define ether_addr_copy(_to, _from) memcpy(_to, _from, ETH_ALEN)
#define ether_addr_equal(_a, _b) (!memcmp(_a, _b, ETH_ALEN))
#define ether_addr_equal_unaligned ether_addr_equal
void eth_random_addr(u8 *addr);
#define is_zero_ether_addr(_addr) (!memchr_inv(_addr, 0, ETH_ALEN))
#define is_multicast_ether_addr(_addr) ((*(const u8 *)(_addr) & 1) != 0)
#define is_unicast_ether_addr(_addr) (!is_multicast_ether_addr(_addr))
#define is_local_ether_addr(_addr) ((*(const u8 *)(_addr) & 2) != 0)
#define is_broadcast_ether_addr(_addr) (!memchr_inv(_addr, 0xff, ETH_ALEN))
#define is_valid_ether_addr(_addr) (is_unicast_ether_addr(_addr) && !is_zero_ether_addr(_addr))
#define eth_zero_addr(_addr) memset(_addr, 0, ETH_ALEN)
#define eth_broadcast_addr(_addr) memset(_addr, 0xff, ETH_ALEN)

static inline u64 ether_addr_to_u64(const u8 *addr)
{
	return (u64)get_unaligned_be16(addr) << 32 | get_unaligned_be32(addr + 2);
}

static inline void u64_to_ether_addr(u64 val, u8 *addr)
{
	put_unaligned_be16(val >> 32, addr);
	put_unaligned_be32(val, addr + 2);
}

#endif /* USER_NET_H */
