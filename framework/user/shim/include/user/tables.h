/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables by a hash, and lists without a lock. */
#ifndef USER_TABLES_H
#define USER_TABLES_H

#include <user/mem.h>

static inline u32 hash_32(u32 val, unsigned int bits)
{
	return val * 0x61C88647u >> (32 - bits);
}

static inline u32 hash_64(u64 val, unsigned int bits)
{
	return val * 0x61C8864680B583EBull >> (64 - bits);
}

#define hash_long(_val, _bits) hash_64(_val, _bits)
#define hash_ptr(_ptr, _bits) hash_64((unsigned long)(_ptr), _bits)
#define hash_min(_val, _bits) hash_64(_val, _bits)

#define DECLARE_HASHTABLE(_name, _bits) struct hlist_head _name[1 << (_bits)]
#define DEFINE_HASHTABLE(_name, _bits) DECLARE_HASHTABLE(_name, _bits)
#define HASH_SIZE(_table) ARRAY_SIZE(_table)
#define HASH_BITS(_table) ilog2(HASH_SIZE(_table))
#define hash_init(_table) memset(_table, 0, sizeof(_table))
#define __user_bucket(_table, _key) (&(_table)[hash_min(_key, HASH_BITS(_table))])
#define hash_add(_table, _node, _key) hlist_add_head(_node, __user_bucket(_table, _key))
#define hash_add_rcu(_table, _node, _key) hlist_add_head_rcu(_node, __user_bucket(_table, _key))
#define hash_del hlist_del_init
#define hash_del_rcu hlist_del_init_rcu
#define hash_hashed(_node) (!hlist_unhashed(_node))
#define hash_empty(_table) (!memchr_inv(_table, 0, sizeof(_table)))
#define hash_for_each(_table, _bucket, _obj, _member)                                              \
	for ((_bucket) = 0, (_obj) = NULL; !(_obj) && (_bucket) < HASH_SIZE(_table); (_bucket)++)  \
		hlist_for_each_entry(_obj, &(_table)[_bucket], _member)
#define hash_for_each_safe(_table, _bucket, _next, _obj, _member)                                  \
	for ((_bucket) = 0, (_obj) = NULL; !(_obj) && (_bucket) < HASH_SIZE(_table); (_bucket)++)  \
		hlist_for_each_entry_safe(_obj, _next, &(_table)[_bucket], _member)
#define hash_for_each_rcu(_table, _bucket, _obj, _member)                                          \
	for ((_bucket) = 0, (_obj) = NULL; !(_obj) && (_bucket) < HASH_SIZE(_table); (_bucket)++)  \
		hlist_for_each_entry_rcu(_obj, &(_table)[_bucket], _member)
#define hash_for_each_possible(_table, _obj, _member, _key)                                        \
	hlist_for_each_entry(_obj, __user_bucket(_table, _key), _member)
#define hash_for_each_possible_safe(_table, _obj, _next, _member, _key)                            \
	hlist_for_each_entry_safe(_obj, _next, __user_bucket(_table, _key), _member)
#define hash_for_each_possible_rcu(_table, _obj, _member, _key)                                    \
	hlist_for_each_entry_rcu(_obj, __user_bucket(_table, _key), _member)

struct llist_node {
	struct llist_node *next;
};
struct llist_head {
	struct llist_node *first;
};
#define LLIST_HEAD(_name) struct llist_head _name = { NULL }
#define init_llist_head(_head) ((_head)->first = NULL)
#define llist_empty(_head) (!READ_ONCE((_head)->first))
#define llist_entry(_ptr, _type, _member) container_of(_ptr, _type, _member)

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do {
		node->next = first;
	} while (!try_cmpxchg(&head->first, &first, node));
	return !first;
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

struct llist_node *llist_del_first(struct llist_head *head);
struct llist_node *llist_reverse_order(struct llist_node *node);
#define llist_for_each(_pos, _node)                                                                \
	for ((_pos) = (_node); (_pos); (_pos) = (_pos)->next)
#define __user_llist_entry(_node, _type, _member)                                                  \
	({                                                                                         \
		struct llist_node *__node = (_node);                                               \
												   \
		__node ? llist_entry(__node, _type, _member) : NULL;                               \
	})
#define llist_for_each_entry(_pos, _node, _member)                                                 \
	for ((_pos) = __user_llist_entry(_node, typeof(*(_pos)), _member); (_pos);                 \
	     (_pos) = __user_llist_entry((_pos)->_member.next, typeof(*(_pos)), _member))
#define llist_for_each_entry_safe(_pos, _next, _node, _member)                                     \
	for ((_pos) = __user_llist_entry(_node, typeof(*(_pos)), _member);                         \
	     (_pos) && ({                                                                          \
		     (_next) = __user_llist_entry((_pos)->_member.next, typeof(*(_pos)), _member); \
		     true;                                                                         \
	     });                                                                                   \
	     (_pos) = (_next))

/* Keeps the order of what is equal. */
void list_sort(void *data, struct list_head *head,
	       int (*cmp)(void *data, const struct list_head *a, const struct list_head *b));

#endif /* USER_TABLES_H */
