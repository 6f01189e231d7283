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

struct user_skb_data {
	struct kref refs;
	u8 bytes[];
};

struct sk_buff {
	struct sk_buff *next, *prev;
	struct user_skb_data *shared;
	u8 *data;
	unsigned int len;
	unsigned int room;
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

struct napi_struct {
	int unused;
};

struct sk_buff *alloc_skb(unsigned int size, gfp_t flags);
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t flags);
void kfree_skb(struct sk_buff *skb);
void *skb_put(struct sk_buff *skb, unsigned int len);
void skb_reserve(struct sk_buff *skb, int len);
#define consume_skb kfree_skb
#define dev_kfree_skb_any kfree_skb

void __skb_queue_head_init(struct sk_buff_head *queue);
void __skb_queue_tail(struct sk_buff_head *queue, struct sk_buff *skb);
struct sk_buff *__skb_dequeue(struct sk_buff_head *queue);
void __skb_queue_purge(struct sk_buff_head *queue);
struct sk_buff *skb_peek(const struct sk_buff_head *queue);
#define skb_queue_len(_queue) READ_ONCE((_queue)->qlen)
#define skb_queue_empty(_queue) (!skb_queue_len(_queue))

#define napi_schedule(_napi) ((void)(_napi))
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
