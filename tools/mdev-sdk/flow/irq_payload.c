// SPDX-License-Identifier: GPL-2.0-only
/*
 * The payload of SET_IRQS is read on a way on which the user sent none: with count 0 there is no
 * memory for it, and the pointer is NULL. Followed into helpers, by what is 0 and what is NULL.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define MAX_NAMES 8
#define DEPTH 4

struct payload {
	const struct asked *asked;
	struct function *fn;
	const char *nulls[MAX_NAMES];	/* pointers that are NULL */
	const char *zeros[MAX_NAMES];	/* numbers that are 0 */
	unsigned int nr_nulls, nr_zeros, depth;
	bool told;
};

static bool says_zero(const struct payload *payload, const char *text)
{
	for (unsigned int i = 0; i < payload->nr_zeros; i++)
		if (says_object(text, payload->zeros[i]))
			return true;
	return false;
}

/* "*data", "data[0]", "data.x" */
static bool reads_it(const struct payload *payload, const char *text)
{
	for (unsigned int i = 0; i < payload->nr_nulls; i++) {
		const char *name = payload->nulls[i];
		size_t len = strlen(name);

		for (const char *hit = text; (hit = strstr(hit, name)); hit++) {
			bool starts = hit == text || !(hit[-1] == '_' || hit[-1] == '.' ||
				      (hit[-1] >= '0' && hit[-1] <= '9') ||
				      (hit[-1] >= 'a' && hit[-1] <= 'z'));
			bool star = hit > text && hit[-1] == '*' &&
				    (hit == text + 1 || strchr("=(,!?:&|+-<>", hit[-2]));

			if (starts && (hit[len] == '[' || hit[len] == '.' ||
				       (star && !(hit[len] == '_' || (hit[len] >= 'a' &&
								     hit[len] <= 'z')))))
				return true;
		}
	}
	return false;
}

/* Declared, "u8 *x = data": a star that only declares. */
static bool only_declares(const struct payload *payload, const struct node *node)
{
	for (unsigned int i = 0; i < payload->fn->nr_variables; i++)
		if (&payload->fn->nodes[payload->fn->variables[i].node] == node)
			return true;
	return false;
}

static int payload_visit(struct walk *walk, unsigned int at, int state);
static int payload_branch(struct walk *walk, unsigned int at, bool taken, int state);

static bool walk_payload(struct payload *payload, unsigned int from)
{
	struct walk walk = {
		.flow = payload->asked->flow, .fn = payload->fn, .visit = payload_visit,
		.branch = payload_branch, .data = payload,
	};

	walk_from(&walk, from ? payload->fn->nodes[from].next : payload->fn->entry, 0);
	free(walk.seen);
	return payload->told;
}

static void enter(struct payload *payload, const struct call *call)
{
	struct payload inside = {
		.asked = payload->asked, .fn = call->callee, .depth = payload->depth + 1,
	};

	if (!call->callee || payload->depth >= DEPTH)
		return;
	for (unsigned int i = 0; i < call->count && i < call->callee->nr_params; i++) {
		if (names_have(payload->nulls, payload->nr_nulls, call->objects[i]))
			names_add(inside.nulls, &inside.nr_nulls, MAX_NAMES,
				  call->callee->params[i]);
		for (unsigned int z = 0; z < payload->nr_zeros; z++) {
			const char *zero = payload->zeros[z], *given = call->objects[i];

			if (*given && object_within(zero, given))
				names_add(inside.zeros, &inside.nr_zeros, MAX_NAMES,
					  keep_fmt(payload->asked->flow, "%s%s",
						   call->callee->params[i], zero + strlen(given)));
		}
	}
	if (inside.nr_nulls)
		payload->told |= walk_payload(&inside, NO_NODE);
}

/* Another name for it, or another value. */
static int after_assigns(struct payload *payload, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const struct assign *assign = &node->assigns[k];
		const char *from = object_of(payload->asked->flow, payload->fn->file, assign->from);

		if (names_have(payload->nulls, payload->nr_nulls, assign->object) &&
		    strcmp(from, "NULL"))
			return -1;
		if (names_have(payload->nulls, payload->nr_nulls, from))
			names_add(payload->nulls, &payload->nr_nulls, MAX_NAMES, assign->object);
		if (names_have(payload->zeros, payload->nr_zeros, from))
			names_add(payload->zeros, &payload->nr_zeros, MAX_NAMES, assign->object);
	}
	return 0;
}

static int payload_visit(struct walk *walk, unsigned int at, int state)
{
	struct payload *payload = walk->data;
	struct node *node = &walk->fn->nodes[at];
	const char *text;

	if (node->kind == NODE_EXIT || payload->told)
		return -1;
	if (node->span.first >= node->span.end)
		return state;
	text = node_text(walk->flow, walk->fn, node);
	if (reads_it(payload, text) && !only_declares(payload, node) && !says_zero(payload, text) &&
	    !strchr(text, '?')) {
		payload->told = true;
		report_line(payload->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "the payload is read although count may be 0, and then it is NULL");
		return -1;
	}
	for (unsigned int i = 0; i < node->nr_calls; i++)
		enter(payload, &node->calls[i]);
	return payload->told || after_assigns(payload, node) < 0 ? -1 : state;
}

/* What "count OP n" is where count is 0; -1: that is not known. */
static int with_zero(const struct payload *payload, const struct node *node)
{
	static const struct sign {
		const char *text;
		int least, more;	/* for n = 0, and for n > 0 */
	} signs[] = {
		{ "<", 0, 1 }, { "<=", 1, 1 }, { ">", 0, 0 }, { ">=", 1, 0 }, { "==", 1, 0 },
		{ "!=", 0, 1 },
	};
	struct flow *flow = payload->asked->flow;
	const struct file *file = payload->fn->file;
	unsigned int first = node->span.first;

	if (names_have(payload->zeros, payload->nr_zeros, node->whole))
		return 0;
	for (unsigned int t = first + 1; t + 1 < node->span.end; t++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++) {
			const char *left = object_of(flow, file, (struct span){ first, t });
			struct span right = { t + 1, node->span.end };
			long long most;

			if (!token_is(file, t, signs[i].text))
				continue;
			/* "i < count", "i < start + count": a loop that does nothing. */
			if (*signs[i].text == '<' && !signs[i].text[1] &&
			    says_zero(payload, object_of(flow, file, right)))
				return 0;
			most = most_of(flow, file, right, NULL);
			if (!names_have(payload->zeros, payload->nr_zeros, left) || most < 0)
				return -1;
			return most ? signs[i].more : signs[i].least;
		}
	return -1;
}

static int payload_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	struct payload *payload = walk->data;
	struct node *node = &walk->fn->nodes[at];
	int outcome;

	if (node->kind != NODE_TEST)
		return state;
	node_text(walk->flow, walk->fn, node);
	outcome = with_zero(payload, node);
	for (unsigned int i = 0; i < payload->nr_nulls; i++)
		if (node->whole == payload->nulls[i])
			outcome = 0;
	return outcome >= 0 && outcome != taken ? -1 : state;
}

/* The numbers that are 0: count of the request, and the size that is computed from it. */
static void add_zeros(struct payload *payload)
{
	const struct function *fn = payload->fn;

	for (unsigned int i = 0; i < fn->nr_variables; i++)
		if (fn->variables[i].is_struct && !strcmp(fn->variables[i].type, "vfio_irq_set"))
			names_add(payload->zeros, &payload->nr_zeros, MAX_NAMES,
				  keep_fmt(payload->asked->flow, "%s.count", fn->variables[i].name));
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (!strcmp(call->name, "vfio_set_irqs_validate_and_prepare") &&
			    call->count > 3)
				names_add(payload->zeros, &payload->nr_zeros, MAX_NAMES,
					  call->objects[3]);
		}
}

static bool is_copied(const struct function *fn, const char *name)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].result == name &&
			    strstr(fn->nodes[n].calls[c].name, "memdup"))
				return true;
	return false;
}

/* "void *data = NULL", which only a payload fills. */
static bool starts_null(const struct function *fn, const struct variable *variable)
{
	const struct node *node = &fn->nodes[variable->node];

	for (unsigned int k = 0; variable->pointer && k < node->nr_assigns; k++)
		if (node->assigns[k].object == variable->name &&
		    token_is(fn->file, node->assigns[k].from.first, "NULL"))
			return is_copied(fn, variable->name);
	return false;
}

void ask_irq_payload(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int v = 0; !fn->macro && v < fn->nr_variables; v++) {
			struct payload payload = { .asked = asked, .fn = fn };

			if (!starts_null(fn, &fn->variables[v]))
				continue;
			names_add(payload.nulls, &payload.nr_nulls, MAX_NAMES,
				  fn->variables[v].name);
			add_zeros(&payload);
			if (payload.nr_zeros)
				walk_payload(&payload, fn->variables[v].node);
		}
	}
}
