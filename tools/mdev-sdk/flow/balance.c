// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is got is given back on each way out on which an error leaves. Only where another way of the
 * same function gives it back: that shows whose task it is.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "balance.h"
#include "questions.h"

static const struct kind kinds[] = {
	{ "memory", true, "memory" }, { "page", true, "page" }, { "pinned", true, "pin" },
	{ "eventfd", true, "eventfd" }, { "file", true, "file" }, { "mm", true, "mm" },
	{ "vfio", true, "device" }, { "mapping", true, "mapping" }, { "bar", true, "mapping" },
	{ "kref", true, "reference" }, { "coherent", true, "memory" },
	{ "mutex", false, "lock" }, { "spin", false, "lock" }, { "reader", false, "lock" },
	{ "writer", false, "lock" }, { "instance", false, "lock" }, { "xarray", false, "lock" },
	{ "pci", false, "device" }, { "regions", false, "regions of" },
	{ "vectors", false, "vectors of" }, { "handler", false, "interrupt handler of" },
	{ "kmap", true, "mapping" }, { "number", true, "number" },
	{ "descriptor", true, "descriptor" }, { "power", false, "use of" },
	{ "pcidev", true, "device" }, { "iommugroup", true, "group" },
	{ "workers", true, "queue" }, { "runner", true, "thread" },
	{ "misc", false, "registration of" }, { "parent", false, "registration of" },
	{ "driver", false, "registration of" },
	{ "module", false, "module" }, { "pages", false, "pages pinned at" },
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

bool gives_back(const struct walk *walk, const struct node *node)
{
	struct held_walk *held = walk->data;

	if (held->undo && held->undo[node - walk->fn->nodes])
		return true;
	if (held->place &&
	    node_puts_place(walk->flow, walk->fn, node, held->family, held->place, 2))
		return true;
	return node_touches(walk->flow, walk->fn, node, held->family, ROLE_PUT, puts_it, held);
}

/* Of a place: itself, or what leads to the only one. */
static bool is_replaced(const struct walk *walk, const char *object)
{
	const struct held_walk *held = walk->data;

	return place_name(walk->flow, walk->fn, object) == held->place ||
	       (!held->many && object == object_root(walk->flow, held->object));
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
		    (held->place ? is_replaced(walk, object) :
		     has_word(held->object, member ? member : object)))
			return true;
		if ((held->kind->value || !strcmp(held->kind->family, "module")) &&
		    is_stored(walk->fn, &node->assigns[i], root))
			return true;
	}
	for (unsigned int i = 0; held->kind->value && i < node->nr_calls; i++) {
		/* What cannot be given back any more is left on purpose. */
		if (strstr(node->calls[i].name, "_leak_"))
			return true;
		if (&node->calls[i] != held->call &&
		    call_keeps(walk->fn->file, &node->calls[i], root, 2, harmless))
			return true;
	}
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

/* Another return of the same words comes behind a way that gives it back. */
static bool others_let_go(const struct walk *walk, const struct node *node)
{
	const struct function *fn = walk->fn;
	const char *words = span_text(walk->flow, fn->file, node->span);
	bool found = false;

	for (unsigned int n = 1; !found && n < fn->nr_nodes; n++) {
		bool *after = gives_back(walk, &fn->nodes[n]) ? nodes_after(fn, n) : NULL;

		for (unsigned int r = 1; after && r < fn->nr_nodes; r++)
			found |= after[r] && &fn->nodes[r] != node &&
				 fn->nodes[r].kind == NODE_RETURN &&
				 span_text(walk->flow, fn->file, fn->nodes[r].span) == words;
		free(after);
	}
	return found;
}

static bool is_bad_return(const struct walk *walk, const struct node *node, int state)
{
	const struct held_walk *held = walk->data;
	int error = returns_error(walk, node);

	if (node->span.first == node->span.end)
		return is_lock(held->kind);
	if (error >= 0)
		return error;
	/* A number, of which nobody knows whether it says that the lock is the caller's now. */
	if (is_lock(held->kind))
		return others_let_go(walk, node);
	return state == DOUBT && !held->kind->value &&
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
	if (at == held->get && state == BEFORE)
		return held->fails == FAILS_NOT ? HELD : FRESH;
	/* Once more, for the next element: those before are still held. */
	if (at == held->get)
		return held->many && state == HELD ? state : -1;
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

/* What a module's init or a probe registers: what ends it is its exit, or the removal. */
static bool is_registered(const struct site *site, const struct touch *touch)
{
	struct flow *flow = site->asked->flow;
	const char *root = object_root(flow, touch->object);

	if (site->kind->value || strncmp(site->kind->what, "registration", 12) ||
	    variable_of(site->fn, root) || param_of(site->fn, root) >= 0)
		return false;
	return ended_by_other(flow, site->fn, touch->family,
			      place_name(flow, site->fn, touch->object));
}

/* A local has it: whose task it is needs nobody to show. */
static bool is_own(const struct site *site, const struct touch *touch)
{
	static const char *const families[] = { "eventfd", "file", "pinned", "descriptor" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++)
		if (!strcmp(site->kind->family, families[i]))
			return touch->direct && touch->call->result == touch->object &&
			       is_local(site->fn, touch->object);
	return false;
}

/* What a pointer that others have refers to is lost only where it is somebody's to give back. */
static bool find_place(const struct site *site, const struct touch *touch, struct held_walk *held)
{
	struct flow *flow = site->asked->flow;
	const char *place = place_name(flow, site->fn, touch->object);
	bool member = place_of_object(flow, site->fn, touch->object);
	bool undone;

	held->any_put = is_registered(site, touch) || is_own(site, touch);
	if (!site->kind->value || touch->call->result != touch->object ||
	    is_local(site->fn, touch->object))
		return true;
	if (!member && !is_local(site->fn, place))
		return false;
	undone = undone_later(flow, site->fn, touch->family, place, site->node);
	if (!undone && !ended_by_other(flow, site->fn, touch->family, place))
		return false;
	held->any_put = true;
	held->place = place;
	held->many = strchr(real_object(flow, site->fn, touch->object), '[');
	held->undo = undo_loops(flow, site->fn, touch->family, place, site->node);
	return held->undo;
}

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
	if (!find_place(site, touch, &held))
		return;
	for (int pass = held.any_put; pass < 2; pass++) {
		struct walk walk = {
			.flow = site->asked->flow, .fn = site->fn, .visit = held_visit,
			.branch = held_branch, .data = &held,
		};

		held.report = pass;
		walk_from(&walk, site->fn->entry, BEFORE);
		free(walk.seen);
		if (walk.gave_up || !held.any_put || held.before)
			break;
	}
	free(held.undo);
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

	if (is_managed(site->fn, site->kind) || !strcmp(touch->object, "NULL"))
		return false;
	if (!is_lock(site->kind) && goes_with_whole(site->asked->flow, site->fn, touch))
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
	ask_relock(asked);
	ask_unlock(asked);
	ask_holder(asked);
	ask_lost_many(asked);
}
