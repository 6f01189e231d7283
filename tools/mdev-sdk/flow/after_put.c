// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was freed, unpinned or put is used, given back once more, or left in its place on one way
 * while another way of the function fills the place anew.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* PENDING: it is, where the call has failed. */
enum gone { BEFORE, GONE, PENDING };

static const struct kind {
	const char *family, *done;
	bool read;	/* any use of what it points to counts */
	bool failing;	/* there may be another reference: only who fails puts its caller's */
} kinds[] = {
	{ "memory", "freed", true, false }, { "pinned", "unpinned", false, false },
	{ "eventfd", "put", false, false }, { "file", "put", false, false },
	{ "vfio", "put", true, false }, { "kref", "put", false, true },
};

struct gone_walk {
	const struct asked *asked;
	const struct kind *kind;
	int family;
	unsigned int put;
	const char *object;
	unsigned int line;	/* of the put, wherever it is */
	const struct file *file;
	bool refilled;		/* on another way */
	bool kept;
	bool told;
	const char *result;	/* of a helper that gives it back where it fails; or NULL */
	bool failing;
};

static bool is_it(void *data, const struct touch *touch)
{
	const struct gone_walk *gone = data;

	return touch->always && touch->object == gone->object;
}

/* A macro's loop gives another value to the array, or to what the subscript has. */
static bool is_stepped(const struct walk *walk, const struct node *node)
{
	const struct gone_walk *gone = walk->data;
	const char *part = gone->object, *text = node->text;

	if (node->kind != NODE_TEST || !strstr(text, "for_each"))
		return false;
	if (has_word(text, object_root(walk->flow, gone->object)))
		return true;
	while ((part = strchr(part, '[')))
		if (has_word(text, object_root(walk->flow, ++part)))
			return true;
	return false;
}

/* Another value of it, or of what leads to it. */
static bool is_changed(const struct walk *walk, const struct node *node, bool *refilled)
{
	const struct gone_walk *gone = walk->data;

	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const char *object = node->assigns[i].object;
		const char *member = object_member(walk->flow, object);

		if (object == gone->object && refilled)
			*refilled = true;
		if (object_within(gone->object, object) ||
		    has_word(gone->object, member ? member : object))
			return true;
	}
	return is_stepped(walk, node);
}

static bool sets_member(const struct function *fn, const char *member, unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		for (unsigned int k = 0; k < fn->nodes[i].nr_assigns; k++)
			if (has_word(fn->nodes[i].assigns[k].object, member))
				return true;
		for (unsigned int k = 0; k < fn->nodes[i].nr_calls; k++) {
			const struct call *call = &fn->nodes[i].calls[k];

			if (call->callee &&
			    (!depth || sets_member(call->callee, member, depth - 1)))
				return true;
		}
	}
	return false;
}

/* It gets "&x": it may put another one there. */
static bool gets_place(const struct function *fn, const struct call *call, const char *object)
{
	for (unsigned int k = 0; !call->nr_rows && k < call->count; k++) {
		unsigned int first = skip_cast(fn->file, call->args[k].first, call->args[k].end);
		const char *name = call->objects[k] + (*call->objects[k] == '&');

		if (!strcmp(name, object) && token_is(fn->file, first, "&") &&
		    !strpbrk(object, ".["))
			return true;
	}
	return false;
}

/* A call that may change it: it gets something that leads to it. */
static bool may_change(const struct walk *walk, const struct node *node)
{
	const struct gone_walk *gone = walk->data;
	const char *member = object_member(walk->flow, gone->object);
	int harmless = family_of(walk->flow, "harmless");

	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];
		bool leads = false;

		if (call_replaces(call, gone->object) || gets_place(walk->fn, call, gone->object))
			return true;
		for (unsigned int k = 0; k < call->count; k++)
			leads |= (call->objects[k] != gone->object ||
				  token_is(walk->fn->file, call->args[k].first, "&")) &&
				 object_within(gone->object, call->objects[k]);
		if (!leads || call->nr_rows || call_row(call, harmless, ROLE_USE))
			continue;
		if (!call->callee || (member && sets_member(call->callee, member, 2)))
			return true;
	}
	return false;
}

/* sizeof(*x), kzalloc_objs(x[0], n): only its type matters. */
static bool is_asked_size(const char *text, const char *hit)
{
	static const char *const words[] = { "sizeof", "typeof", "_obj", "_objs", "_flex" };

	while (hit > text && strchr("(*&", hit[-1]))
		hit--;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i]);

		if (hit >= text + len && !strncmp(hit - len, words[i], len))
			return true;
	}
	return false;
}

/* "x.y", "x[0]" or "*x" in a statement, where x is the object. */
static bool follows(const struct walk *walk, const struct node *node)
{
	const struct gone_walk *gone = walk->data;
	const char *text = object_of(walk->flow, walk->fn->file, node->span);
	size_t len = strlen(gone->object);

	for (const char *hit = text; (hit = strstr(hit, gone->object)); hit++) {
		bool start = hit == text || (!strchr("._$", hit[-1]) && (hit[-1] < '0' ||
			     (hit[-1] > '9' && hit[-1] < 'A') || (hit[-1] > 'Z' && hit[-1] < 'a') ||
			     hit[-1] > 'z'));

		if (start && (hit[len] == '.' || hit[len] == '[') && !is_asked_size(text, hit))
			return true;
	}
	return false;
}

static void tell(struct gone_walk *gone, unsigned int line, const char *what)
{
	if (!gone->told)
		report_line(gone->asked, gone->file, line, "%s was %s before, and is %s here",
			    gone->object, gone->kind->done, what);
	gone->told = true;
}

static bool is_used(struct walk *walk, const struct node *node)
{
	struct gone_walk *gone = walk->data;
	unsigned int line = walk->fn->file->tokens[node->span.first].line;

	if (node_touches(walk->flow, walk->fn, node, gone->family, ROLE_USE, is_it, gone))
		tell(gone, line, "used");
	else if (node_touches(walk->flow, walk->fn, node, gone->family, ROLE_PUT, is_it, gone))
		tell(gone, line, "given back again");
	else if (gone->kind->read && follows(walk, node))
		tell(gone, line, "used");
	return gone->told;
}

static int gone_visit(struct walk *walk, unsigned int at, int state)
{
	struct gone_walk *gone = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == gone->put && state == BEFORE)
		return is_changed(walk, node, NULL) ? -1 : gone->failing ? PENDING : GONE;
	if (state == BEFORE || at == gone->put)
		return node->kind == NODE_EXIT || state == GONE ? -1 : state;
	if (node->kind == NODE_RETURN)
		gone->kept |= !gone->kind->read || returns_error(walk, node) > 0;
	if (node->kind == NODE_EXIT)
		return -1;
	if (node->span.first == node->span.end)
		return state;
	/* Whether it failed or not, it is given back. */
	if (state == PENDING && node_touches(walk->flow, walk->fn, node, gone->family, ROLE_PUT,
					     is_it, gone))
		return is_used(walk, node) ? -1 : state;
	if (state == PENDING)
		return node->kind == NODE_RETURN ? -1 : state;
	/* "x = f(x)": first it is used. */
	if (is_used(walk, node))
		return -1;
	return is_changed(walk, node, &gone->refilled) || may_change(walk, node) ? -1 : state;
}

/* "ret = f(x); if (ret)", or the call in the test itself. */
static bool failed_here(const struct gone_walk *gone, const struct node *node, unsigned int at,
			bool taken)
{
	size_t len = gone->result ? strlen(gone->result) : 0;

	if (at == gone->put)
		return node->nr_calls == 1 && node->calls[0].at == node->span.first && taken;
	if (!len || !node->text || strncmp(node->text, gone->result, len))
		return false;
	return taken && (!node->text[len] || !strcmp(node->text + len, "<0") ||
			 !strcmp(node->text + len, "!=0"));
}

/* A test of it that tells the two cases apart leads to code that knows. */
static int gone_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct gone_walk *gone = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (state == PENDING)
		return failed_here(gone, node, at, taken) ? GONE : -1;
	return state == GONE && node->text && node->text == gone->object ? -1 : state;
}

static bool root_is_param(struct flow *flow, const struct function *fn, const char *object)
{
	const char *root = object_root(flow, object);

	for (unsigned int i = 0; i < fn->nr_params; i++)
		if (fn->params[i] == root)
			return root != object;
	return false;
}

struct site {
	const struct asked *asked;
	struct function *fn;
	const struct kind *kind;
	unsigned int node;
};

static bool at_put(void *data, const struct touch *touch)
{
	const struct site *site = data;
	struct gone_walk gone = {
		.asked = site->asked, .kind = site->kind, .family = touch->family,
		.put = site->node, .object = touch->object, .file = site->fn->file,
		.line = touch->line && touch->helper->file == site->fn->file ? touch->line :
			site->fn->file->tokens[touch->call->at].line,
	};
	struct walk walk = {
		.flow = site->asked->flow, .fn = site->fn, .visit = gone_visit,
		.branch = gone_branch, .data = &gone,
	};

	gone.failing = touch->failing && !touch->always;
	gone.result = touch->call->result;
	if (!(touch->always || touch->failing) || touch->emptied ||
	    (site->kind->failing && !gone.failing) ||
	    strpbrk(touch->object, "()?+"))
		return false;
	walk_from(&walk, site->fn->entry, BEFORE);
	free(walk.seen);
	if (!walk.gave_up && gone.kept && gone.refilled && !gone.told &&
	    root_is_param(site->asked->flow, site->fn, gone.object))
		report_line(site->asked, gone.file, gone.line,
			    "%s is %s here, and one way out leaves it in its place", gone.object,
			    gone.kind->done);
	return false;
}

void ask_after_put(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (size_t k = 0; !fn->macro && k < LAB_ARRAY_SIZE(kinds); k++)
			for (unsigned int n = 1; n < fn->nr_nodes; n++) {
				struct site site = { asked, fn, &kinds[k], n };

				node_touches(asked->flow, fn, &fn->nodes[n],
					     family_of(asked->flow, kinds[k].family), ROLE_PUT,
					     at_put, &site);
			}
	}
	ask_list_walk(asked);
	ask_dangling(asked);
	ask_put_first(asked);
	ask_last_put(asked);
	ask_count_back(asked);
}
