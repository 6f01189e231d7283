// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds a pinned page is freed, and the page stays pinned: nobody else knows of it. In the
 * function that pinned it, or at the end, where another function shows how it is given back.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "values.h"

struct holder {
	const struct asked *asked;
	struct function *fn;
	unsigned int pin;
	const char *object;	/* what the page is put into */
	const char *result;	/* of the pin */
	bool told;
};

/* own: only an unpin that gets something of the object. */
static bool unpins(const struct flow *flow, const struct node *node, const char *object, bool own)
{
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		bool gets = false, whole = false;

		for (unsigned int k = 0; k < call->count; k++) {
			gets |= object_within(call->objects[k], object);
			whole |= call->objects[k] == object;
		}
		if (own && !gets)
			continue;
		if (strstr(call->name, "unpin") ||
		    (whole && !call->nr_rows && !only_logs(call->name)) ||
		    (call->callee && reaches(call->callee, family_of(flow, "pages"), ROLE_PUT, 2)))
			return true;
	}
	return false;
}

static bool is_holder(void *data, const struct touch *touch)
{
	return touch->direct && touch->object == ((const struct holder *)data)->object;
}

static bool frees(const struct holder *holder, const struct node *node)
{
	struct flow *flow = holder->asked->flow;

	return node_touches(flow, holder->fn, node, family_of(flow, "memory"), ROLE_PUT, is_holder,
			    (void *)holder);
}

/* state 1: it is known that the pin was got. */
static int holder_visit(struct walk *walk, unsigned int at, int state)
{
	struct holder *holder = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT || at == holder->pin ||
	    unpins(walk->flow, node, holder->object, false))
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == holder->object)
			return -1;
	if (!frees(holder, node))
		return state;
	if (state && !holder->told)
		report_line(holder->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "%s is freed here, and the page that was pinned for it stays pinned",
			    holder->object);
	holder->told |= state;
	return -1;
}

/* The side on which as many were pinned as were asked for. */
static int holder_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct holder *holder = walk->data;
	const char *text = walk->fn->nodes[at].text;
	size_t len = strlen(holder->result);

	if (state || !text || strncmp(text, holder->result, len))
		return state;
	if (text[len] == '!' || text[len] == '<')
		return taken ? -1 : 1;
	if (text[len] == '=' || text[len] == '>')
		return taken ? 1 : -1;
	return -1;
}

static void ask_pin(struct holder *holder, const struct call *call)
{
	struct walk walk = {
		.flow = holder->asked->flow, .fn = holder->fn, .visit = holder_visit,
		.branch = holder_branch, .data = holder,
	};
	const struct variable *variable;

	if (strcmp(call->name, "vfio_pin_pages") || call->count < 5 || !call->result)
		return;
	holder->object = object_root(walk.flow, call->objects[4]);
	holder->result = call->result;
	variable = variable_of(holder->fn, holder->object);
	if (!variable || !variable->pointer || !object_member(walk.flow, call->objects[4]))
		return;
	walk_from(&walk, holder->fn->nodes[holder->pin].next, 0);
	free(walk.seen);
}

/* A struct that is freed in more than one place. */
struct freed {
	const struct asked *asked;
	const struct function *fn;
	const struct node *node;
	const char *type, *object;
	bool unpinned;
};

static const char *record_type(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;

	if (!declared_as(flow, fn, object, &declared) || !declared.what.pointer ||
	    !record_of(flow, declared.what.type))
		return NULL;
	return declared.what.type;
}

/* What was allocated here may hold nothing yet; what a test asks for may hold nothing. */
static bool is_plain_end(const struct freed *freed)
{
	const struct function *fn = freed->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		for (unsigned int c = 0; c < node->nr_calls; c++)
			if (node->calls[c].result == freed->object &&
			    (call_row(&node->calls[c], -1, ROLE_GET) || node->calls[c].callee))
				return false;
		if (node->kind == NODE_TEST && !strstr(node->text, "for_each") &&
		    has_word(node->text, freed->object))
			return false;
		if (strncmp(node->text ? node->text : "", "list_for_each", 13) &&
		    unpins(freed->asked->flow, node, freed->object, true))
			return false;
		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (has_word(span_text(freed->asked->flow, fn->file, node->assigns[k].from),
				     freed->object))
				return false;
	}
	return true;
}

static bool unpins_member(const struct function *fn, const char *object)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			for (unsigned int k = 0; k < call->count; k++)
				if (!strcmp(call->name, "vfio_unpin_pages") &&
				    object_within(call->objects[k], object) &&
				    call->objects[k] != object)
					return true;
		}
	return false;
}

typedef void freed_fn(struct freed *freed, void *data);

struct frees_of {
	struct freed freed;
	freed_fn *seen;
	void *data;
};

static bool at_free(void *data, const struct touch *touch)
{
	struct frees_of *of = data;

	of->freed.object = touch->object;
	of->freed.type = touch->direct ? record_type(of->freed.asked->flow, of->freed.fn,
						     touch->object) : NULL;
	if (of->freed.type)
		of->seen(&of->freed, of->data);
	return false;
}

static void each_free(const struct asked *asked, freed_fn *seen, void *data)
{
	struct flow *flow = asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *fn = flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++) {
			struct frees_of of = {
				.freed = { .asked = asked, .fn = fn, .node = &fn->nodes[n] },
				.seen = seen, .data = data,
			};

			node_touches(flow, fn, &fn->nodes[n], family_of(flow, "memory"), ROLE_PUT,
				     at_free, &of);
		}
	}
}

static void note_unpinned(struct freed *freed, void *data)
{
	struct freed *other = data;

	if (freed->type == other->type && unpins_member(freed->fn, freed->object))
		other->unpinned = true;
}

static void ask_freed(struct freed *freed, void *data)
{
	struct freed other = *freed;

	(void)data;
	if (!is_plain_end(freed))
		return;
	each_free(freed->asked, note_unpinned, &other);
	if (other.unpinned)
		report_line(freed->asked, freed->fn->file,
			    freed->fn->file->tokens[freed->node->span.first].line,
			    "%s is freed here without vfio_unpin_pages(), which another place does "
			    "first", freed->object);
}

void ask_holder(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct holder holder = { .asked = asked, .fn = asked->flow->functions[i] };

		for (holder.pin = 1; holder.pin < holder.fn->nr_nodes; holder.pin++)
			for (unsigned int c = 0; c < holder.fn->nodes[holder.pin].nr_calls; c++)
				ask_pin(&holder, &holder.fn->nodes[holder.pin].calls[c]);
	}
	each_free(asked, ask_freed, NULL);
}
