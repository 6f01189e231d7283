// SPDX-License-Identifier: GPL-2.0-only
/* What may have failed is followed, or given to who follows it, before anybody has looked. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = {
	"memory", "page", "pinned", "eventfd", "file", "queue", "ring", "thread",
};

struct unchecked {
	const struct asked *asked;
	struct function *fn;
	unsigned int get;
	const char *object;
	const struct call *call;
	bool told;
	bool error;	/* it says so by an error pointer */
};

static bool starts_word(const char *text, const char *at)
{
	char before = at == text ? ' ' : at[-1];

	return !strchr("._", before) && !(before >= '0' && before <= '9') &&
	       !(before >= 'a' && before <= 'z') && !(before >= 'A' && before <= 'Z');
}

/* "x.y", "x[0]", "*x"; what sizeof() gets is not followed. */
static bool follows(struct flow *flow, const struct function *fn, const struct node *node,
		    const char *object)
{
	const char *text = object_of(flow, fn->file, node->span);
	size_t len = strlen(object);

	for (const char *hit = text; (hit = strstr(hit, object)); hit++) {
		bool size = hit >= text + 8 && !strncmp(hit - 8, "sizeof(*", 8);
		bool field = hit >= text + 7 && !strncmp(hit - 7, "sizeof(", 7);

		if (!size && !field && starts_word(text, hit) &&
		    (hit[len] == '.' || hit[len] == '['))
			return true;
	}
	return false;
}

/* Calls that follow their first, or second, argument whatever it is. */
static bool is_copied(const struct unchecked *unchecked, const struct node *node)
{
	static const char *const names[] = {
		"memcpy", "memset", "memmove", "strscpy", "sprintf", "snprintf", "copy_from_user",
		"copy_to_user", "page_address", "mdk_pinned_read", "mdk_pinned_write",
		"mdk_pinned_sgt", "eventfd_signal", "queue_work", "mdk_ring_start",
	};

	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
			for (unsigned int k = 0;
			     k < node->calls[c].count && k < 2 &&
			     !strcmp(node->calls[c].name, names[i]); k++)
				if (node->calls[c].objects[k] == unchecked->object)
					return true;
	return false;
}

/* A helper that follows its argument, and does not test it anywhere. */
static bool helper_follows(struct unchecked *unchecked, const struct node *node)
{
	struct flow *flow = unchecked->asked->flow;

	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		const struct function *callee = call->callee;

		for (unsigned int k = 0; callee && k < call->count && k < callee->nr_params; k++) {
			bool follow = false, test = false;

			if (call->objects[k] != unchecked->object ||
			    token_is(unchecked->fn->file, call->args[k].first, "&"))
				continue;
			for (unsigned int n = 1; n < callee->nr_nodes; n++) {
				test |= callee->nodes[n].kind == NODE_TEST &&
					has_word(callee->nodes[n].text, callee->params[k]);
				follow |= follows(flow, callee, &callee->nodes[n],
						  callee->params[k]);
			}
			if (follow && !test)
				return true;
		}
	}
	return false;
}

static bool is_set(const struct unchecked *unchecked, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (object_within(unchecked->object, node->assigns[k].object))
			return true;
	return false;
}

static bool is_looked_at(const struct unchecked *unchecked, const struct node *node)
{
	static const char *const tests[] = {
		"IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR_OR_ZERO", "WARN_ON", "BUG_ON", "ZERO_OR_NULL_PTR",
	};

	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(tests); i++)
			if (!strcmp(node->calls[c].name, tests[i]))
				return true;
	return node->kind == NODE_TEST && node->text == unchecked->object;
}

/* An error is kept where others take it for a pointer. */
static void tell_kept(struct unchecked *unchecked, const struct walk *walk,
		      const struct assign *assign)
{
	if (!unchecked->error || !object_member(walk->flow, assign->object) ||
	    calls_word(walk->fn, "IS_ERR") || calls_word(walk->fn, "PTR_ERR"))
		return;
	unchecked->told = true;
	report_line(unchecked->asked, walk->fn->file, walk->fn->file->tokens[assign->at].line,
		    "%s is kept here, and nobody has looked whether %s() gave one",
		    unchecked->object, unchecked->call->name);
}

static int unchecked_visit(struct walk *walk, unsigned int at, int state)
{
	struct unchecked *unchecked = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (unchecked->told || node->kind == NODE_EXIT || is_looked_at(unchecked, node))
		return -1;
	if (node->span.first < node->span.end &&
	    (follows(walk->flow, walk->fn, node, unchecked->object) ||
	     is_copied(unchecked, node) || helper_follows(unchecked, node))) {
		unchecked->told = true;
		report_line(unchecked->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "%s is used here, and nobody has looked whether %s() gave one",
			    unchecked->object, unchecked->call->name);
		return -1;
	}
	/* A test that asks for something else as well, or another name for it. */
	if (is_set(unchecked, node) ||
	    (node->kind == NODE_TEST && says_object(node->text, unchecked->object)))
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (is_stored(walk->fn, &node->assigns[k], unchecked->object)) {
			tell_kept(unchecked, walk, &node->assigns[k]);
			return -1;
		}
	return state;
}

static bool cannot_fail(const struct function *fn, const struct call *call)
{
	for (unsigned int i = 0; i < call->count; i++)
		for (unsigned int t = call->args[i].first; t < call->args[i].end; t++)
			if (token_is(fn->file, t, "__GFP_NOFAIL"))
				return true;
	return false;
}

static bool at_get(void *data, const struct touch *touch)
{
	struct unchecked *unchecked = data;
	struct walk walk = {
		.flow = unchecked->asked->flow, .fn = unchecked->fn, .visit = unchecked_visit,
		.data = unchecked,
	};
	const struct node *node = &unchecked->fn->nodes[unchecked->get];

	if ((touch->fails != FAILS_NULL && touch->fails != FAILS_ERR) || !touch->direct ||
	    touch->call->result != touch->object || node->kind != NODE_EXPR ||
	    !strcmp(touch->object, "=") || cannot_fail(unchecked->fn, touch->call))
		return false;
	unchecked->object = touch->object;
	unchecked->call = touch->call;
	unchecked->told = false;
	unchecked->error = touch->fails == FAILS_ERR;
	walk_from(&walk, node->next, 0);
	free(walk.seen);
	return false;
}

void ask_unchecked(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct unchecked unchecked = { .asked = asked, .fn = asked->flow->functions[i] };

		for (size_t k = 0; !unchecked.fn->macro && k < LAB_ARRAY_SIZE(families); k++)
			for (unchecked.get = 1; unchecked.get < unchecked.fn->nr_nodes;
			     unchecked.get++) {
				const struct node *node = &unchecked.fn->nodes[unchecked.get];
				int family = family_of(asked->flow, families[k]);

				node_touches(asked->flow, unchecked.fn, node, family, ROLE_GET,
					     at_get, &unchecked);
				node_touches(asked->flow, unchecked.fn, node, family, ROLE_START,
					     at_get, &unchecked);
			}
	}
	ask_half_checked(asked);
}
