// SPDX-License-Identifier: GPL-2.0-only
/* Frames. */
#include <user/net.h>

static void data_free(struct kref *kref)
{
	struct user_skb_data *data = container_of(kref, struct user_skb_data, refs);
	u32 i;

	for (i = 0; i < data->info.nr_frags; i++)
		kfree(data->info.frags[i].at);
	kfree(data);
}

static struct user_skb_data *data_alloc(unsigned int size, gfp_t flags)
{
	struct user_skb_data *data = kmalloc(sizeof(*data) + size, flags);

	if (!data)
		return NULL;
	kref_init(&data->refs);
	memset(&data->info, 0, sizeof(data->info));
	return data;
}

struct sk_buff *alloc_skb(unsigned int size, gfp_t flags)
{
	struct sk_buff *skb = kzalloc(sizeof(*skb), flags);

	if (!skb)
		return NULL;
	skb->shared = data_alloc(size, flags);
	if (!skb->shared) {
		kfree(skb);
		return NULL;
	}
	skb->data = skb->shared->bytes;
	skb->room = size;
	return skb;
}

static bool add_frag(struct sk_buff *skb, unsigned int len, gfp_t flags)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	u8 *at = kmalloc(len, flags);

	if (at)
		info->frags[info->nr_frags++] = (skb_frag_t){ .at = at, .len = len };
	return at;
}

struct sk_buff *alloc_skb_with_frags(unsigned long header_len, unsigned long data_len,
				     int max_page_order, int *errcode, gfp_t flags)
{
	const unsigned long piece = PAGE_SIZE << max_page_order;
	struct sk_buff *skb;

	*errcode = -EMSGSIZE;
	if (data_len > MAX_SKB_FRAGS * PAGE_SIZE)
		return NULL;
	*errcode = -ENOBUFS;
	skb = alloc_skb(header_len, flags);
	for (; skb && data_len; data_len -= min(data_len, piece)) {
		if (!add_frag(skb, min(data_len, piece), flags)) {
			kfree_skb(skb);
			return NULL;
		}
	}
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

void kfree_skb_list(struct sk_buff *skb)
{
	struct sk_buff *next;

	for (; skb; skb = next) {
		next = skb->next;
		kfree_skb(skb);
	}
}

void skb_reserve(struct sk_buff *skb, int len)
{
	skb->data += len;
	skb->room -= len;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	void *at = skb->data + skb->len;

	BUG_ON(skb_is_nonlinear(skb) || len > skb->room - skb->len);
	skb->len += len;
	return at;
}

bool skb_partial_csum_set(struct sk_buff *skb, u16 start, u16 off)
{
	if ((u32)start + off + sizeof(u16) > skb_headlen(skb))
		return false;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = start;
	skb->csum_offset = off;
	return true;
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	u8 *from = skb->data;
	u32 size = skb_headlen(skb), at = offset, left = len, i = 0, n;

	if (offset < 0 || len < 0 || at > skb->len || left > skb->len - at)
		return -EFAULT;
	for (;;) {
		n = at < size ? min(size - at, left) : 0;
		memcpy(to, from + (n ? at : 0), n);
		to += n;
		left -= n;
		if (!left)
			return 0;
		at = n ? 0 : at - size;
		from = info->frags[i].at;
		size = info->frags[i++].len;
	}
}

/* Data of its own, in one piece: others that have it may write to theirs, too. */
static int unshare(struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	struct user_skb_data *own = data_alloc(skb->len, GFP_ATOMIC);

	if (!own)
		return -ENOMEM;
	BUG_ON(skb_copy_bits(skb, 0, own->bytes, skb->len));
	own->info.gso_type = info->gso_type;
	own->info.gso_size = info->gso_size;
	own->info.gso_segs = info->gso_segs;
	kref_put(&skb->shared->refs, data_free);
	skb->shared = own;
	skb->data = own->bytes;
	skb->room = skb->len;
	skb->data_len = 0;
	return 0;
}

int skb_linearize(struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? unshare(skb) : 0;
}

int skb_checksum_help(struct sk_buff *skb)
{
	u8 *place;
	u32 sum = 0, i;

	if (WARN_ON(skb_is_gso(skb)))
		return -EINVAL;
	if (unshare(skb))
		return -ENOMEM;
	for (i = skb->csum_start; i < skb->len; i++)
		sum += (i - skb->csum_start) % 2 ? skb->data[i] : skb->data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = (u16)~sum ?: 0xffff;
	place = skb->data + skb->csum_start + skb->csum_offset;
	place[0] = sum >> 8;
	place[1] = sum;
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
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
