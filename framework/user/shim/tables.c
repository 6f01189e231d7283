// SPDX-License-Identifier: GPL-2.0-only
/* Order, sums, and lists without a lock. */
#include <user/strings.h>
#include <user/tables.h>

struct order {
	u8 *base;
	size_t size;
	int (*cmp)(const void *a, const void *b, const void *data);
	void (*exchange)(void *a, void *b, int size, const void *data);
	const void *data;
};

static int compare(const struct order *o, size_t a, size_t b)
{
	return o->cmp(o->base + a * o->size, o->base + b * o->size, o->data);
}

static void change_places(const struct order *o, size_t a, size_t b)
{
	u8 *x = o->base + a * o->size, *y = o->base + b * o->size;
	size_t i;

	if (o->exchange) {
		o->exchange(x, y, o->size, o->data);
		return;
	}
	for (i = 0; i < o->size; i++)
		swap(x[i], y[i]);
}

/* By a heap: what is at @at goes down to where it is not less than what is below it. */
static void sift(const struct order *o, size_t at, size_t nr)
{
	size_t child;

	for (; (child = 2 * at + 1) < nr; at = child) {
		if (child + 1 < nr && compare(o, child, child + 1) < 0)
			child++;
		if (compare(o, at, child) >= 0)
			return;
		change_places(o, at, child);
	}
}

void sort_r(void *base, size_t nr, size_t size,
	    int (*cmp)(const void *a, const void *b, const void *data),
	    void (*exchange)(void *a, void *b, int size, const void *data), const void *data)
{
	const struct order o = { base, size, cmp, exchange, data };
	size_t i;

	for (i = nr / 2; i--;)
		sift(&o, i, nr);
	for (i = nr; i-- > 1;) {
		change_places(&o, 0, i);
		sift(&o, 0, i);
	}
}

struct plain {
	int (*cmp)(const void *a, const void *b);
	void (*exchange)(void *a, void *b, int size);
};

static int plain_cmp(const void *a, const void *b, const void *data)
{
	return ((const struct plain *)data)->cmp(a, b);
}

static void plain_swap(void *a, void *b, int size, const void *data)
{
	((const struct plain *)data)->exchange(a, b, size);
}

void sort(void *base, size_t nr, size_t size, int (*cmp)(const void *a, const void *b),
	  void (*exchange)(void *a, void *b, int size))
{
	const struct plain plain = { cmp, exchange };

	sort_r(base, nr, size, plain_cmp, exchange ? plain_swap : NULL, &plain);
}

/* By insertion behind what is not greater; lists that are sorted are short. */
void list_sort(void *data, struct list_head *head,
	       int (*cmp)(void *data, const struct list_head *a, const struct list_head *b))
{
	struct list_head *at, *entry, *next;
	LIST_HEAD(sorted);

	list_for_each_safe(entry, next, head) {
		for (at = sorted.prev; at != &sorted && cmp(data, at, entry) > 0; at = at->prev)
			;
		list_move(entry, at);
	}
	list_splice(&sorted, head);
}

struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first = smp_load_acquire(&head->first);

	while (first && !try_cmpxchg(&head->first, &first, READ_ONCE(first->next)))
		;
	return first;
}

struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		node->next = reversed;
		reversed = node;
	}
	return reversed;
}

static u32 crc_low_first(u32 crc, const u8 *mem, size_t size, u32 polynomial)
{
	int i;

	for (; size; size--, mem++)
		for (crc ^= *mem, i = 0; i < 8; i++)
			crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
	return crc;
}

u32 crc32_le(u32 crc, const unsigned char *mem, size_t size)
{
	return crc_low_first(crc, mem, size, 0xedb88320);
}

u32 crc32c(u32 crc, const void *mem, size_t size)
{
	return crc_low_first(crc, mem, size, 0x82f63b78);
}

u16 crc16(u16 crc, const u8 *mem, size_t size)
{
	return crc_low_first(crc, mem, size, 0xa001);
}

u32 crc32_be(u32 crc, const unsigned char *mem, size_t size)
{
	int i;

	for (; size; size--, mem++)
		for (crc ^= (u32)*mem << 24, i = 0; i < 8; i++)
			crc = (crc << 1) ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
	return crc;
}
