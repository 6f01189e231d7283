// SPDX-License-Identifier: GPL-2.0-only
/* An entry is freed, or taken off its list, in a walk that goes on from it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* Those that read the next entry out of this one, afterwards. */
static const char *const walks[] = {
	"list_for_each_entry", "list_for_each_entry_reverse", "list_for_each_entry_continue",
	"hlist_for_each_entry", "list_for_each", "list_for_each_entry_from",
};

struct entry {
	const struct asked *asked;
	struct function *fn;
	unsigned int loop, node;
	struct span body;
	const char *position;	/* what the walk is at */
	const char *member;	/* by which it goes on; an entry may be on other lists */
	const struct call *call;
	const char *object;
	bool goes_on, off;
	bool left;		/* a way leads out of the walk */
};

/* "e = list_entry(position, ...)": the entry that the position is in. */
static const char *entry_of(struct entry *entry)
{
	static const char *const names[] = { "list_entry", "container_of", "hlist_entry" };

	for (unsigned int n = 1; n < entry->fn->nr_nodes; n++)
		for (unsigned int c = 0; c < entry->fn->nodes[n].nr_calls; c++) {
			const struct call *call = &entry->fn->nodes[n].calls[c];

			for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
				if (!strcmp(call->name, names[i]) && call->count &&
				    call->objects[0] == entry->position) {
					entry->member = call->objects[call->count - 1];
					return call->result;
				}
		}
	return NULL;
}

/* goto again: the walk begins anew. */
static bool begins_anew(const struct entry *entry, const struct node *node)
{
	const struct file *file = entry->fn->file;
	const struct token *name = &file->tokens[node->span.first];

	if (node->kind != NODE_JUMP)
		return false;
	for (unsigned int t = entry->fn->body.first; t < entry->body.first; t++)
		if (token_is(file, t + 1, ":") && file->tokens[t].len == name->len &&
		    !memcmp(file->tokens[t].at, name->at, name->len))
			return true;
	return false;
}

static bool leaves(const struct entry *entry, const struct node *node)
{
	return node->span.first < node->span.end &&
	       (node->span.first < entry->body.first || node->span.first > entry->body.end);
}

static int on_visit(struct walk *walk, unsigned int at, int state)
{
	struct entry *entry = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == entry->loop)
		entry->goes_on = true;
	else if (leaves(entry, node) || begins_anew(entry, node))
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == entry->position)
			return -1;
	return entry->goes_on || node->kind == NODE_EXIT ? -1 : state;
}

static bool is_gone(void *data, const struct touch *touch)
{
	struct entry *entry = data;
	struct flow *flow = entry->asked->flow;
	const char *whole = entry_of(entry);
	bool freed = touch->object == entry->position || touch->object == whole;

	if (!touch->always)
		return false;
	entry->off = touch->family == family_of(flow, "listed");
	if (entry->off)
		freed = touch->object == entry->position ||
			(object_member(flow, touch->object) == entry->member &&
			 object_root(flow, touch->object) == (whole ? whole : entry->position));
	entry->call = touch->call;
	entry->object = touch->object;
	return freed;
}

/* "kref_put(&entry->ref, free)": this may have been the last one. */
static bool is_put(void *data, const struct touch *touch)
{
	struct entry *entry = data;
	const char *root = object_root(entry->asked->flow, touch->object);
	const char *whole = entry_of(entry);

	entry->call = touch->call;
	entry->object = root;
	entry->off = false;
	return touch->direct && root != touch->object && (root == entry->position || root == whole);
}

static void ask_node(struct entry *entry)
{
	struct walk walk = {
		.flow = entry->asked->flow, .fn = entry->fn, .visit = on_visit, .data = entry,
	};
	const struct node *node = &entry->fn->nodes[entry->node];

	if (!node_touches(walk.flow, walk.fn, node, family_of(walk.flow, "memory"), ROLE_PUT,
			  is_gone, entry) &&
	    !node_touches(walk.flow, walk.fn, node, family_of(walk.flow, "listed"), ROLE_PUT,
			  is_gone, entry) &&
	    !node_touches(walk.flow, walk.fn, node, family_of(walk.flow, "kref"), ROLE_PUT,
			  is_put, entry))
		return;
	entry->goes_on = false;
	walk_from(&walk, node->next, 0);
	free(walk.seen);
	if (entry->goes_on)
		report_line(entry->asked, entry->fn->file, call_line(entry->fn, entry->call),
			    "%s is %s here, and the walk goes on from it", entry->object,
			    entry->off ? "taken off the list" : "freed");
}

static int off_visit(struct walk *walk, unsigned int at, int state)
{
	struct entry *entry = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == entry->loop)
		return -1;
	entry->left |= node->kind == NODE_RETURN || leaves(entry, node);
	return node->kind == NODE_EXIT || entry->left ? -1 : state;
}

/* Freed, and the walk is left: the others stay, and so does the entry among them. */
static void ask_left(struct entry *entry)
{
	struct walk walk = {
		.flow = entry->asked->flow, .fn = entry->fn, .visit = off_visit, .data = entry,
	};
	const struct node *node = &entry->fn->nodes[entry->node];

	if (calls_word(entry->fn, "list_del") || calls_word(entry->fn, "list_move") ||
	    calls_word(entry->fn, "list_splice") || calls_word(entry->fn, "LIST_HEAD") ||
	    !node_touches(walk.flow, walk.fn, node, family_of(walk.flow, "memory"), ROLE_PUT,
			  is_gone, entry))
		return;
	if (entry->call->callee && reaches(entry->call->callee, family_of(walk.flow, "listed"),
					   ROLE_PUT, 2))
		return;
	entry->left = false;
	walk_from(&walk, node->next, 0);
	free(walk.seen);
	if (entry->left)
		report_line(entry->asked, entry->fn->file, call_line(entry->fn, entry->call),
			    "%s is freed here, and stays on the list", entry->object);
}

static bool is_walk(const struct node *node)
{
	for (size_t i = 0; node->kind == NODE_TEST && node->nr_calls &&
	     i < LAB_ARRAY_SIZE(walks); i++)
		if (!strcmp(node->calls[0].name, walks[i]))
			return true;
	return false;
}

/* It knows the next one before its body begins. */
static bool is_safe_walk(const struct node *node)
{
	return node->kind == NODE_TEST && node->nr_calls &&
	       !strcmp(node->calls[0].name, "list_for_each_entry_safe");
}

static void ask_loop(const struct asked *asked, struct function *fn, unsigned int loop, bool safe)
{
	struct entry entry = {
		.asked = asked, .fn = fn, .loop = loop,
		.position = fn->nodes[loop].calls[0].objects[0],
		.body = { fn->nodes[loop].span.first, 0 },
	};

	if (fn->nodes[loop].calls[0].count > 2)
		entry.member = fn->nodes[loop].calls[0].objects[2];
	entry.body.end = statement_end(fn, fn->nodes[loop].span.end);

	for (entry.node = 1; entry.node < fn->nr_nodes; entry.node++)
		if (entry.node != loop && fn->nodes[entry.node].nr_calls &&
		    !leaves(&entry, &fn->nodes[entry.node])) {
			if (!safe)
				ask_node(&entry);
			ask_left(&entry);
		}
}

void ask_list_walk(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			if ((is_walk(&fn->nodes[n]) || is_safe_walk(&fn->nodes[n])) &&
			    fn->nodes[n].calls[0].count)
				ask_loop(asked, fn, n, is_safe_walk(&fn->nodes[n]));
	}
}
