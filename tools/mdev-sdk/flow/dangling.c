// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request gives back stays in its place until the end gives it back once more; and what its
 * scope gives back is given back by hand.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = { "memory", "page", "pinned", "eventfd", "file", "vfio" };

struct dangling {
	const struct asked *asked;
	struct function *fn;
	unsigned int put;
	int family;
	const char *object, *name;	/* name: by its type */
	bool stays;
};

/* A helper that is nothing but container_of(). */
static bool finds_device(const struct function *fn)
{
	return fn && fn->nr_nodes < 8 && calls_word(fn, "container_of");
}

/* The device, as operations find it. */
static bool is_device(const struct function *fn, const char *root)
{
	static const char *const names[] = { "container_of", "mdk_state", "vfio_device_data" };

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
				if (fn->nodes[n].calls[c].result == root &&
				    (!strcmp(fn->nodes[n].calls[c].name, names[i]) ||
				     finds_device(fn->nodes[n].calls[c].callee)))
					return true;
	return false;
}

/* "f(to_device(x))" */
static bool is_found_in(const struct flow *flow, const struct function *fn, const char *object)
{
	const char *open = strchr(object, '(');

	return open && finds_device(function_of(flow, keep((struct flow *)flow, object,
							   open - object), fn->file));
}

/* Or it is given to the function by who found it so. */
static bool is_given_device(const struct dangling *dangling, const char *root)
{
	const struct flow *flow = dangling->asked->flow;
	const struct function *fn = dangling->fn;
	int param = param_of(fn, root);
	bool given = false;

	for (size_t i = 0; param >= 0 && i < flow->nr_functions; i++)
		for (unsigned int n = 1; n < flow->functions[i]->nr_nodes; n++)
			for (unsigned int c = 0; c < flow->functions[i]->nodes[n].nr_calls; c++) {
				const struct call *call = &flow->functions[i]->nodes[n].calls[c];

				if (call->callee != fn || param >= (int)call->count)
					continue;
				if (!is_device(flow->functions[i], call->objects[param]) &&
				    !is_found_in(flow, flow->functions[i], call->objects[param]))
					return false;
				given = true;
			}
	return given;
}

static bool is_plain(const struct file *file, const struct assign *assign)
{
	const struct token *token = &file->tokens[assign->from.first];

	return assign->from.first + 1 == assign->from.end &&
	       (token->kind == TOKEN_NUMBER || (*token->at >= 'A' && *token->at <= 'Z') ||
		token_is(file, assign->from.first, "false") ||
		token_is(file, assign->from.first, "true"));
}

/* The place gets another value, or something of the device one that may say that it is empty. */
static bool says_so(struct flow *flow, const struct function *fn, const char *root,
		    const char *place)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (node->assigns[k].object == place ||
			    (is_plain(fn->file, &node->assigns[k]) &&
			     object_root(flow, node->assigns[k].object) == root &&
			     object_member(flow, node->assigns[k].object)))
				return true;
		for (unsigned int c = 0; c < node->nr_calls; c++)
			for (unsigned int k = 0; k < node->calls[c].count; k++)
				if (call_replaces(&node->calls[c], node->calls[c].objects[k]))
					return true;
	}
	return false;
}

static int stay_visit(struct walk *walk, unsigned int at, int state)
{
	struct dangling *dangling = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const char *member = object_member(walk->flow, dangling->object);

	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (node->calls[c].callee && changes_member(walk->flow, node->calls[c].callee,
							    member, 2))
			return -1;
	dangling->stays |= node->kind == NODE_EXIT;
	return state;
}

static bool is_named(void *data, const struct touch *touch)
{
	struct dangling *dangling = data;

	return typed_name(dangling->asked->flow, dangling->fn, touch->object) == dangling->name;
}

/* What runs at the end gives it back, whatever was before. */
static const struct function *ends_it(const struct dangling *dangling)
{
	struct flow *flow = dangling->asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct dangling other = *dangling;

		other.fn = flow->functions[i];
		if (!(other.fn->when & WHEN_END) || !is_near(other.fn, dangling->fn->file))
			continue;
		for (unsigned int n = 1; n < other.fn->nr_nodes; n++)
			if (node_touches(flow, other.fn, &other.fn->nodes[n], dangling->family,
					 ROLE_PUT, is_named, &other))
				return other.fn;
	}
	return NULL;
}

/* Another one that has it: to signal it, or to put another one there. */
static const struct function *finds_it(const struct dangling *dangling)
{
	const struct flow *flow = dangling->asked->flow;
	const char *member = object_member(dangling->asked->flow, dangling->object);

	for (size_t i = 0; i < flow->nr_functions; i++)
		if (flow->functions[i] != dangling->fn && !flow->functions[i]->macro &&
		    is_near(flow->functions[i], dangling->fn->file) &&
		    names_member(flow->functions[i], member))
			return flow->functions[i];
	return NULL;
}

/* Where it is given back, be that in a helper of the same file. */
static unsigned int put_line(const struct function *fn, const struct touch *touch)
{
	return touch->line && touch->helper->file == fn->file ? touch->line :
								call_line(fn, touch->call);
}

static bool at_put(void *data, const struct touch *touch)
{
	struct dangling dangling = *(const struct dangling *)data;
	struct flow *flow = dangling.asked->flow;
	struct function *fn = dangling.fn;
	struct walk walk = { .flow = flow, .fn = fn, .visit = stay_visit, .data = &dangling };
	const struct function *end;
	const char *root;

	dangling.object = real_object(flow, fn, touch->object);
	dangling.name = typed_name(flow, fn, dangling.object);
	root = object_root(flow, dangling.object);
	if (!runs_only(fn, WHEN_USED) || touch->emptied || !touch->always ||
	    !object_member(flow, dangling.object) ||
	    !(is_device(fn, root) || is_given_device(&dangling, root)) ||
	    says_so(flow, fn, root, dangling.object))
		return false;
	end = ends_it(&dangling);
	if (!end && dangling.family == family_of(flow, "eventfd"))
		end = finds_it(&dangling);
	if (!end)
		return false;
	walk_from(&walk, fn->nodes[dangling.put].next, 0);
	free(walk.seen);
	if (dangling.stays)
		report_line(dangling.asked, fn->file, put_line(fn, touch),
			    "%s is given back here and stays in its place, and %s() finds it "
			    "there", dangling.object, end->name);
	return false;
}

struct reset {
	const struct asked *asked;
	struct function *op, *fn;
	int family;
	const char *name;
};

/* What the guest does next asks for the place, or goes by it. */
static bool is_asked_for(const struct reset *reset)
{
	struct flow *flow = reset->asked->flow;
	const char *member = strchr(reset->name, '.');

	for (size_t i = 0; member && i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		if (!is_near(fn, reset->fn->file) || fn->when & WHEN_END || fn == reset->fn)
			continue;
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_TEST && fn->nodes[n].text &&
			    has_word(fn->nodes[n].text, member + 1) &&
			    typed_name(flow, fn, fn->nodes[n].text) == reset->name)
				return true;
	}
	return false;
}

static bool at_reset_put(void *data, const struct touch *touch)
{
	const struct reset *reset = data;
	struct reset here = *reset;
	struct flow *flow = reset->asked->flow;
	const char *member = object_member(flow, touch->object);

	here.name = typed_name(flow, reset->fn, touch->object);
	if (!member || touch->emptied || !touch->always ||
	    changes_member(flow, reset->op, member, 3) || !is_asked_for(&here))
		return false;
	report_line(reset->asked, reset->fn->file, put_line(reset->fn, touch),
		    "%s is given back here and stays in its place, where it is asked for after the "
		    "reset", touch->object);
	return false;
}

/* After a reset the guest goes on. */
static void ask_reset(void *data, struct function *fn)
{
	const struct asked *asked = data;

	if (fn->nr_params != 1 || !fn->param_types[0] || strcmp(fn->param_types[0], "mdk_dev"))
		return;
	for (size_t k = 0; k < LAB_ARRAY_SIZE(families); k++)
		for (unsigned int n = 1; n < fn->nr_nodes; n++) {
			struct reset reset = { asked, fn, fn, family_of(asked->flow, families[k]),
					       NULL };

			node_touches(asked->flow, fn, &fn->nodes[n], reset.family, ROLE_PUT,
				     at_reset_put, &reset);
		}
}

/* "x __free(kfree)" and kfree(x). */
static bool at_scoped(void *data, const struct touch *touch)
{
	struct dangling *dangling = data;
	const struct variable *variable = variable_of(dangling->fn, touch->object);

	if (!variable || !variable->scoped || !touch->always)
		return false;
	for (unsigned int n = 1; n < dangling->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < dangling->fn->nodes[n].nr_assigns; k++)
			if (n != variable->node &&
			    dangling->fn->nodes[n].assigns[k].object == variable->name)
				return false;
	report_line(dangling->asked, dangling->fn->file, call_line(dangling->fn, touch->call),
		    "%s is given back here, and once more at the end of its scope", touch->object);
	return false;
}

/* A member of what a parameter, or a pointer that nobody frees here, leads to. */
static bool outlives(struct flow *flow, const struct function *fn, const char *object)
{
	const struct variable *variable = variable_of(fn, object_root(flow, object));

	return object_member(flow, object) &&
	       (variable ? variable->pointer && !variable->scoped :
			   param_of(fn, object_root(flow, object)) >= 0);
}

/* "x __free(kfree)" and "y->z = x": the end of the scope gives back what stands there. */
static void ask_scoped(const struct asked *asked, const struct function *fn,
		       const struct variable *variable)
{
	const struct assign *stored = NULL;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (assign->object == variable->name && n != variable->node &&
			    token_is(fn->file, assign->from.first, "NULL"))
				return;
			if (outlives(asked->flow, fn, assign->object) &&
			    object_of(asked->flow, fn->file, assign->from) == variable->name)
				stored = assign;
		}
	if (stored && !calls_word(fn, "_free_ptr") && !calls_word(fn, "return_ptr") &&
	    !calls_word(fn, "retain_and_null_ptr"))
		report_line(asked, fn->file, fn->file->tokens[stored->at].line,
			    "%s is kept here, and given back at the end of its scope",
			    variable->name);
}

void ask_dangling(const struct asked *asked)
{
	each_op(asked->flow, "reset", ask_reset, (void *)asked);
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int v = 0; !fn->macro && v < fn->nr_variables; v++)
			if (fn->variables[v].scoped && fn->variables[v].pointer)
				ask_scoped(asked, fn, &fn->variables[v]);
	}
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(families); k++) {
			struct dangling dangling = {
				.asked = asked, .fn = asked->flow->functions[i],
				.family = family_of(asked->flow, families[k]),
			};
			struct function *fn = dangling.fn;

			for (dangling.put = 1; !fn->macro && dangling.put < fn->nr_nodes;
			     dangling.put++) {
				node_touches(asked->flow, fn, &fn->nodes[dangling.put],
					     dangling.family, ROLE_PUT, at_put, &dangling);
				node_touches(asked->flow, fn, &fn->nodes[dangling.put],
					     dangling.family, ROLE_PUT, at_scoped, &dangling);
			}
		}
}
