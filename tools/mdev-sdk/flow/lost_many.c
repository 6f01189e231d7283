// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loop takes references into an array of its caller, and one that fails ends it: those before are
 * nobody's, where the caller leaves at once.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = { "eventfd", "file", "page", "pinned" };

struct many {
	const struct asked *asked;
	struct function *fn;
	int family;
	unsigned int get;
	const char *object;	/* what was got */
	const char *array;	/* the parameter, or the variable, that keeps them */
};

/* The array of which an element gets the object, or is it. */
static const char *array_of(const struct many *many, const char *object)
{
	const char *root = object_root(many->asked->flow, object);
	const char *bracket = strchr(object, '[');

	return bracket && (size_t)(bracket - object) == strlen(root) ? root : NULL;
}

static const char *kept_in(const struct many *many)
{
	const char *own = array_of(many, many->object);

	for (unsigned int n = 1; !own && n < many->fn->nr_nodes; n++)
		for (unsigned int k = 0; !own && k < many->fn->nodes[n].nr_assigns; k++)
			if (is_stored(many->fn, &many->fn->nodes[n].assigns[k], many->object))
				own = array_of(many, many->fn->nodes[n].assigns[k].object);
	return own;
}

/* Where it leads that the call failed, by the test right behind it: of a pointer, or a number. */
static unsigned int failed_side(const struct node *test, const char *result, bool pointer)
{
	if (test->kind != NODE_TEST || !test->text || !result)
		return NO_NODE;
	if (pointer)
		return tests_absent(test, result, true) ? test->next :
		       tests_absent(test, result, false) ? test->other : NO_NODE;
	return test->text == result || (has_word(test->text, result) &&
					lab_has_suffix(test->text, "<0")) ? test->next : NO_NODE;
}

/* A return at once there. */
static unsigned int leaves_at_once(const struct function *fn, unsigned int call,
				   const char *result, bool pointer)
{
	unsigned int at = past_joins(fn, fn->nodes[call].next);
	unsigned int to = failed_side(&fn->nodes[at], result, pointer);

	to = to ? past_joins(fn, to) : NO_NODE;
	return fn->nodes[to].kind == NODE_RETURN ? to : NO_NODE;
}

/* A caller that has the array as a variable of its own, and leaves when the loop has failed. */
static bool caller_leaves(const struct many *many, int param)
{
	const struct flow *flow = many->asked->flow;
	bool leaves = false;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
				const struct call *call = &fn->nodes[n].calls[c];
				const struct variable *variable;

				if (call->callee != many->fn || (int)call->count <= param)
					continue;
				variable = variable_of(fn, call->objects[param]);
				if (!variable || !variable->array ||
				    !leaves_at_once(fn, n, call->result, false))
					return false;
				leaves = true;
			}
	}
	return leaves;
}

static bool is_in_loop(const struct function *fn, unsigned int node)
{
	bool *after = nodes_after(fn, node), again = after && after[node];

	free(after);
	return again;
}

static void ask_get(const struct many *of, const char *object)
{
	struct many many = *of;
	struct function *fn = many.fn;
	const struct variable *variable;
	unsigned int leaves;
	int param;

	many.object = object;
	many.array = kept_in(&many);
	leaves = many.array ? leaves_at_once(fn, many.get, object, true) : NO_NODE;
	if (!leaves || !is_in_loop(fn, many.get) || reaches(fn, many.family, ROLE_PUT, 2))
		return;
	variable = variable_of(fn, many.array);
	param = param_of(fn, many.array);
	if (param >= 0 ? caller_leaves(&many, param) : variable && variable->array)
		report_line(many.asked, fn->file,
			    fn->file->tokens[fn->nodes[leaves].span.first].line,
			    "this way out loses what '%s' got in the loop before", many.array);
}

/* A helper that gets it. */
static bool at_get(void *data, const struct touch *touch)
{
	if (!touch->direct && touch->object == touch->call->result)
		ask_get(data, touch->object);
	return false;
}

/* What a call returns goes to it: "x = f()", "x = y ? NULL : f()". */
static const char *result_of(const struct node *node, const struct call *call)
{
	for (unsigned int k = 0; k < node->nr_assigns && !call->result; k++)
		if (call->at >= node->assigns[k].from.first && call->at < node->assigns[k].from.end)
			return node->assigns[k].object;
	return call->result;
}

static void ask_node(const struct many *many)
{
	const struct node *node = &many->fn->nodes[many->get];

	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		const struct name_row *row = call_row(call, many->family, ROLE_GET);
		const char *result = row && row->arg == ARG_RESULT ? result_of(node, call) : NULL;

		if (result)
			ask_get(many, result);
	}
	node_touches(many->asked->flow, many->fn, node, many->family, ROLE_GET, at_get,
		     (void *)many);
}

static bool is_saved(struct flow *flow, const struct function *fn, const char *object)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (object_of(flow, fn->file, fn->nodes[n].assigns[k].from) == object)
				return true;
	return false;
}

/* "x = krealloc(x, n)": where it fails, nobody has what x was. */
static void ask_grown(const struct asked *asked, const struct function *fn, const struct call *call)
{
	static const char *const names[] = {
		"krealloc", "krealloc_array", "kvrealloc", "devm_krealloc",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++) {
		unsigned int arg = lab_has_prefix(names[i], "devm");

		if (!strcmp(call->name, names[i]) && call->count > arg &&
		    call->result == call->objects[arg] &&
		    !is_saved(asked->flow, fn, call->result))
			report_line(asked, fn->file, call_line(fn, call),
				    "where %s() fails, %s is lost: NULL takes its place",
				    call->name, call->result);
	}
}

static void ask_calls(const struct asked *asked, const struct function *fn)
{
	for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].result)
				ask_grown(asked, fn, &fn->nodes[n].calls[c]);
}

void ask_lost_many(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		ask_calls(asked, asked->flow->functions[i]);
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(families); k++) {
			struct many many = {
				.asked = asked, .fn = asked->flow->functions[i],
				.family = family_of(asked->flow, families[k]),
			};

			for (many.get = 1; !many.fn->macro && many.get < many.fn->nr_nodes;
			     many.get++)
				ask_node(&many);
		}
}
