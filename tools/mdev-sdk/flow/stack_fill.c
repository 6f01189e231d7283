// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer that a helper fills on some of the ways on which it says that all is well; and one of
 * which the helper filled fewer elements than were asked for, and all that were asked for go out.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "stack_bytes.h"

#define DEPTH 2

/* A way through a helper on which nobody set the bytes behind a parameter. */
struct passing {
	const char *name;	/* the parameter */
	const char *flag;	/* a parameter, true or false, of which one outcome is looked at */
	bool value;
	unsigned int depth;
	bool unset;
};

static bool may_leave_unset(struct flow *flow, struct function *fn, unsigned int param,
			    unsigned int depth);

/* By whom it may be; helpers of the tree are looked at. */
static bool call_sets(const struct passing *passing, struct flow *flow, const struct call *call)
{
	for (unsigned int i = 0; i < call->count; i++) {
		if (!has_word(call->objects[i], passing->name))
			continue;
		if (stack_only_reads(call, flow) || only_logs(call->name))
			continue;
		if (call->callee && passing->depth && call->objects[i] == passing->name &&
		    i < call->callee->nr_params)
			return !may_leave_unset(flow, call->callee, i, passing->depth - 1);
		return true;
	}
	return false;
}

static bool sets(const struct passing *passing, struct flow *flow, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (has_word(node->assigns[k].object, passing->name))
			return true;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (call_sets(passing, flow, &node->calls[c]))
			return true;
	return false;
}

/* 0, or a number of bytes that its caller gave. */
static bool returns_success(const struct walk *walk, const struct node *node)
{
	const struct function *fn = walk->fn;
	int param = node->text ? param_of(fn, node->text) : -1;

	if (param >= 0)
		return fn->param_types[param] && (fn->param_unsigned[param] ||
						  !strcmp(fn->param_types[param], "size_t") ||
						  *fn->param_types[param] == 'u');
	return returns_error(walk, node) == 0;
}

static int pass_visit(struct walk *walk, unsigned int at, int state)
{
	struct passing *passing = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT || sets(passing, walk->flow, node))
		return -1;
	if (node->kind != NODE_RETURN)
		return state;
	passing->unset |= returns_success(walk, node);
	return -1;
}

static int pass_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct passing *passing = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	return passing->flag && node->text == passing->flag && taken != passing->value ? -1 : state;
}

static bool leaves_with(struct flow *flow, struct function *fn, struct passing passing)
{
	struct walk walk = {
		.flow = flow, .fn = fn, .visit = pass_visit, .branch = pass_branch,
		.data = &passing,
	};

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	return passing.unset && !walk.gave_up;
}

/* Who says by a flag which way the bytes go leaves them alone on one of the two. */
static bool may_leave_unset(struct flow *flow, struct function *fn, unsigned int param,
			    unsigned int depth)
{
	struct passing passing = { .name = fn->params[param], .depth = depth };
	bool filled = false;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		filled |= sets(&passing, flow, &fn->nodes[n]);
	if (!filled)
		return false;
	for (unsigned int p = 0; p < fn->nr_params; p++)
		if (fn->param_types[p] && !fn->param_pointers[p] && !strcmp(fn->param_types[p], "bool"))
			passing.flag = fn->params[p];
	if (!leaves_with(flow, fn, passing))
		return false;
	passing.value = true;
	return !passing.flag || leaves_with(flow, fn, passing);
}

/* All that has the buffer besides where it goes out; the helper, if it is but one. */
static const struct call *only_filler(struct flow *flow, const struct function *fn,
				      const char *buffer, unsigned int *arg)
{
	const struct call *filler = NULL;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (has_word(fn->nodes[n].assigns[k].object, buffer))
				return NULL;
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			for (unsigned int i = 0; i < call->count; i++) {
				/* Into the host a copy fills only what is written from there. */
				if (!has_word(call->objects[i], buffer) ||
				    stack_only_reads(call, flow) || strstr(call->name, "from_user"))
					continue;
				if (filler || !call->callee || call->objects[i] != buffer)
					return NULL;
				filler = call;
				*arg = i;
			}
		}
	}
	return filler;
}

static bool goes_out(void *data, const struct touch *touch)
{
	struct leaving *leaving = data;
	struct flow *flow = leaving->asked->flow;
	const struct variable *variable = variable_of(leaving->fn, touch->object);
	unsigned int arg = 0;
	const struct call *filler;

	if (!touch->direct || !variable || variable->pointer || !variable->array || variable->set)
		return false;
	filler = only_filler(flow, leaving->fn, touch->object, &arg);
	if (filler && arg < filler->callee->nr_params &&
	    may_leave_unset(flow, filler->callee, arg, DEPTH))
		report_line(leaving->asked, leaving->fn->file, call_line(leaving->fn, touch->call),
			    "%s goes out, and %s() says on one way that all is well and fills "
			    "nothing", touch->object, filler->name);
	return false;
}

/* Fewer elements. */

/* "n = min(asked, there)" of a helper that returns n. */
static bool returns_fewer(struct flow *flow, const struct function *fn, const char *asked)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];
			bool has = false, returned = false;

			for (unsigned int i = 0; i < call->count; i++)
				has |= call->objects[i] == asked;
			if (!has || !call->result || !lab_has_prefix(call->name, "min"))
				continue;
			for (unsigned int r = 1; r < fn->nr_nodes; r++)
				returned |= fn->nodes[r].kind == NODE_RETURN &&
					    fn->nodes[r].text == call->result;
			if (returned)
				return true;
		}
	(void)flow;
	return false;
}

struct fewer {
	const struct asked *asked;
	const struct function *fn;
	const struct call *filler;
	const char *buffer, *count;
};

/* The buffer and the number that was asked for go on together. */
static bool goes_on(const struct fewer *fewer, const struct call *call)
{
	struct flow *flow = fewer->asked->flow;
	bool buffer = false, count = false;

	for (unsigned int i = 0; i < call->count; i++) {
		buffer |= call->objects[i] == fewer->buffer;
		count |= has_word(call->objects[i], fewer->count);
	}
	return buffer && count && call != fewer->filler &&
	       (stack_only_reads(call, flow) ||
		(call->callee && call->callee != fewer->filler->callee));
}

static bool is_raw_memory(const struct function *fn, const char *buffer)
{
	static const char *const raw[] = { "kmalloc", "kmalloc_array", "kvmalloc", "kvmalloc_array" };
	const struct variable *variable = variable_of(fn, buffer);

	if (variable && !variable->pointer)
		return variable->array && !variable->set;
	return is_given_by(fn, buffer, raw, LAB_ARRAY_SIZE(raw));
}

static bool is_set_anew(const struct function *fn, const char *count)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == count &&
			    fn->nodes[n].nr_calls && fn->nodes[n].calls[0].callee)
				return true;
	return false;
}

static void ask_fewer(struct fewer *fewer)
{
	const struct function *fn = fewer->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (!goes_on(fewer, call))
				continue;
			report_line(fewer->asked, fn->file, call_line(fn, call),
				    "%s() takes '%s' for what %s has, and %s() may have filled less",
				    call->name, fewer->count, fewer->buffer, fewer->filler->name);
			return;
		}
}

static void at_filler(const struct asked *asked, const struct function *fn, const struct call *call)
{
	struct fewer fewer = { .asked = asked, .fn = fn, .filler = call };

	for (unsigned int b = 0; call->callee && b < call->count; b++)
		for (unsigned int c = 0; c < call->count && c < call->callee->nr_params; c++) {
			fewer.buffer = call->objects[b];
			fewer.count = call->objects[c];
			if (b == c || !is_raw_memory(fn, fewer.buffer) ||
			    call->result == fewer.count || is_constant(asked->flow, fewer.count) ||
			    strpbrk(fewer.count, "(*+-") || is_set_anew(fn, fewer.count) ||
			    !returns_fewer(asked->flow, call->callee, call->callee->params[c]))
				continue;
			ask_fewer(&fewer);
			return;
		}
}

void ask_fill(const struct asked *asked, struct function *fn)
{
	struct leaving leaving = { .asked = asked, .fn = fn };

	for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++) {
		leaving.node = n;
		node_touches(asked->flow, fn, &fn->nodes[n], family_of(asked->flow, "copyout"),
			     ROLE_USE, goes_out, &leaving);
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			at_filler(asked, fn, &fn->nodes[n].calls[c]);
	}
}
