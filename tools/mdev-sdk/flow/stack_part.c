// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer whose memory is as others have left it, of which less was filled than goes out: by a
 * loop that passes over elements, by text that is shorter, or by a copy that was cut.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "stack_bytes.h"

struct part {
	const struct asked *asked;
	struct function *fn;
	const char *buffer;
	const struct call *out;		/* where it goes out */
	const char *length;		/* of what goes out */
};

static bool is_in(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Memory that nobody has cleared: a buffer on the stack, or of these. */
static bool is_raw(const struct part *part)
{
	static const char *const raw[] = {
		"kmalloc", "kmalloc_array", "kvmalloc", "kvmalloc_array", "vmalloc", "kmalloc_node",
	};
	const struct variable *variable = variable_of(part->fn, part->buffer);
	bool found = false;

	if (!variable)
		return false;
	if (!variable->pointer)
		return variable->array && !variable->set;
	for (unsigned int n = 1; n < part->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < part->fn->nodes[n].nr_calls; k++) {
			const struct call *call = &part->fn->nodes[n].calls[k];

			if (call->result != part->buffer)
				continue;
			if (!is_in(call->name, raw, LAB_ARRAY_SIZE(raw)) ||
			    (call->count && strstr(call->objects[call->count - 1], "ZERO")))
				return false;
			found = true;
		}
	return found;
}

static bool counts_on(const struct node *node, const char *counter)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == counter)
			return true;
	return false;
}

/* From a node of a loop back to it, past all nodes that count the variable on. */
static bool passes_over(const struct function *fn, const char *counter)
{
	for (unsigned int at = 1; at < fn->nr_nodes; at++)
		if (fn->nodes[at].kind == NODE_TEST && leads_to(fn, at, at, counts_on, counter))
			return true;
	return false;
}

/* "to[nr].x = ": the variable nr, if all that is set in the buffer is set by it. */
static const char *counter_of(struct flow *flow, const struct function *fn, const char *buffer)
{
	size_t len = strlen(buffer);
	const char *counter = NULL;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const char *object = fn->nodes[n].assigns[k].object;
			const char *close, *here;

			if (!object_within(object, buffer) || object[len] != '[')
				continue;
			close = strchr(object + len, ']');
			here = keep(flow, object + len + 1,
				    close ? close - object - len - 1 : 0);
			if (here && lab_has_suffix(here, "++"))
				here = keep(flow, here, strlen(here) - 2);
			if (!variable_of(fn, here) || (counter && counter != here))
				return NULL;
			counter = here;
		}
	return counter;
}

static bool is_counted_inside(const struct function *fn, const char *counter)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == counter &&
			    !token_is(fn->file, fn->nodes[n].assigns[k].at, "="))
				return passes_over(fn, counter);
	return false;
}

static bool sets_part(const struct node *node, const char *buffer)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (object_within(node->assigns[k].object, buffer))
			return true;
	return false;
}

/* Round the loop over all elements there is a way that sets none. */
static bool skips(const struct function *fn, const char *buffer, const char *counter)
{
	for (unsigned int at = 1; at < fn->nr_nodes; at++) {
		const struct node *test = &fn->nodes[at];
		bool inside = false;

		if (test->kind != NODE_TEST || !has_word(test->text, counter) ||
		    !strpbrk(test->text, "<>") || !leads_to(fn, at, at, sets_part, buffer))
			continue;
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			inside |= sets_part(&fn->nodes[n], buffer) &&
				  leads_to(fn, at, n, NULL, NULL) &&
				  leads_to(fn, n, at, NULL, NULL);
		if (inside)
			return true;
	}
	return false;
}

static void tell(const struct part *part, const char *why)
{
	report_line(part->asked, part->fn->file, call_line(part->fn, part->out),
		    "all of %s goes out, and %s", part->buffer, why);
}

/* A call that gets the buffer and is not where it goes out or is given back. */
static int filled_by(const struct part *part, const struct call *call)
{
	struct flow *flow = part->asked->flow;

	if (call == part->out || stack_only_reads(call, flow) ||
	    call_row(call, family_of(flow, "memory"), ROLE_PUT))
		return -1;
	for (unsigned int i = 0; i < call->count; i++)
		if (call->objects[i] == part->buffer)
			return i;
	return -1;
}

/* A helper that fills what it likes and says how many. */
static bool fills_some(const struct part *part, const struct call *call, unsigned int arg)
{
	const struct function *callee = call->callee;
	const char *counter;

	if (!callee || arg >= callee->nr_params || !call->result ||
	    has_word(part->length, call->result))
		return false;
	counter = counter_of(part->asked->flow, callee, callee->params[arg]);
	return counter && is_counted_inside(callee, counter);
}

static bool fills_text(const struct part *part, const struct call *call, unsigned int arg)
{
	static const char *const names[] = {
		"snprintf", "scnprintf", "sprintf", "strscpy", "strcpy", "strlcpy", "vsnprintf",
	};

	return !arg && is_in(call->name, names, LAB_ARRAY_SIZE(names)) &&
	       (!call->result || !has_word(part->length, call->result)) &&
	       (lab_has_prefix(part->length, "sizeof") ||
		is_constant(part->asked->flow, part->length));
}

static bool made_by_min(const struct part *part, const char *name, const char *of)
{
	for (unsigned int n = 1; n < part->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < part->fn->nodes[n].nr_calls; k++) {
			const struct call *call = &part->fn->nodes[n].calls[k];

			if (call->result != name || !lab_has_prefix(call->name, "min"))
				continue;
			for (unsigned int a = 0; a < call->count; a++)
				if (call->objects[a] == of)
					return true;
		}
	return false;
}

/* "part = min(length, there); memcpy(buffer, from, part);" and then length goes out. */
static bool fills_less(const struct part *part, const struct call *call, unsigned int arg)
{
	static const char *const names[] = { "memcpy", "memmove", "memcpy_fromio", "memcpy_fromiovec" };

	return !arg && call->count > 2 && is_in(call->name, names, LAB_ARRAY_SIZE(names)) &&
	       made_by_min(part, call->objects[2], part->length);
}

/* All that fills it, and whether one of them fills it as a whole. */
static void look(const struct part *part)
{
	const char *why = NULL, *counter;
	struct function *fn = part->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_calls; k++) {
			const struct call *call = &fn->nodes[n].calls[k];
			int arg = filled_by(part, call);

			if (arg < 0)
				continue;
			if (fills_some(part, call, arg))
				why = "what fills it passes over elements";
			else if (fills_text(part, call, arg))
				why = "the text in it is shorter";
			else if (fills_less(part, call, arg))
				why = "what was copied into it was cut";
			else
				return;
		}
	counter = why ? NULL : counter_of(part->asked->flow, fn, part->buffer);
	if (counter && !has_word(part->length, counter) &&
	    (is_counted_inside(fn, counter) || skips(fn, part->buffer, counter)))
		why = "the loop that fills it passes over elements";
	if (why)
		tell(part, why);
}

static bool goes_out(void *data, const struct touch *touch)
{
	struct part part = *(const struct part *)data;

	if (!touch->direct || touch->call->count < 3)
		return false;
	part.out = touch->call;
	part.buffer = touch->object;
	part.length = touch->call->objects[touch->call->count - 1];
	if (is_raw(&part))
		look(&part);
	return false;
}

void ask_part_filled(const struct asked *asked, struct function *fn)
{
	struct part part = { .asked = asked, .fn = fn };

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		node_touches(asked->flow, fn, &fn->nodes[n], family_of(asked->flow, "copyout"),
			     ROLE_USE, goes_out, &part);
}
