// SPDX-License-Identifier: GPL-2.0-only
/*
 * A word of the user or the guest is fetched, judged, and fetched once more as a part of something
 * larger: what is used is what he has made of it since. Also where the word is seen in place.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define MAX_FETCHES 32
#define DEPTH 2

/* From where to where. */
struct fetch {
	const char *from, *to;
	unsigned int node;
	bool whole;	/* a struct, or more */
};

struct fetching {
	const struct asked *asked;
	struct function *fn;
	struct fetch fetches[MAX_FETCHES];
	unsigned int count;
};

#define RETURNED 9

static const struct fetcher {
	const char *name;
	unsigned int from, to;	/* arguments; to: RETURNED is what is returned */
} fetchers[] = {
	{ "get_user", 1, 0 }, { "__get_user", 1, 0 }, { "copy_from_user", 1, 0 },
	{ "__copy_from_user", 1, 0 }, { "memdup_user", 0, RETURNED }, { "vmemdup_user", 0, RETURNED },
	{ "mdk_dma_read", 1, 2 }, { "vfio_dma_rw", 1, 2 }, { "mdev_dma_rw", 1, 2 },
	{ "mdk_pinned_read", 1, 2 }, { "mdk_ring_read", 1, 2 }, { "kvm_read_guest", 1, 2 },
};

static void add_fetch(struct fetching *fetching, struct fetch fetch)
{
	if (fetching->count < MAX_FETCHES && fetch.from && fetch.to && *fetch.from && *fetch.to)
		fetching->fetches[fetching->count++] = fetch;
}

static const struct fetcher *fetcher_of(const struct call *call)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(fetchers); i++)
		if (!strcmp(fetchers[i].name, call->name) && call->count > fetchers[i].from &&
		    (fetchers[i].to == RETURNED || call->count > fetchers[i].to))
			return &fetchers[i];
	return NULL;
}

/* What a helper's object is to its caller; NULL: nothing. */
static const char *by_caller(struct flow *flow, const struct function *callee,
			     const struct call *call, const char *object)
{
	const char *root = object_root(flow, object);
	int param = param_of(callee, root);
	bool star = *object == '*';

	if (param < 0 || param >= (int)call->count || (strpbrk(object + star, "*&([+")))
		return NULL;
	return keep_fmt(flow, "%s%s", call->objects[param], object + star + strlen(root));
}

static void gather(struct fetching *fetching, struct function *fn, unsigned int depth);

/* What a helper fetches by what it is given, or gives back. */
static void gather_helper(struct fetching *fetching, const struct call *call, unsigned int node,
			  unsigned int depth)
{
	struct fetching inside = { .asked = fetching->asked, .fn = call->callee };
	struct flow *flow = fetching->asked->flow;

	gather(&inside, call->callee, depth);
	for (unsigned int i = 0; i < inside.count; i++) {
		struct fetch fetch = inside.fetches[i];
		const char *to = by_caller(flow, call->callee, call, fetch.to);

		for (unsigned int n = 1; !to && n < call->callee->nr_nodes; n++)
			if (call->callee->nodes[n].kind == NODE_RETURN &&
			    call->callee->nodes[n].text == fetch.to)
				to = call->result;
		fetch.from = by_caller(flow, call->callee, call, fetch.from);
		fetch.to = to;
		fetch.node = node;
		add_fetch(fetching, fetch);
	}
}

static void add_call(struct fetching *fetching, const struct call *call,
		     const struct fetcher *fetcher, unsigned int node)
{
	bool returned = fetcher->to == RETURNED;

	add_fetch(fetching, (struct fetch){
		.from = call->objects[fetcher->from],
		.to = returned ? call->result : call->objects[fetcher->to],
		.node = node, .whole = !strstr(call->name, "get_user"),
	});
}

static void gather(struct fetching *fetching, struct function *fn, unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];
			const struct fetcher *fetcher = fetcher_of(call);

			if (fetcher && strstr(call->name, "dma_rw") && call->count > 4 &&
			    strcmp(call->objects[4], "false"))
				continue;
			if (fetcher)
				add_call(fetching, call, fetcher, n);
			else if (call->callee && depth)
				gather_helper(fetching, call, n, depth - 1);
		}
}

static bool changes_it(const struct node *node, const char *name)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (has_word(name, node->assigns[k].object))
			return true;
	return false;
}

/* Is there a way from one node to another, and on it none that changes the object. */
static bool leads_unchanged(const struct function *fn, unsigned int from, unsigned int to,
			    const char *object)
{
	return leads_to(fn, from, to, changes_it, object);
}

/* A test between the two that judges what was fetched first. */
static bool is_judged_between(struct fetching *fetching, const struct fetch *first,
			      const struct fetch *second, const char *word)
{
	struct function *fn = fetching->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_TEST && n != first->node && n != second->node &&
		    says_object(fn->nodes[n].text, word) &&
		    leads_unchanged(fn, first->node, n, first->from) &&
		    leads_unchanged(fn, n, second->node, first->from))
			return true;
	return false;
}

/* Behind the second fetch both are compared, or one takes the other's place. */
static bool is_reconciled(struct fetching *fetching, const struct fetch *second, const char *old,
			  const char *new)
{
	struct function *fn = fetching->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const char *text = node_text(fetching->asked->flow, fn, &fn->nodes[n]);

		if (n == second->node || !leads_unchanged(fn, second->node, n, "") ||
		    !says_object(text, new))
			continue;
		if (says_object(text, old) || strstr(text, "memcmp"))
			return true;
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == new)
				return true;
	}
	return false;
}

static bool reads(struct flow *flow, const struct function *fn, const char *object,
		  unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		struct node *node = &fn->nodes[n];

		if (has_word(node_text(flow, fn, node), object))
			return true;
		for (unsigned int c = 0; depth && c < node->nr_calls; c++) {
			const struct call *call = &node->calls[c];

			for (unsigned int i = 0; call->callee && i < call->count &&
			     i < call->callee->nr_params; i++)
				if (*call->objects[i] && object_within(object, call->objects[i]) &&
				    reads(flow, call->callee,
					  keep_fmt(flow, "%s%s", call->callee->params[i],
						   object + strlen(call->objects[i])), depth - 1))
					return true;
		}
	}
	return false;
}

/* In the function, below it, or where it is given back to. */
static bool is_used(struct fetching *fetching, const struct fetch *second, const char *member)
{
	struct flow *flow = fetching->asked->flow;
	struct function *fn = fetching->fn;

	if (reads(flow, fn, keep_fmt(flow, "%s.%s", second->to, member), DEPTH))
		return true;
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *caller = flow->functions[i];

		for (unsigned int n = 1; n < caller->nr_nodes; n++)
			for (unsigned int c = 0; c < caller->nodes[n].nr_calls; c++) {
				const struct call *call = &caller->nodes[n].calls[c];

				if (call->callee == fn && call->result && *call->result != '=' &&
				    reads(flow, caller,
					  keep_fmt(flow, "%s.%s", call->result, member), DEPTH))
					return true;
			}
	}
	return false;
}

static void tell(struct fetching *fetching, const struct fetch *second, const char *what)
{
	const struct function *fn = fetching->fn;

	report_line(fetching->asked, fn->file,
		    fn->file->tokens[fn->nodes[second->node].span.first].line,
		    "'%s' is fetched a second time with all of it: what was judged may have changed",
		    what);
}

/* One word first: "get_user(nr, &from->nr)" and then all of *from. */
static bool ask_word(struct fetching *fetching, const struct fetch *first,
		     const struct fetch *second)
{
	struct flow *flow = fetching->asked->flow;
	const char *member = object_member(flow, first->from);
	const char *new;

	if (!member || first->whole || !object_within(first->from, second->from) ||
	    first->from == second->from)
		return false;
	new = keep_fmt(flow, "%s.%s", second->to, member);
	if (!is_judged_between(fetching, first, second, first->to) ||
	    is_reconciled(fetching, second, first->to, new) || !is_used(fetching, second, member))
		return false;
	tell(fetching, second, member);
	return true;
}

/* The head first, then all, head included, to another place. */
static bool ask_head(struct fetching *fetching, const struct fetch *first,
		     const struct fetch *second)
{
	struct flow *flow = fetching->asked->flow;
	const struct variable *variable = variable_of(fetching->fn, first->to);
	const struct record *record = variable ? record_of(flow, variable->type) : NULL;

	if (first->from != second->from || object_within(first->to, second->to) ||
	    object_within(second->to, first->to))
		return false;
	for (unsigned int i = 0; record && i < record->count; i++) {
		const char *member = record->members[i].name;
		const char *old = keep_fmt(flow, "%s.%s", first->to, member);
		const char *new = keep_fmt(flow, "%s.%s", second->to, member);

		if (is_judged_between(fetching, first, second, old) &&
		    !is_reconciled(fetching, second, old, new) &&
		    is_used(fetching, second, member)) {
			tell(fetching, second, member);
			return true;
		}
	}
	return false;
}

/* A number twice from the same place: "get_user(n, p)", "mdk_dma_read(dev, at, &n, 4)". */
static bool ask_same(struct fetching *fetching, const struct fetch *first,
		     const struct fetch *second)
{
	const struct variable *one = variable_of(fetching->fn, first->to);
	const struct variable *two = variable_of(fetching->fn, second->to);

	if (first->from != second->from || first->to == second->to || !one || !two ||
	    one->is_struct || two->is_struct || one->array || two->array || one->pointer ||
	    two->pointer || !is_judged_between(fetching, first, second, first->to) ||
	    is_reconciled(fetching, second, first->to, second->to))
		return false;
	tell(fetching, second, second->to);
	return true;
}

static void ask_pairs(struct fetching *fetching)
{
	for (unsigned int i = 0; i < fetching->count; i++)
		for (unsigned int k = 0; k < fetching->count; k++) {
			const struct fetch *first = &fetching->fetches[i];
			const struct fetch *second = &fetching->fetches[k];

			if (i == k || first->node == second->node ||
			    !leads_unchanged(fetching->fn, first->node, second->node, first->from))
				continue;
			if (ask_word(fetching, first, second) ||
			    ask_head(fetching, first, second) ||
			    ask_same(fetching, first, second))
				return;
		}
}

void ask_second_fetch(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct fetching fetching = { .asked = asked, .fn = asked->flow->functions[i] };

		if (fetching.fn->macro)
			continue;
		gather(&fetching, fetching.fn, DEPTH);
		if (fetching.count > 1)
			ask_pairs(&fetching);
	}
	ask_place_fetch(asked);
}
