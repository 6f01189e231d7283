// SPDX-License-Identifier: GPL-2.0-only
/* Locks that a function takes, by a call, a helper or a guard, and what it does below them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

static const struct {
	const char *start, *family;	/* of what guard() and scoped_guard() take */
} guards[] = {
	{ "mutex", "mutex" }, { "spinlock", "spin" }, { "raw_spinlock", "spin" },
	{ "read_lock", "rwspin" }, { "write_lock", "rwspin" }, { "rwsem_read", "reader" },
	{ "rwsem_write", "writer" },
};

static int guard_family(const struct flow *flow, const struct file *file, unsigned int at)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(guards); i++)
		if (!strncmp(file->tokens[at].at, guards[i].start, strlen(guards[i].start)))
			return family_of(flow, guards[i].family);
	return -1;
}

/* Up to the bracket that closes the block. */
static unsigned int block_end(const struct function *fn, unsigned int at)
{
	for (unsigned int i = at; i < fn->body.end; i++) {
		if (fn->file->tokens[i].match > i)
			i = fn->file->tokens[i].match;
		else if (token_is(fn->file, i, "}"))
			return i;
	}
	return fn->body.end;
}

/* The end of the block or the statement that begins there. */
unsigned int statement_end(const struct function *fn, unsigned int at)
{
	if (token_is(fn->file, at, "{"))
		return fn->file->tokens[at].match;
	for (; at < fn->body.end; at++) {
		if (token_is(fn->file, at, ";") && !token_is(fn->file, at + 1, "else"))
			return at;
		if (fn->file->tokens[at].match <= at)
			continue;
		/* "if (x) { ... }" has no semicolon behind it. */
		if (token_is(fn->file, at, "{") && !token_is(fn->file,
		    fn->file->tokens[at].match + 1, "else"))
			return fn->file->tokens[at].match;
		at = fn->file->tokens[at].match;
	}
	return at;
}

static bool read_guard(struct flow *flow, struct function *fn, unsigned int n,
		       struct held_lock *lock)
{
	const struct file *file = fn->file;
	struct span span = fn->nodes[n].span, inside;
	unsigned int at = span.first, close = file->tokens[at + 1].match;
	bool scoped = token_is(file, at, "scoped_guard");

	if (span.first == span.end || !close || !(scoped || token_is(file, at, "guard")))
		return false;
	inside = span_inside(file, scoped ? at + 1 : close + 1);
	if (scoped)
		inside.first += 2;
	if (inside.first >= inside.end)
		return false;
	*lock = (struct held_lock){
		.family = guard_family(flow, file, at + 2), .node = n,
		.object = object_of(flow, file, inside),
		.scope = { at, scoped ? statement_end(fn, span.end) : block_end(fn, at) },
	};
	return lock->family >= 0;
}

struct search {
	struct flow *flow;
	struct function *fn;
	unsigned int node;
	lock_fn *found;
	void *data;
};

static bool is_lock_family(const struct flow *flow, int family)
{
	static const char *const names[] = {
		"mutex", "spin", "rwspin", "reader", "writer", "instance", "xarray",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (family == family_of(flow, names[i]))
			return true;
	return false;
}

static bool at_get(void *data, const struct touch *touch)
{
	const struct search *search = data;
	const struct held_lock lock = {
		.family = touch->family, .object = touch->object, .node = search->node,
	};

	if (touch->always && touch->fails != FAILS_ZERO &&
	    is_lock_family(search->flow, touch->family))
		search->found(search->data, search->fn, &lock);
	return false;
}

void each_lock(struct flow *flow, struct function *fn, lock_fn *found, void *data)
{
	struct search search = { flow, fn, 0, found, data };
	struct held_lock lock;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		search.node = n;
		node_touches(flow, fn, &fn->nodes[n], -1, ROLE_GET, at_get, &search);
		if (read_guard(flow, fn, n, &lock))
			found(data, fn, &lock);
	}
}

struct below {
	const struct held_lock *lock;
	held_fn *seen;
	void *data;
};

static bool lets_go(void *data, const struct touch *touch)
{
	return touch->object == ((const struct held_lock *)data)->object;
}

static int below_visit(struct walk *walk, unsigned int at, int state)
{
	const struct below *below = walk->data;
	const struct held_lock *lock = below->lock;
	const struct node *node = &walk->fn->nodes[at];
	bool has_text = node->span.first < node->span.end;

	if (node->kind == NODE_EXIT || at == lock->node)
		return -1;
	if (lock->scope.end && has_text &&
	    (node->span.first < lock->scope.first || node->span.first >= lock->scope.end))
		return -1;
	if (node_touches(walk->flow, walk->fn, node, lock->family, ROLE_PUT, lets_go,
			 (void *)lock))
		return -1;
	return below->seen(below->data, walk->fn, node) ? state : -1;
}

/* The test of a function that may fail to take the lock: where it is taken. */
static bool taken_where_true(const struct function *fn, const struct held_lock *lock)
{
	const struct node *node = &fn->nodes[lock->node];

	return node->kind != NODE_TEST || strstr(node->text, "trylock");
}

void walk_below(struct flow *flow, struct function *fn, const struct held_lock *lock,
		held_fn *seen, void *data)
{
	struct below below = { lock, seen, data };
	struct walk walk = { .flow = flow, .fn = fn, .visit = below_visit, .data = &below };
	const struct node *node = &fn->nodes[lock->node];

	walk_from(&walk, taken_where_true(fn, lock) ? node->next : node->other, 0);
	free(walk.seen);
}

struct marks {
	struct flow *flow;
	bool *under;
};

static bool mark(void *data, struct function *fn, const struct node *node)
{
	((bool *)data)[node - fn->nodes] = true;
	return true;
}

static void mark_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct marks *marks = data;

	walk_below(marks->flow, fn, lock, mark, marks->under);
}

bool *nodes_locked(struct flow *flow, struct function *fn)
{
	struct marks marks = { flow, calloc(fn->nr_nodes + 1, sizeof(bool)) };

	if (marks.under)
		each_lock(flow, fn, mark_lock, &marks);
	return marks.under;
}
