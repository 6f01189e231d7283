// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is got is given back on each way out on which an error leaves. Only where another way of the
 * same function gives it back: that shows whose task it is.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* DOUBT: nobody has looked at the result that is going to be returned. */
enum held { BEFORE, FRESH, HELD, DOUBT };
#define HELD_BITS 2	/* of a state; above them the goto by which this way has come */

struct kind {
	const char *family;
	bool value;	/* somebody else may keep it: a pointer that was returned */
	const char *what;
};

static const struct kind kinds[] = {
	{ "memory", true, "memory" }, { "page", true, "page" }, { "pinned", true, "pin" },
	{ "eventfd", true, "eventfd" }, { "file", true, "file" }, { "mm", true, "mm" },
	{ "vfio", true, "device" }, { "mapping", true, "mapping" }, { "bar", true, "mapping" },
	{ "kref", true, "reference" }, { "coherent", true, "memory" },
	{ "mutex", false, "lock" }, { "spin", false, "lock" }, { "reader", false, "lock" },
	{ "writer", false, "lock" }, { "instance", false, "lock" }, { "xarray", false, "lock" },
	{ "pci", false, "device" }, { "regions", false, "regions of" },
	{ "vectors", false, "vectors of" }, { "handler", false, "interrupt handler of" },
	{ "module", false, "module" }, { "pages", false, "pages pinned at" },
};

struct held_walk {
	const struct asked *asked;
	const struct kind *kind;
	int family, fails;
	unsigned int get;		/* the node */
	const struct call *call;
	bool direct;			/* the call itself gets it, and no helper */
	const char *object;
	const char *result;		/* the number that says whether it was got, or NULL */
	const char *returned;		/* the variable that the function returns, or NULL */
	bool *told;			/* by node */
	bool report;
	bool any_put, before;
};

static bool is_lock(const struct kind *kind)
{
	return !strcmp(kind->what, "lock");
}

static bool puts_it(void *data, const struct touch *touch)
{
	struct held_walk *held = data;
	const char *root = held->object;

	return object_within(touch->object, root) || object_within(root, touch->object);
}

static bool gives_back(const struct walk *walk, const struct node *node)
{
	struct held_walk *held = walk->data;

	return node_touches(walk->flow, walk->fn, node, held->family, ROLE_PUT, puts_it, held);
}

/* An argument is the object itself, or the address of a part of it. */
static bool is_handed(const struct file *file, const struct call *call, unsigned int arg,
		      const char *object)
{
	return call->objects[arg] == object ||
	       (token_is(file, call->args[arg].first, "&") &&
		object_within(call->objects[arg], object));
}

static bool keeps(const struct function *fn, const char *name, unsigned int depth);

static bool call_keeps(const struct file *file, const struct call *call, const char *object,
		       unsigned int depth, int harmless)
{
	for (unsigned int i = 0; i < call->count; i++) {
		if (!is_handed(file, call, i, object) || call_row(call, harmless, ROLE_USE))
			continue;
		if (!call->callee || i >= call->callee->nr_params || !depth ||
		    keeps(call->callee, call->callee->params[i], depth - 1))
			return true;
	}
	return false;
}

static bool is_stored(const struct function *fn, const struct assign *assign, const char *name)
{
	const struct file *file = fn->file;

	for (unsigned int i = assign->from.first; i < assign->from.end; i++) {
		bool word = file->tokens[i].kind == TOKEN_NAME &&
			    file->tokens[i].len == strlen(name) &&
			    !memcmp(file->tokens[i].at, name, file->tokens[i].len);
		bool address = i > assign->from.first && token_is(file, i - 1, "&");

		/* What a function makes of its arguments is its own matter. */
		if (file->tokens[i].kind == TOKEN_NAME && token_is(file, i + 1, "(") &&
		    file->tokens[i + 1].match) {
			i = file->tokens[i + 1].match;
			continue;
		}
		if (word && (address || !(token_is(file, i + 1, "->") ||
					  token_is(file, i + 1, ".") || token_is(file, i + 1, "["))))
			return true;
	}
	return false;
}

/* A helper that stores what it gets, or hands it on to somebody unknown. */
static bool keeps(const struct function *fn, const char *name, unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (is_stored(fn, &node->assigns[k], name))
				return true;
		for (unsigned int k = 0; k < node->nr_calls; k++)
			if (!node->calls[k].nr_rows &&
			    call_keeps(fn->file, &node->calls[k], name, depth, -2))
				return true;
		if (node->kind == NODE_RETURN && has_word(node->text, name))
			return true;
	}
	return false;
}

/* Somebody else has it from here on, or it is another one. */
static bool goes_away(const struct walk *walk, const struct node *node)
{
	const struct held_walk *held = walk->data;
	const char *root = object_root(walk->flow, held->object);
	int harmless = family_of(walk->flow, "harmless");

	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const char *object = node->assigns[i].object;
		const char *member = object_member(walk->flow, object);

		if (node != &walk->fn->nodes[held->get] &&
		    has_word(held->object, member ? member : object))
			return true;
		if ((held->kind->value || !strcmp(held->kind->family, "module")) &&
		    is_stored(walk->fn, &node->assigns[i], root))
			return true;
	}
	for (unsigned int i = 0; held->kind->value && i < node->nr_calls; i++)
		if (&node->calls[i] != held->call &&
		    call_keeps(walk->fn->file, &node->calls[i], root, 2, harmless))
			return true;
	return false;
}

static bool returns_it(const struct walk *walk, const struct node *node)
{
	const struct held_walk *held = walk->data;

	return held->kind->value &&
	       has_word(span_text(walk->flow, walk->fn->file, node->span),
			object_root(walk->flow, held->object));
}

/* Of pages the address says which they are. */
static const char *name_lost(const struct held_walk *held)
{
	bool pages = !strcmp(held->kind->family, "pages");

	return pages && held->direct && held->call->count > 1 ? held->call->objects[1] :
	       held->object;
}

/* at: the return, or the goto that led to it. */
static void tell(const struct walk *walk, unsigned int at)
{
	struct held_walk *held = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const struct file *file = walk->fn->file;
	unsigned int line = file->tokens[node->span.first - 1].line;

	if (held->told[at] || !held->report)
		return;
	held->told[at] = true;
	if (is_lock(held->kind))
		report_line(held->asked, file, line,
			    "this way out leaves with the lock %s, which another gives back",
			    held->object);
	else
		report_line(held->asked, file, line,
			    "this way out loses the %s '%s', which another gives back",
			    held->kind->what, name_lost(held));
}

static bool is_bad_return(const struct walk *walk, const struct node *node, int state)
{
	const struct held_walk *held = walk->data;
	int error = returns_error(walk, node);

	if (node->span.first == node->span.end)
		return is_lock(held->kind);
	if (error >= 0)
		return error;
	return state == DOUBT && !held->kind->value && !is_lock(held->kind) &&
	       span_text(walk->flow, walk->fn->file, node->span) == held->returned;
}

/* What "return x" gives back is from a call, and nobody looked at it. */
static int after_assigns(const struct walk *walk, const struct node *node, int state)
{
	const struct held_walk *held = walk->data;

	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const struct assign *assign = &node->assigns[i];
		bool call = false;

		if (state == FRESH && assign->object == held->result &&
		    node != &walk->fn->nodes[held->get])
			state = HELD;
		if (assign->object != held->returned || state == FRESH)
			continue;
		for (unsigned int k = 0; k < node->nr_calls; k++)
			call |= node->calls[k].result == assign->object;
		state = call ? DOUBT : HELD;
	}
	return state;
}

static bool is_held(void *data, const struct touch *touch)
{
	const struct held_walk *held = data;

	return touch->always && touch->fails == FAILS_NOT && touch->object == held->object;
}

/* Itself, or by a helper that gives it back before it returns. */
static bool takes_again(const struct walk *walk, const struct node *node)
{
	struct held_walk *held = walk->data;

	return node_touches(walk->flow, walk->fn, node, held->family, ROLE_GET, is_held, held) ||
	       node_touches(walk->flow, walk->fn, node, held->family, ROLE_TAKE, is_held, held);
}

static void tell_again(const struct walk *walk, unsigned int at)
{
	struct held_walk *held = walk->data;
	const struct file *file = walk->fn->file;

	if (held->told[at])
		return;
	held->told[at] = true;
	report_line(held->asked, file, file->tokens[walk->fn->nodes[at].span.first].line,
		    "the lock %s is held, and is taken again here", held->object);
}

static int visit_state(struct walk *walk, unsigned int at, int state, unsigned int jump)
{
	struct held_walk *held = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (held->report && state == HELD && is_lock(held->kind) &&
	    strcmp(held->kind->family, "reader") && takes_again(walk, node)) {
		tell_again(walk, at);
		return -1;
	}
	if (at == held->get)
		return state == BEFORE ? (held->fails == FAILS_NOT ? HELD : FRESH) : -1;
	if (state == BEFORE) {
		/* It is called with the lock, and takes it again after a pause. */
		held->before |= is_lock(held->kind) && gives_back(walk, node);
		return node->kind == NODE_EXIT ? -1 : state;
	}
	if (gives_back(walk, node)) {
		held->any_put = true;
		return -1;
	}
	if (goes_away(walk, node) || (node->kind == NODE_RETURN && returns_it(walk, node)))
		return -1;
	state = after_assigns(walk, node, state);
	if (node->kind == NODE_RETURN && state != FRESH && is_bad_return(walk, node, state))
		tell(walk, jump ? jump : at);
	return node->kind == NODE_EXIT ? -1 : state;
}

static int held_visit(struct walk *walk, unsigned int at, int state)
{
	unsigned int jump = (unsigned int)state >> HELD_BITS;
	bool jumps = walk->fn->nodes[at].kind == NODE_JUMP;

	state = visit_state(walk, at, state & ((1 << HELD_BITS) - 1), jump);
	if (state <= BEFORE)
		return state;
	return state | (jumps ? at : jump) << HELD_BITS;
}

/* The side of the test on which nothing was got: 1 where it is true, 0 where not, -1 unknown. */
static int failed_side(const struct walk *walk, const struct node *node)
{
	const struct held_walk *held = walk->data;
	const char *text = node->text ? node->text : "";
	const char *value = held->kind->value ? held->object : held->result;

	if (node == &walk->fn->nodes[held->get])
		return held->fails == FAILS_ZERO || held->fails == FAILS_NULL ? 0 : 1;
	if (!value || !has_word(text, object_root(walk->flow, value)))
		return -2;
	if (lab_has_prefix(text, "IS_ERR") || lab_has_prefix(text, "PTR_ERR"))
		return 1;
	if (text == value)
		return held->fails == FAILS_NEGATIVE || held->fails == FAILS_NONZERO ? 1 : 0;
	if (!strncmp(text, value, strlen(value))) {
		const char *rest = text + strlen(value);

		if (!strcmp(rest, "<0") || !strcmp(rest, "!=0") || !strcmp(rest, "==NULL") ||
		    !strcmp(rest, "<=0"))
			return 1;
		if (!strcmp(rest, "!=NULL") || !strcmp(rest, ">=0"))
			return 0;
		/* A number of pages is compared with what was asked for. */
		if (held->fails == FAILS_NEGATIVE)
			return *rest == '<' || *rest == '!' ? 1 : 0;
	}
	return -1;
}

/* "x == y" is another's, and what leads to it is there. A loop over all gives back an element. */
static bool is_possible(struct walk *walk, const struct node *node, bool taken)
{
	struct held_walk *held = walk->data;
	size_t len = strlen(held->object);
	const char *text = node->text ? node->text : "";

	if (strstr(text, "for_each") && strchr(held->object, '['))
		return false;
	if (text != held->object && object_within(held->object, text))
		return taken;
	if (held->kind->value && !strncmp(text, held->object, len) &&
	    (!strncmp(text + len, "!=", 2) || !strncmp(text + len, "==", 2)) &&
	    !has_word(text + len, "NULL"))
		return taken == (text[len] == '!');
	return true;
}

static int branch_state(struct walk *walk, unsigned int at, bool taken, int state)
{
	struct held_walk *held = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	int side;

	if (state == DOUBT && node->text && held->returned && has_word(node->text, held->returned))
		return HELD;
	if (held->kind->value && state == HELD && node->text && held->fails != FAILS_NOT &&
	    node->text == held->object && !taken)
		return -1;
	if (state >= HELD && !is_possible(walk, node, taken))
		return -1;
	if (state != FRESH)
		return state;
	side = failed_side(walk, node);
	if (side == -2)
		return state;
	if (side < 0)
		return -1;
	return taken == side ? -1 : HELD;
}

static int held_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	int jump = state & ~((1 << HELD_BITS) - 1);

	state = branch_state(walk, at, taken, state - jump);
	return state < 0 ? state : state | jump;
}

/* A variable that any return gives back. */
static const char *returned_name(struct flow *flow, const struct function *fn)
{
	const char *name = NULL;

	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		if (fn->nodes[i].kind == NODE_RETURN && fn->nodes[i].assumed >= 0)
			name = span_text(flow, fn->file, fn->nodes[i].span);
	return name;
}

static bool is_local(const struct function *fn, const char *name)
{
	for (unsigned int i = 0; i < fn->nr_variables; i++)
		if (fn->variables[i].name == name)
			return !fn->variables[i].scoped;
	return false;
}

/* What a managed device gets goes with it. */
static bool is_managed(const struct function *fn, const struct kind *kind)
{
	static const char *const kinds_of_pci[] = { "vectors", "regions", "pci", "bar" };
	bool pci = false;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(kinds_of_pci); i++)
		pci |= !strcmp(kind->family, kinds_of_pci[i]);
	for (unsigned int n = 1; pci && n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (lab_has_prefix(fn->nodes[n].calls[c].name, "pcim_"))
				return true;
	return false;
}

struct site {
	const struct asked *asked;
	struct function *fn;
	const struct kind *kind;
	unsigned int node;
	bool *told;
};

static void walk_site(const struct site *site, const struct touch *touch)
{
	struct held_walk held = {
		.asked = site->asked, .kind = site->kind, .family = touch->family,
		.fails = touch->fails, .get = site->node, .call = touch->call,
		.direct = touch->direct, .object = touch->object, .told = site->told,
		.returned = returned_name(site->asked->flow, site->fn),
		.result = touch->call->result,
	};

	/* First whether any way gives it back, then which does not. */
	for (int pass = 0; pass < 2; pass++) {
		struct walk walk = {
			.flow = site->asked->flow, .fn = site->fn, .visit = held_visit,
			.branch = held_branch, .data = &held,
		};

		held.report = pass;
		walk_from(&walk, site->fn->entry, BEFORE);
		free(walk.seen);
		if (walk.gave_up || !held.any_put || held.before)
			return;
	}
}

static bool is_kept_before(const struct site *site, const char *root)
{
	for (unsigned int i = 1; i <= site->node; i++)
		for (unsigned int k = 0; k < site->fn->nodes[i].nr_assigns; k++)
			if (strpbrk(site->fn->nodes[i].assigns[k].object, ".*[") &&
			    is_stored(site->fn, &site->fn->nodes[i].assigns[k], root))
				return true;
	return false;
}

static bool at_site(void *data, const struct touch *touch)
{
	const struct site *site = data;

	/* What a pointer that others have refers to is not lost with this function. */
	if (site->kind->value && touch->call->result == touch->object &&
	    !is_local(site->fn, touch->object))
		return false;
	if (is_managed(site->fn, site->kind) || !strcmp(touch->object, "NULL"))
		return false;
	if (site->kind->value && !touch->call->result && strcmp(site->kind->family, "kref"))
		return false;
	/* A reference for what was put into another's place before. */
	if (!strcmp(site->kind->family, "kref") &&
	    is_kept_before(site, object_root(site->asked->flow, touch->object)))
		return false;
	/* A helper that says by what it returns whether it got something. */
	if (!touch->direct && touch->object != touch->call->result && !touch->always)
		return false;
	/* A helper that may take a lock, or that has its own word for having failed. */
	if (!touch->direct && !site->kind->value && (!touch->always || touch->fails != FAILS_NOT))
		return false;
	walk_site(site, touch);
	return false;
}

void ask_balance(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		bool *told = calloc(fn->nr_nodes + 1, sizeof(*told));

		for (size_t k = 0; told && !fn->macro && k < LAB_ARRAY_SIZE(kinds); k++) {
			int family = family_of(asked->flow, kinds[k].family);

			for (unsigned int n = 1; n < fn->nr_nodes; n++) {
				struct site site = { asked, fn, &kinds[k], n, told };

				node_touches(asked->flow, fn, &fn->nodes[n], family, ROLE_GET,
					     at_site, &site);
			}
		}
		free(told);
	}
}
