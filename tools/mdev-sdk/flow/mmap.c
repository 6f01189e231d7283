// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mmap maps from the user's page for the user's length, and no comparison has both: one of each
 * lets him map what lies behind the region. Tests of helpers and of callers count.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define MAX_NAMES 16
#define DEPTH 2

/* What a function calls the length and the first page. */
struct names {
	const char *lengths[MAX_NAMES], *places[MAX_NAMES];
	unsigned int nr_lengths, nr_places;
};

struct judged {
	bool both;	/* one comparison has both */
	bool length;	/* one has the length */
	bool exact;	/* the first page is one of few */
	bool unknown;	/* somebody else's function may have looked */
};

static bool says_one(const char *text, const char *const *names, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (strpbrk(names[i], "(-") ? strstr(text, names[i]) != NULL :
		    says_object(text, names[i]))
			return true;
	return false;
}

static bool says_length(const struct names *names, const char *text)
{
	return says_one(text, names->lengths, names->nr_lengths);
}

static bool says_place(const struct names *names, const char *text)
{
	return says_one(text, names->places, names->nr_places);
}

static void add_seeds(struct flow *flow, const struct function *fn, struct names *names)
{
	for (unsigned int i = 0; i < fn->nr_params; i++) {
		const char *vma = fn->params[i];

		if (!fn->param_types[i] || strcmp(fn->param_types[i], "vm_area_struct"))
			continue;
		names_add(names->lengths, &names->nr_lengths, MAX_NAMES,
			  keep_fmt(flow, "vma_pages(%s)", vma));
		names_add(names->lengths, &names->nr_lengths, MAX_NAMES,
			  keep_fmt(flow, "%s.vm_end-%s.vm_start", vma, vma));
		names_add(names->places, &names->nr_places, MAX_NAMES,
			  keep_fmt(flow, "%s.vm_pgoff", vma));
	}
}

/* Locals that are made of them. */
static void spread(struct flow *flow, const struct function *fn, struct names *names)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];
			const char *from = object_of(flow, fn->file, assign->from);

			if (strpbrk(assign->object, ".[*"))
				continue;
			if (says_length(names, from))
				names_add(names->lengths, &names->nr_lengths, MAX_NAMES,
					  assign->object);
			if (says_place(names, from) && !strstr(from, ">>"))
				names_add(names->places, &names->nr_places, MAX_NAMES,
					  assign->object);
		}
}

static struct names names_in(struct flow *flow, const struct function *fn, unsigned int depth);

/* By which of its parameters a function gets them. */
static void add_given(const struct function *fn, const struct call *call, const struct names *outer,
		      struct names *names)
{
	for (unsigned int i = 0; i < call->count && i < fn->nr_params; i++) {
		if (says_length(outer, call->objects[i]))
			names_add(names->lengths, &names->nr_lengths, MAX_NAMES, fn->params[i]);
		if (says_place(outer, call->objects[i]))
			names_add(names->places, &names->nr_places, MAX_NAMES, fn->params[i]);
	}
}

struct caller {
	struct function *fn;
	const struct call *call;
};

static unsigned int callers_of(const struct flow *flow, const struct function *fn,
			       struct caller callers[MAX_NAMES])
{
	unsigned int count = 0;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *caller = flow->functions[i];

		for (unsigned int n = 1; n < caller->nr_nodes; n++)
			for (unsigned int c = 0; c < caller->nodes[n].nr_calls; c++)
				if (caller->nodes[n].calls[c].callee == fn && count < MAX_NAMES)
					callers[count++] = (struct caller){
						caller, &caller->nodes[n].calls[c],
					};
	}
	return count;
}

static struct names names_in(struct flow *flow, const struct function *fn, unsigned int depth)
{
	struct names names = { .nr_lengths = 0 };
	struct caller callers[MAX_NAMES];
	unsigned int count = depth ? callers_of(flow, fn, callers) : 0;

	add_seeds(flow, fn, &names);
	for (unsigned int i = 0; i < count; i++) {
		struct names outer = names_in(flow, callers[i].fn, depth - 1);

		add_given(fn, callers[i].call, &outer, &names);
	}
	for (unsigned int round = 0; round < 3; round++)
		spread(flow, fn, &names);
	return names;
}

static bool has_comparison(const struct file *file, struct span span)
{
	static const char *const signs[] = { "<", ">", "<=", ">=", "==", "!=" };

	for (unsigned int t = span.first; t < span.end; t++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++)
			if (token_is(file, t, signs[i]))
				return true;
	return false;
}

static void read_test(const struct names *names, const struct file *file, const struct node *node,
		      struct judged *judged)
{
	const char *text = node->whole;
	bool length = says_length(names, text), place = says_place(names, text);

	if (!has_comparison(file, node->span)) {
		for (unsigned int i = 0; i < names->nr_places; i++)
			judged->exact |= text == names->places[i];
		return;
	}
	judged->length |= length;
	judged->both |= length && place;
	judged->exact |= place && (strstr(text, "==") || strstr(text, "!="));
}

static void judge(struct flow *flow, const struct function *fn, const struct names *names,
		  struct judged *judged, unsigned int depth);

static void read_call(struct flow *flow, const struct names *names, const struct call *call,
		      struct judged *judged, unsigned int depth)
{
	bool length = false, place = false;

	for (unsigned int i = 0; i < call->count; i++) {
		const struct names one = *names;

		length |= says_length(&one, call->objects[i]);
		place |= says_place(&one, call->objects[i]);
	}
	if (call->callee && depth) {
		struct names inside = { .nr_lengths = 0 };

		add_seeds(flow, call->callee, &inside);
		add_given(call->callee, call, names, &inside);
		for (unsigned int round = 0; round < 3; round++)
			spread(flow, call->callee, &inside);
		if (inside.nr_lengths || inside.nr_places)
			judge(flow, call->callee, &inside, judged, depth - 1);
	} else if (length && place && !strstr(call->name, "remap") && !strstr(call->name, "dbg") &&
		   !call->nr_rows) {
		judged->unknown = true;
	}
}

static void judge(struct flow *flow, const struct function *fn, const struct names *names,
		  struct judged *judged, unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		struct node *node = &fn->nodes[n];
		const char *text = node_text(flow, fn, node);

		if (node->kind == NODE_TEST || node->kind == NODE_RETURN || strchr(text, '?') ||
		    strstr(text, "min"))
			read_test(names, fn->file, node, judged);
		for (unsigned int c = 0; c < node->nr_calls; c++)
			read_call(flow, names, &node->calls[c], judged, depth);
	}
}

static void judge_callers(struct flow *flow, const struct function *fn, struct judged *judged,
			  unsigned int depth)
{
	struct caller callers[MAX_NAMES];
	unsigned int count = depth ? callers_of(flow, fn, callers) : 0;

	for (unsigned int i = 0; i < count; i++) {
		struct names names = names_in(flow, callers[i].fn, depth - 1);

		judge(flow, callers[i].fn, &names, judged, 1);
		judge_callers(flow, callers[i].fn, judged, depth - 1);
	}
}

static bool is_mapper(const struct call *call)
{
	return call->count > 4 && (!strcmp(call->name, "remap_pfn_range") ||
				   !strcmp(call->name, "io_remap_pfn_range"));
}

static void ask_call(const struct asked *asked, const struct function *fn, const struct call *call)
{
	struct names names = names_in(asked->flow, fn, DEPTH);
	struct judged judged = { .both = false };

	if (!says_length(&names, call->objects[3]) || !says_place(&names, call->objects[2]))
		return;
	judge(asked->flow, fn, &names, &judged, DEPTH);
	judge_callers(asked->flow, fn, &judged, DEPTH);
	if (judged.length && !judged.both && !judged.exact && !judged.unknown)
		report_line(asked, fn->file, call_line(fn, call),
			    "%s() maps from the user's page for his length, and nothing compares "
			    "their sum with a size", call->name);
}

void ask_mmap(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				if (is_mapper(&fn->nodes[n].calls[c]))
					ask_call(asked, fn, &fn->nodes[n].calls[c]);
	}
}
