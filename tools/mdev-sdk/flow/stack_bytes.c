// SPDX-License-Identifier: GPL-2.0-only
/* A struct that goes to the user with bytes that nobody set: padding, or a member. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "stack_bytes.h"

static bool has_padding(const struct record *record)
{
	unsigned long at = 0, most = 1;

	for (unsigned int i = 0; i < record->count; i++) {
		unsigned int size = size_of_member(&record->members[i]);
		char *end = NULL;
		unsigned long count = 1;

		if (record->members[i].array)
			count = strtoul(record->members[i].array, &end, 0);
		if (!size || !count || (end && *end))
			return false;
		if (at % size)
			return true;
		at += size * count;
		most = size > most ? size : most;
	}
	return at % most;
}

/* What is known of a struct while it is filled. */
struct filling {
	struct flow *flow;
	const struct record *record;
	bool whole;		/* by memset() and the like, or by somebody unknown */
	bool *set;		/* by member */
	bool pointer;		/* the struct is what it points to */
};

static void fill(struct filling *filling, const struct function *fn, const char *name,
		 unsigned int depth);

/* What follows the name, past the number of an element; NULL: it is another object. */
static const char *part_of(const char *object, const char *name)
{
	unsigned int depth = 0;
	const char *rest;

	if (!object_within(object, name))
		return NULL;
	for (rest = object + strlen(name); *rest == '[' || (*rest && depth); rest++) {
		depth += *rest == '[';
		depth -= *rest == ']';
		if (!depth && rest[1] != '[')
			return rest + 1;
	}
	return rest;
}

static void set_member(struct filling *filling, const char *part)
{
	for (unsigned int m = 0; *part == '.' && m < filling->record->count; m++)
		if (object_within(part + 1, filling->record->members[m].name))
			filling->set[m] = true;
}

/* Of "struct x y, *p = &y" the pointer is p. */
static const struct variable *alias_of(struct flow *flow, const struct function *fn,
				       const struct node *node, const char *object)
{
	const char *plain = keep(flow, object + 1, strlen(object + 1));
	const struct variable *to = variable_of(fn, *object == '*' ? plain : object);

	return to && *object == '*' && &fn->nodes[to->node] != node ? NULL : to;
}

/* "p = &x", "p = &x[i]", "p = x + i": what is set through p is set in x. */
static void fill_alias(struct filling *filling, const struct function *fn,
		       const struct node *node, const struct assign *assign, const char *name,
		       unsigned int depth)
{
	bool address = token_is(fn->file, assign->from.first, "&");
	const char *from = object_of(filling->flow, fn->file, assign->from), *part;
	const struct variable *to = alias_of(filling->flow, fn, node, assign->object);
	size_t len = strlen(name);

	if (assign->object == name || assign->from.first >= assign->from.end ||
	    strncmp(from, name, len))
		return;
	part = from[len] == '+' ? "" : part_of(from, name);
	if (!part || !(address || (filling->pointer && !*part && from[len] != '[')))
		return;
	if (*part)
		set_member(filling, part);
	else if (!to || !to->pointer || !depth)
		filling->whole = true;
	else
		fill(filling, fn, to->name, depth - 1);
}

static void fill_assigns(struct filling *filling, const struct function *fn,
			 const struct node *node, const char *name, unsigned int depth)
{
	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const char *object = node->assigns[i].object;
		const char *part = part_of(object, name);

		if ((part && !*part && (object != name || !filling->pointer)) ||
		    (*object == '*' && has_word(object + 1, name) &&
		     !alias_of(filling->flow, fn, node, object)))
			filling->whole = true;
		else if (part)
			set_member(filling, part);
		fill_alias(filling, fn, node, &node->assigns[i], name, depth);
	}
}

bool stack_only_reads(const struct call *call, const struct flow *flow)
{
	return call_row(call, family_of(flow, "copyout"), ROLE_USE) ||
	       call_row(call, family_of(flow, "capability"), ROLE_USE);
}

static void fill_call(struct filling *filling, const struct call *call, const char *name,
		      unsigned int depth)
{
	for (unsigned int i = 0; i < call->count; i++) {
		const char *object = call->objects[i], *part = part_of(object, name);

		if (!part || stack_only_reads(call, filling->flow) ||
		    call_row(call, family_of(filling->flow, "memory"), ROLE_PUT))
			continue;
		/* A member by its address is set as a whole, by whom it may be. */
		set_member(filling, part);
		if (*part)
			continue;
		if (!call->callee || !depth || i >= call->callee->nr_params)
			filling->whole = true;
		else
			fill(filling, call->callee, call->callee->params[i], depth - 1);
	}
}

static void fill(struct filling *filling, const struct function *fn, const char *name,
		 unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes && !filling->whole; i++) {
		fill_assigns(filling, fn, &fn->nodes[i], name, depth);
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++)
			fill_call(filling, &fn->nodes[i].calls[c], name, depth);
	}
}

static const char *unset_member(const struct filling *filling)
{
	for (unsigned int i = 0; i < filling->record->count; i++)
		if (!filling->set[i])
			return filling->record->members[i].name;
	return NULL;
}

/* kmalloc() gives what others have left there. */
static bool is_raw_memory(const struct function *fn, const char *name)
{
	bool raw = false;

	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int k = 0; k < fn->nodes[i].nr_calls; k++) {
			const struct call *call = &fn->nodes[i].calls[k];

			if (call->result != name)
				continue;
			if (strcmp(call->name, "kmalloc") || call->count < 2 ||
			    strstr(call->objects[1], "ZERO"))
				return false;
			raw = true;
		}
	return raw;
}

/* It goes out from the first byte to the last. */
static bool is_whole(const struct leaving *leaving, const struct touch *touch)
{
	for (unsigned int i = 0; i < touch->call->count; i++)
		if (touch->direct && token_is(leaving->fn->file, touch->call->args[i].first, "sizeof"))
			return true;
	return !touch->direct;
}

static void tell_way(const struct leaving *leaving, const char *name, const struct record *record,
		     bool pointer, unsigned int line)
{
	const char *member = stack_unset(leaving->asked->flow, leaving->fn, name, record, pointer,
					 leaving->node);

	if (member)
		report_line(leaving->asked, leaving->fn->file, line,
			    "%s goes out, and on one way nobody set its member %s", name, member);
}

static bool is_left(void *data, const struct touch *touch)
{
	const struct leaving *leaving = data;
	struct flow *flow = leaving->asked->flow;
	const char *name = object_root(flow, touch->object), *member;
	const struct variable *variable = variable_of(leaving->fn, name);
	struct filling filling = { .flow = flow };
	unsigned int line = call_line(leaving->fn, touch->call);

	if (!variable || !variable->is_struct || variable->array ||
	    (variable->pointer ? !is_raw_memory(leaving->fn, name) : variable->set))
		return false;
	/* Only a part of it goes out. */
	if (touch->family == family_of(flow, "copyout") && touch->object != name)
		return false;
	filling.record = record_of(flow, variable->type);
	if (!filling.record || filling.record->odd || !filling.record->count)
		return false;
	filling.pointer = variable->pointer;
	filling.set = calloc(filling.record->count, sizeof(*filling.set));
	fill(&filling, leaving->fn, name, 2);
	member = filling.set ? unset_member(&filling) : NULL;
	if (!filling.whole && member)
		report_line(leaving->asked, leaving->fn->file, line,
			    "%s goes out, and nobody set its member %s", name, member);
	else if (!filling.whole && has_padding(filling.record))
		report_line(leaving->asked, leaving->fn->file, line,
			    "the padding of %s goes out as it lay there", name);
	else if (!filling.whole && is_whole(leaving, touch))
		tell_way(leaving, name, filling.record, variable->pointer, line);
	free(filling.set);
	return false;
}

void ask_stack_bytes(const struct asked *asked)
{
	static const char *const ways[] = { "copyout", "capability" };

	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct leaving leaving = { .asked = asked, .fn = asked->flow->functions[i] };

		for (size_t w = 0; w < LAB_ARRAY_SIZE(ways); w++)
			for (unsigned int n = 1; n < leaving.fn->nr_nodes; n++) {
				leaving.node = n;
				node_touches(asked->flow, leaving.fn, &leaving.fn->nodes[n],
					     family_of(asked->flow, ways[w]), ROLE_USE, is_left,
					     &leaving);
			}
		ask_part_filled(asked, asked->flow->functions[i]);
		ask_fill(asked, asked->flow->functions[i]);
		ask_head_fetched(asked, asked->flow->functions[i]);
	}
}
