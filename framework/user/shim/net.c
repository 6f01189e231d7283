// SPDX-License-Identifier: GPL-2.0-only
/* Frames. */
#include <user/net.h>

static void data_free(struct kref *kref)
{
	kfree(container_of(kref, struct user_skb_data, refs));
}

struct sk_buff *alloc_skb(unsigned int size, gfp_t flags)
{
	struct sk_buff *skb = kzalloc(sizeof(*skb), flags);

	if (!skb)
		return NULL;
	skb->shared = kmalloc(sizeof(*skb->shared) + size, flags);
	if (!skb->shared) {
		kfree(skb);
		return NULL;
	}
	kref_init(&skb->shared->refs);
	skb->data = skb->shared->bytes;
	skb->room = size;
	return skb;
}

struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t flags)
{
	struct sk_buff *clone = kmemdup(skb, sizeof(*skb), flags);

	if (!clone)
		return NULL;
	clone->next = NULL;
	clone->prev = NULL;
	kref_get(&skb->shared->refs);
	return clone;
}

void kfree_skb(struct sk_buff *skb)
{
	if (!skb)
		return;
	kref_put(&skb->shared->refs, data_free);
	kfree(skb);
}

void skb_reserve(struct sk_buff *skb, int len)
{
	skb->data += len;
	skb->room -= len;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	void *at = skb->data + skb->len;

	BUG_ON(len > skb->room - skb->len);
	skb->len += len;
	return at;
}

/* The queue's head is an element, as far as the pointers go. */
static struct sk_buff *head_of(const struct sk_buff_head *queue)
{
	return (struct sk_buff *)queue;
}

void __skb_queue_head_init(struct sk_buff_head *queue)
{
	queue->next = head_of(queue);
	queue->prev = head_of(queue);
	queue->qlen = 0;
}

void __skb_queue_tail(struct sk_buff_head *queue, struct sk_buff *skb)
{
	struct sk_buff_head *last = (struct sk_buff_head *)queue->prev;

	skb->next = head_of(queue);
	skb->prev = queue->prev;
	last->next = skb;
	queue->prev = skb;
	WRITE_ONCE(queue->qlen, queue->qlen + 1);
}

struct sk_buff *skb_peek(const struct sk_buff_head *queue)
{
	return queue->next == head_of(queue) ? NULL : queue->next;
}

struct sk_buff *__skb_dequeue(struct sk_buff_head *queue)
{
	struct sk_buff *skb = skb_peek(queue);

	if (!skb)
		return NULL;
	queue->next = skb->next;
	((struct sk_buff_head *)skb->next)->prev = head_of(queue);
	skb->next = NULL;
	skb->prev = NULL;
	WRITE_ONCE(queue->qlen, queue->qlen - 1);
	return skb;
}

void __skb_queue_purge(struct sk_buff_head *queue)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(queue)))
		kfree_skb(skb);
}

void eth_random_addr(u8 *addr)
{
	get_random_bytes(addr, ETH_ALEN);
	addr[0] = (addr[0] & 0xfe) | 2;
}
