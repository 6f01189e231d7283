// SPDX-License-Identifier: GPL-2.0-only
/* Bit maps, trees, and numbers to pointers. */
#include <stdlib.h>

#include <user/mem.h>

unsigned long find_next_bit(const unsigned long *map, unsigned long size, unsigned long from)
{
	while (from < size && !test_bit(from, map))
		from++;
	return min(from, size);
}

unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size, unsigned long from)
{
	while (from < size && test_bit(from, map))
		from++;
	return min(from, size);
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nr)
{
	while (nr--)
		__set_bit(start++, map);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nr)
{
	while (nr--)
		__clear_bit(start++, map);
}

bool bitmap_empty(const unsigned long *map, unsigned int nbits)
{
	return find_first_bit(map, nbits) == nbits;
}

bool bitmap_full(const unsigned long *map, unsigned int nbits)
{
	return find_first_zero_bit(map, nbits) == nbits;
}

unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int weight = 0, bit;

	for_each_set_bit(bit, map, nbits)
		weight++;
	return weight;
}

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags)
{
	return kcalloc(BITS_TO_LONGS(nbits), sizeof(long), flags);
}

void bitmap_free(const unsigned long *map)
{
	kfree(map);
}

/* Trees */

static u64 priority(const struct rb_node *node)
{
	u64 x = (unsigned long)node;

	x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
	return x ^ (x >> 29);
}

static void replace(struct rb_root *root, struct rb_node *parent, struct rb_node *was,
		    struct rb_node *now)
{
	if (!parent)
		root->rb_node = now;
	else if (parent->rb_left == was)
		parent->rb_left = now;
	else
		parent->rb_right = now;
	if (now)
		now->parent = parent;
}

/* The child takes the place of its parent. */
static void rotate_up(struct rb_root *root, struct rb_node *child)
{
	struct rb_node *parent = child->parent;

	replace(root, parent->parent, parent, child);
	if (parent->rb_left == child) {
		parent->rb_left = child->rb_right;
		if (child->rb_right)
			child->rb_right->parent = parent;
		child->rb_right = parent;
	} else {
		parent->rb_right = child->rb_left;
		if (child->rb_left)
			child->rb_left->parent = parent;
		child->rb_left = parent;
	}
	parent->parent = child;
}

static void update_up(struct rb_node *node, void (*update)(struct rb_node *node))
{
	for (; update && node; node = node->parent)
		update(node);
}

void user_rb_insert(struct rb_node *node, struct rb_root *root,
		    void (*update)(struct rb_node *node))
{
	while (node->parent && priority(node->parent) < priority(node)) {
		struct rb_node *parent = node->parent;

		rotate_up(root, node);
		if (update)
			update(parent);
	}
	update_up(node, update);
}

void user_rb_erase(struct rb_node *node, struct rb_root *root,
		   void (*update)(struct rb_node *node))
{
	while (node->rb_left && node->rb_right)
		rotate_up(root, priority(node->rb_left) > priority(node->rb_right) ?
					node->rb_left : node->rb_right);
	replace(root, node->parent, node, node->rb_left ?: node->rb_right);
	update_up(node->parent, update);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	const struct rb_root right = { node->rb_right };

	if (node->rb_right)
		return rb_first(&right);
	while (node->parent && node->parent->rb_right == node)
		node = node->parent;
	return node->parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	const struct rb_root left = { node->rb_left };

	if (node->rb_left)
		return rb_last(&left);
	while (node->parent && node->parent->rb_left == node)
		node = node->parent;
	return node->parent;
}

static struct rb_node *deepest(struct rb_node *node)
{
	while (node->rb_left || node->rb_right)
		node = node->rb_left ?: node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? deepest(root->rb_node) : NULL;
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent = node ? node->parent : NULL;

	if (parent && node == parent->rb_left && parent->rb_right)
		return deepest(parent->rb_right);
	return parent;
}

/* Numbers to pointers: an array by number. */

struct idr_entry {
	unsigned long index;
	void *ptr;
};

/* Return: how many have a lower number than @index. */
static unsigned long lower(const struct xarray *xa, unsigned long index)
{
	unsigned long low = 0, high = xa->nr, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (xa->entries[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool there(const struct xarray *xa, unsigned long at, unsigned long index)
{
	return at < xa->nr && xa->entries[at].index == index;
}

static int insert(struct xarray *xa, unsigned long at, unsigned long index, void *ptr)
{
	struct idr_entry *grown = realloc(xa->entries, (xa->nr + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	xa->entries = grown;
	memmove(grown + at + 1, grown + at, (xa->nr - at) * sizeof(*grown));
	grown[at] = (struct idr_entry){ index, ptr };
	WRITE_ONCE(xa->nr, xa->nr + 1);
	return 0;
}

static void *erase(struct xarray *xa, unsigned long at)
{
	void *ptr = xa->entries[at].ptr;

	WRITE_ONCE(xa->nr, xa->nr - 1);
	memmove(xa->entries + at, xa->entries + at + 1, (xa->nr - at) * sizeof(*xa->entries));
	if (!xa->nr) {
		free(xa->entries);
		xa->entries = NULL;
	}
	return ptr;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	unsigned long at;
	void *ptr;

	spin_lock(&xa->xa_lock);
	at = lower(xa, index);
	ptr = there(xa, at, index) ? xa->entries[at].ptr : NULL;
	spin_unlock(&xa->xa_lock);
	return ptr;
}

static void *store_locked(struct xarray *xa, unsigned long index, void *entry)
{
	unsigned long at = lower(xa, index);
	void *was;

	if (!there(xa, at, index))
		return entry && insert(xa, at, index, entry) ? ERR_PTR(-ENOMEM) : NULL;
	was = xa->entries[at].ptr;
	if (entry)
		xa->entries[at].ptr = entry;
	else
		erase(xa, at);
	return was;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t flags)
{
	void *was;

	might_sleep_if(gfpflags_allow_blocking(flags));
	spin_lock(&xa->xa_lock);
	was = store_locked(xa, index, entry);
	spin_unlock(&xa->xa_lock);
	return was;
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t flags)
{
	unsigned long at;
	void *was;

	might_sleep_if(gfpflags_allow_blocking(flags));
	spin_lock(&xa->xa_lock);
	at = lower(xa, index);
	was = there(xa, at, index) ? xa->entries[at].ptr : NULL;
	if (was == old)
		was = store_locked(xa, index, entry);
	spin_unlock(&xa->xa_lock);
	return was;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t flags)
{
	unsigned long at;
	int ret;

	might_sleep_if(gfpflags_allow_blocking(flags));
	spin_lock(&xa->xa_lock);
	at = lower(xa, index);
	ret = there(xa, at, index) ? -EBUSY : insert(xa, at, index, entry);
	spin_unlock(&xa->xa_lock);
	return ret;
}

static int alloc_locked(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit)
{
	unsigned long index = limit.min, at;
	int ret;

	if (!index && (xa->flags & XA_FLAGS_ALLOC1) == XA_FLAGS_ALLOC1)
		index = 1;
	at = lower(xa, index);
	while (there(xa, at, index))
		at++, index++;
	if (index > limit.max)
		return -EBUSY;
	ret = insert(xa, at, index, entry);
	if (!ret)
		*id = index;
	return ret;
}

int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t flags)
{
	int ret;

	might_sleep_if(gfpflags_allow_blocking(flags));
	spin_lock(&xa->xa_lock);
	ret = alloc_locked(xa, id, entry, limit);
	spin_unlock(&xa->xa_lock);
	return ret;
}

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		    gfp_t flags)
{
	const struct xa_limit rest = XA_LIMIT(max(*next, limit.min), limit.max);
	int ret;

	might_sleep_if(gfpflags_allow_blocking(flags));
	spin_lock(&xa->xa_lock);
	ret = alloc_locked(xa, id, entry, rest);
	if (ret == -EBUSY && rest.min > limit.min)
		ret = alloc_locked(xa, id, entry, limit) ?: 1;
	if (ret >= 0)
		*next = *id + 1;
	spin_unlock(&xa->xa_lock);
	return ret;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	unsigned long at;
	void *ptr;

	spin_lock(&xa->xa_lock);
	at = lower(xa, index);
	ptr = there(xa, at, index) ? erase(xa, at) : NULL;
	spin_unlock(&xa->xa_lock);
	return ptr;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long most, int filter)
{
	unsigned long at;
	void *ptr = NULL;

	spin_lock(&xa->xa_lock);
	at = lower(xa, *index);
	/* A number that is taken by nothing yet. */
	while (at < xa->nr && !xa->entries[at].ptr)
		at++;
	if (at < xa->nr && xa->entries[at].index <= most) {
		*index = xa->entries[at].index;
		ptr = xa->entries[at].ptr;
	}
	spin_unlock(&xa->xa_lock);
	return ptr;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long most, int filter)
{
	if (*index == ULONG_MAX)
		return NULL;
	++*index;
	return xa_find(xa, index, most, filter);
}

void xa_destroy(struct xarray *xa)
{
	spin_lock(&xa->xa_lock);
	free(xa->entries);
	xa->entries = NULL;
	WRITE_ONCE(xa->nr, 0);
	spin_unlock(&xa->xa_lock);
}

bool xa_empty(const struct xarray *xa)
{
	return !READ_ONCE(xa->nr);
}

static struct xa_limit idr_limit(int start, int end)
{
	return XA_LIMIT(start, end > 0 ? end - 1 : S32_MAX);
}

static int idr_id(int ret, u32 id)
{
	return ret == -EBUSY ? -ENOSPC : ret < 0 ? ret : (int)id;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t flags)
{
	u32 id = 0;
	int ret;

	if (WARN_ON_ONCE(start < 0))
		return -EINVAL;
	idr->changes++;
	ret = xa_alloc(&idr->xa, &id, ptr, idr_limit(start, end), flags);
	return idr_id(ret, id);
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t flags)
{
	u32 id = 0;
	int ret;

	if (WARN_ON_ONCE(start < 0))
		return -EINVAL;
	idr->changes++;
	ret = xa_alloc_cyclic(&idr->xa, &id, ptr, idr_limit(start, end), &idr->next, flags);
	return idr_id(ret, id);
}

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	unsigned long at;
	void *was = ERR_PTR(-ENOENT);

	idr->changes++;
	spin_lock(&idr->xa.xa_lock);
	at = lower(&idr->xa, id);
	if (there(&idr->xa, at, id)) {
		was = idr->xa.entries[at].ptr;
		idr->xa.entries[at].ptr = ptr;
	}
	spin_unlock(&idr->xa.xa_lock);
	return was;
}

int idr_for_each(struct idr *idr, int (*fn)(int id, void *ptr, void *data), void *data)
{
	unsigned long id;
	void *ptr;
	int ret = 0;

	xa_for_each(&idr->xa, id, ptr) {
		ret = fn(id, ptr, data);
		if (ret)
			break;
	}
	return ret;
}

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t flags)
{
	const struct xa_limit limit = XA_LIMIT(min, min_t(u32, max, S32_MAX));
	u32 id = 0;
	int ret;

	if ((int)min < 0)
		return -ENOSPC;
	ret = xa_alloc(&ida->xa, &id, ida, limit, flags);
	return idr_id(ret, id);
}

void ida_free(struct ida *ida, unsigned int id)
{
	if (!xa_erase(&ida->xa, id))
		user_warn(__FILE__, __LINE__, "ida_free() of %u, which is not taken", id);
}
