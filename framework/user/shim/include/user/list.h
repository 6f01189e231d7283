/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists, and trees by order. */
#ifndef USER_LIST_H
#define USER_LIST_H

#include <user/atomic.h>

#define LIST_HEAD_INIT(_name) { &(_name), &(_name) }
#define LIST_HEAD(_name) struct list_head _name = LIST_HEAD_INIT(_name)

/* What a removed element points to: whoever follows it faults there. */
#define LIST_POISON1 ((void *)0x100)
#define LIST_POISON2 ((void *)0x122)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline bool list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline bool list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

static inline void user_list_join(struct list_head *before, struct list_head *after)
{
	after->prev = before;
	WRITE_ONCE(before->next, after);
}

static inline void user_list_insert(struct list_head *entry, struct list_head *before,
				    struct list_head *after)
{
	entry->prev = before;
	entry->next = after;
	after->prev = entry;
	/* Readers under RCU find it complete. */
	smp_store_release(&before->next, entry);
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	user_list_insert(entry, head, head->next);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	user_list_insert(entry, head->prev, head);
}

static inline void __list_del_entry(struct list_head *entry)
{
	user_list_join(entry->prev, entry->next);
}

static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add_tail(entry, head);
}

static inline void list_splice(struct list_head *list, struct list_head *head)
{
	struct list_head *first = list->next, *last = list->prev;

	if (list_empty(list))
		return;
	user_list_join(last, head->next);
	user_list_join(head, first);
}

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head->prev);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
	list_splice(list, head->prev);
}

static inline void list_replace(struct list_head *old, struct list_head *entry)
{
	user_list_insert(entry, old->prev, old->next);
}

static inline void list_replace_init(struct list_head *old, struct list_head *entry)
{
	list_replace(old, entry);
	INIT_LIST_HEAD(old);
}

static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

static inline bool list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

static inline bool list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

static inline bool list_empty_careful(const struct list_head *head)
{
	return smp_load_acquire(&head->next) == head && READ_ONCE(head->prev) == head;
}

#define list_add_rcu list_add
#define list_add_tail_rcu list_add_tail

static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

#define list_entry(_ptr, _type, _member) container_of(_ptr, _type, _member)
#define list_first_entry(_head, _type, _member) list_entry((_head)->next, _type, _member)
#define list_last_entry(_head, _type, _member) list_entry((_head)->prev, _type, _member)
#define list_next_entry(_pos, _member) list_entry((_pos)->_member.next, typeof(*(_pos)), _member)
#define list_prev_entry(_pos, _member) list_entry((_pos)->_member.prev, typeof(*(_pos)), _member)
#define list_first_entry_or_null(_head, _type, _member)                                            \
	(list_empty(_head) ? NULL : list_first_entry(_head, _type, _member))
#define list_entry_is_head(_pos, _head, _member) (&(_pos)->_member == (_head))
#define list_for_each(_pos, _head)                                                                 \
	for ((_pos) = (_head)->next; (_pos) != (_head); (_pos) = (_pos)->next)
#define list_for_each_safe(_pos, _next, _head)                                                     \
	for ((_pos) = (_head)->next, (_next) = (_pos)->next; (_pos) != (_head);                    \
	     (_pos) = (_next), (_next) = (_pos)->next)
#define list_for_each_entry(_pos, _head, _member)                                                  \
	for ((_pos) = list_first_entry(_head, typeof(*(_pos)), _member);                           \
	     !list_entry_is_head(_pos, _head, _member); (_pos) = list_next_entry(_pos, _member))
#define list_for_each_entry_reverse(_pos, _head, _member)                                          \
	for ((_pos) = list_last_entry(_head, typeof(*(_pos)), _member);                            \
	     !list_entry_is_head(_pos, _head, _member); (_pos) = list_prev_entry(_pos, _member))
#define list_for_each_entry_continue(_pos, _head, _member)                                         \
	for ((_pos) = list_next_entry(_pos, _member); !list_entry_is_head(_pos, _head, _member);   \
	     (_pos) = list_next_entry(_pos, _member))
#define list_for_each_entry_safe(_pos, _next, _head, _member)                                      \
	for ((_pos) = list_first_entry(_head, typeof(*(_pos)), _member),                           \
	    (_next) = list_next_entry(_pos, _member);                                              \
	     !list_entry_is_head(_pos, _head, _member);                                            \
	     (_pos) = (_next), (_next) = list_next_entry(_next, _member))
#define list_for_each_prev(_pos, _head)                                                            \
	for ((_pos) = (_head)->prev; (_pos) != (_head); (_pos) = (_pos)->prev)
#define list_for_each_entry_from(_pos, _head, _member)                                             \
	for (; !list_entry_is_head(_pos, _head, _member); (_pos) = list_next_entry(_pos, _member))
#define list_for_each_entry_continue_reverse(_pos, _head, _member)                                 \
	for ((_pos) = list_prev_entry(_pos, _member); !list_entry_is_head(_pos, _head, _member);   \
	     (_pos) = list_prev_entry(_pos, _member))
#define list_for_each_entry_safe_reverse(_pos, _next, _head, _member)                              \
	for ((_pos) = list_last_entry(_head, typeof(*(_pos)), _member),                            \
	    (_next) = list_prev_entry(_pos, _member);                                              \
	     !list_entry_is_head(_pos, _head, _member);                                            \
	     (_pos) = (_next), (_next) = list_prev_entry(_next, _member))
#define list_prepare_entry(_pos, _head, _member)                                                   \
	((_pos) ?: list_entry(_head, typeof(*(_pos)), _member))
#define list_first_or_null_rcu(_head, _type, _member)                                              \
	({                                                                                         \
		struct list_head *__first = smp_load_acquire(&(_head)->next);                      \
												   \
		__first == (_head) ? NULL : list_entry(__first, _type, _member);                   \
	})
#define list_for_each_entry_rcu(_pos, _head, _member, ...)                                         \
	for ((_pos) = list_entry(smp_load_acquire(&(_head)->next), typeof(*(_pos)), _member);      \
	     !list_entry_is_head(_pos, _head, _member);                                            \
	     (_pos) = list_entry(smp_load_acquire(&(_pos)->_member.next), typeof(*(_pos)), _member))

static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *at;
	size_t count = 0;

	list_for_each(at, head)
		count++;
	return count;
}

#define HLIST_HEAD_INIT { NULL }
#define HLIST_HEAD(_name) struct hlist_head _name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(_head) ((_head)->first = NULL)
#define hlist_entry(_ptr, _type, _member) container_of(_ptr, _type, _member)
#define hlist_entry_safe(_ptr, _type, _member)                                                     \
	({                                                                                         \
		typeof(_ptr) __ptr = (_ptr);                                                       \
												   \
		__ptr ? hlist_entry(__ptr, _type, _member) : NULL;                                 \
	})
#define hlist_for_each_entry(_pos, _head, _member)                                                 \
	for ((_pos) = hlist_entry_safe((_head)->first, typeof(*(_pos)), _member); (_pos);          \
	     (_pos) = hlist_entry_safe((_pos)->_member.next, typeof(*(_pos)), _member))
#define hlist_for_each_entry_safe(_pos, _next, _head, _member)                                     \
	for ((_pos) = hlist_entry_safe((_head)->first, typeof(*(_pos)), _member);                  \
	     (_pos) && ({ (_next) = (_pos)->_member.next; true; });                                \
	     (_pos) = hlist_entry_safe(_next, typeof(*(_pos)), _member))

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline bool hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !head->first;
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	node->next = head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
	node->pprev = &head->first;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	INIT_HLIST_NODE(node);
}

#define hlist_del hlist_del_init

/* For readers under RCU: what is published is complete, and what is removed still leads on. */
static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	WRITE_ONCE(node->pprev, &head->first);
	smp_store_release(&head->first, node);
	if (first)
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	struct hlist_node *next = node->next;

	WRITE_ONCE(*node->pprev, next);
	if (next)
		WRITE_ONCE(next->pprev, node->pprev);
	WRITE_ONCE(node->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	hlist_del_rcu(node);
	WRITE_ONCE(node->pprev, NULL);
}

#define __user_hlist_rcu(_p, _type, _member)                                                       \
	hlist_entry_safe(smp_load_acquire(&(_p)), _type, _member)
#define hlist_for_each_entry_rcu(_pos, _head, _member, ...)                                        \
	for ((_pos) = __user_hlist_rcu((_head)->first, typeof(*(_pos)), _member); (_pos);          \
	     (_pos) = __user_hlist_rcu((_pos)->_member.next, typeof(*(_pos)), _member))
#define hlist_for_each(_pos, _head)                                                                \
	for ((_pos) = (_head)->first; (_pos); (_pos) = (_pos)->next)
#define hlist_for_each_safe(_pos, _next, _head)                                                    \
	for ((_pos) = (_head)->first; (_pos) && ({ (_next) = (_pos)->next; true; });               \
	     (_pos) = (_next))

/*
 * Trees. The shape is that of a treap, by a hash of each node's address: no colour to keep, and
 * about as deep as a balanced tree. Who searches goes down by rb_left and rb_right, as ever.
 */
struct rb_node {
	struct rb_node *parent, *rb_left, *rb_right;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
};

#define RB_ROOT (struct rb_root){ NULL }
#define RB_ROOT_CACHED (struct rb_root_cached){ { NULL } }
#define RB_EMPTY_ROOT(_root) (!(_root)->rb_node)
#define RB_CLEAR_NODE(_node) ((_node)->parent = (_node))
#define RB_EMPTY_NODE(_node) ((_node)->parent == (_node))
#define rb_parent(_node) ((_node)->parent)
#define rb_entry(_ptr, _type, _member) container_of(_ptr, _type, _member)
#define rb_entry_safe(_ptr, _type, _member)                                                        \
	({                                                                                         \
		typeof(_ptr) __ptr = (_ptr);                                                       \
												   \
		__ptr ? rb_entry(__ptr, _type, _member) : NULL;                                    \
	})

struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
/* @update: called, from below, for each node whose children have changed; or NULL. */
void user_rb_insert(struct rb_node *node, struct rb_root *root,
		    void (*update)(struct rb_node *node));
void user_rb_erase(struct rb_node *node, struct rb_root *root,
		   void (*update)(struct rb_node *node));
#define rb_insert_color(_node, _root) user_rb_insert(_node, _root, NULL)
#define rb_erase(_node, _root) user_rb_erase(_node, _root, NULL)
#define rb_first_cached(_root) rb_first(&(_root)->rb_root)
#define rb_insert_color_cached(_node, _root, _leftmost) rb_insert_color(_node, &(_root)->rb_root)
#define rb_erase_cached(_node, _root) rb_erase(_node, &(_root)->rb_root)

/* Children before their parent: each may be freed, if nobody rebalances. */
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);
#define rbtree_postorder_for_each_entry_safe(_pos, _next, _root, _member)                          \
	for ((_pos) = rb_entry_safe(rb_first_postorder(_root), typeof(*(_pos)), _member);          \
	     (_pos) && ({                                                                          \
		     (_next) = rb_entry_safe(rb_next_postorder(&(_pos)->_member),                  \
					     typeof(*(_pos)), _member);                            \
		     true;                                                                         \
	     });                                                                                   \
	     (_pos) = (_next))

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->parent = parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

/* Nodes by @_start; @_sub of each is the highest @_last of its subtree. */
#define INTERVAL_TREE_DEFINE(_struct, _rb, _type, _sub, _start, _last, _static, _prefix)           \
	static void _prefix##_update(struct rb_node *rb)                                           \
	{                                                                                          \
		_struct *node = rb_entry(rb, _struct, _rb);                                        \
		_struct *left = rb_entry_safe(rb->rb_left, _struct, _rb);                          \
		_struct *right = rb_entry_safe(rb->rb_right, _struct, _rb);                        \
		_type highest = _last(node);                                                       \
												   \
		if (left && left->_sub > highest)                                                  \
			highest = left->_sub;                                                      \
		if (right && right->_sub > highest)                                                \
			highest = right->_sub;                                                     \
		node->_sub = highest;                                                              \
	}                                                                                          \
	_static void _prefix##_insert(_struct *node, struct rb_root_cached *root)                  \
	{                                                                                          \
		struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;                    \
												   \
		while (*link) {                                                                    \
			parent = *link;                                                            \
			link = _start(node) < _start(rb_entry(parent, _struct, _rb)) ?             \
				       &parent->rb_left : &parent->rb_right;                       \
		}                                                                                  \
		rb_link_node(&node->_rb, parent, link);                                            \
		user_rb_insert(&node->_rb, &root->rb_root, _prefix##_update);                      \
	}                                                                                          \
	_static void _prefix##_remove(_struct *node, struct rb_root_cached *root)                  \
	{                                                                                          \
		user_rb_erase(&node->_rb, &root->rb_root, _prefix##_update);                       \
	}                                                                                          \
	static __maybe_unused _struct *_prefix##_iter_from(struct rb_node *rb, _type start,        \
							   _type last)                             \
	{                                                                                          \
		for (; rb && _start(rb_entry(rb, _struct, _rb)) <= last; rb = rb_next(rb))         \
			if (_last(rb_entry(rb, _struct, _rb)) >= start)                            \
				return rb_entry(rb, _struct, _rb);                                 \
		return NULL;                                                                       \
	}                                                                                          \
	_static _struct *_prefix##_iter_first(struct rb_root_cached *root, _type start,            \
					      _type last)                                          \
	{                                                                                          \
		struct rb_node *rb = root->rb_root.rb_node;                                        \
												   \
		if (!rb || rb_entry(rb, _struct, _rb)->_sub < start)                               \
			return NULL;                                                               \
		/* To the first node of the lowest subtree that reaches far enough. */             \
		while (rb->rb_left && rb_entry(rb->rb_left, _struct, _rb)->_sub >= start)          \
			rb = rb->rb_left;                                                          \
		return _prefix##_iter_from(rb, start, last);                                       \
	}                                                                                          \
	_static _struct *_prefix##_iter_next(_struct *node, _type start, _type last)               \
	{                                                                                          \
		return _prefix##_iter_from(rb_next(&node->_rb), start, last);                      \
	}

#endif /* USER_LIST_H */
