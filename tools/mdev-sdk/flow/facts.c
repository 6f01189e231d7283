// SPDX-License-Identifier: GPL-2.0-only
/* What functions do to what they are given, by the table of names and by their own calls. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

#define ROUNDS 5	/* helpers of helpers */
#define MAX_EFFECTS 100
#define MAX_OBJECT 60	/* what recursion makes of "$0.next.next" ends here */

/* One of the same file comes before one of another; two of other files are none. */
struct function *function_of(const struct flow *flow, const char *name, const struct file *near)
{
	size_t low = 0, high = flow->nr_functions;
	struct function *hit = NULL;
	unsigned int count = 0;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (flow->functions[mid]->name < name)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < flow->nr_functions && flow->functions[low]->name == name; low++) {
		if (flow->functions[low]->file == near)
			return flow->functions[low];
		hit = flow->functions[low];
		count++;
	}
	return count == 1 ? hit : NULL;
}

const char *node_text(struct flow *flow, const struct function *fn, struct node *node)
{
	if (!node->whole)
		node->whole = object_of(flow, fn->file, node->span);
	return node->whole;
}

const struct record *record_of(const struct flow *flow, const char *name)
{
	for (size_t i = 0; i < flow->nr_records; i++)
		if (flow->records[i].name == name)
			return &flow->records[i];
	return NULL;
}

/* "$1.lock" by the name that the caller has for argument 1; NULL: it gives none. */
static const char *by_caller(struct flow *flow, const struct file *file, const char *text,
			     const struct call *call)
{
	const char *dollar = strchr(text, '$');
	unsigned int arg = dollar ? dollar[1] - '0' : 0;
	bool address;

	if (!strcmp(text, "="))
		return call->result;
	if (!dollar || arg >= call->count)
		return NULL;
	/* Who is given &x and follows it has x. */
	address = dollar > text && dollar[-1] == '*' &&
		  token_is(file, call->args[arg].first, "&");
	return keep_fmt(flow, "%.*s%s%s", (int)(dollar - text - address), text,
			call->objects[arg], dollar + 2);
}

/* x[i] where i is its own: the caller has no name for that. */
static bool has_own_subscript(struct flow *flow, const struct function *fn, const char *object)
{
	const char *part = object;

	while ((part = strchr(part, '[')))
		if (variable_of(fn, object_root(flow, ++part)))
			return true;
	return false;
}

/* The object by the number of the parameter that it begins with, or NULL. */
static const char *by_param(struct flow *flow, const struct function *fn, const char *object)
{
	const char *root = object_root(flow, object), *at = strstr(object, root);

	if (has_own_subscript(flow, fn, object))
		return NULL;
	for (unsigned int i = 0; *root && i < fn->nr_params; i++)
		if (fn->params[i] == root)
			return keep_fmt(flow, "%.*s$%u%s", (int)(at - object), object, i,
					at + strlen(root));
	return NULL;
}

static bool touch_rows(const struct flow *flow, const struct call *call, int family, int role,
		       touched_fn *touched, void *data)
{
	for (unsigned int i = 0; i < call->nr_rows; i++) {
		const struct name_row *row = &call->rows[i];
		struct touch touch = {
			.family = row->family, .role = row->role, .fails = row->fails,
			.call = call, .always = true, .direct = true,
		};

		if ((family >= 0 && row->family != family) || (role >= 0 && row->role != role))
			continue;
		touch.object = row->arg == ARG_RESULT ? call->result :
			       row->arg < (int)call->count ? call->objects[row->arg] : NULL;
		if (touch.object && !is_constant(flow, touch.object) && touched(data, &touch))
			return true;
	}
	return false;
}

/* Who takes a lock and lets go of it does nothing to it. */
static bool is_undone(const struct function *fn, const struct effect *effect)
{
	int other = effect->role == ROLE_GET ? ROLE_PUT : ROLE_GET;

	if (effect->role != ROLE_GET && effect->role != ROLE_PUT)
		return false;
	for (unsigned int i = 0; i < fn->nr_effects; i++)
		if (fn->effects[i].family == effect->family && fn->effects[i].role == other &&
		    fn->effects[i].object == effect->object)
			return true;
	return false;
}

static bool touch_effects(struct flow *flow, const struct function *fn, const struct call *call,
			  int family, int role, touched_fn *touched, void *data)
{
	const struct function *callee = call->callee;

	for (unsigned int i = 0; callee && i < callee->nr_effects; i++) {
		const struct effect *effect = &callee->effects[i];
		struct touch touch = {
			.family = effect->family, .role = effect->role, .fails = effect->fails,
			.call = call, .always = effect->always, .emptied = effect->emptied,
			.failing = effect->failing,
			.line = effect->line, .helper = callee,
		};

		if ((family >= 0 && effect->family != family) ||
		    (role >= 0 && effect->role != role))
			continue;
		if (is_undone(callee, effect))
			continue;
		touch.object = by_caller(flow, fn->file, effect->object, call);
		if (touch.object && !is_constant(flow, touch.object) && touched(data, &touch))
			return true;
	}
	return false;
}

bool node_touches(struct flow *flow, const struct function *fn, const struct node *node, int family,
		  int role, touched_fn *touched, void *data)
{
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];

		if (call->nr_rows ? touch_rows(flow, call, family, role, touched, data) :
		    touch_effects(flow, fn, call, family, role, touched, data))
			return true;
	}
	return false;
}

struct learning {
	struct flow *flow;
	struct function *fn;
	unsigned int node;
	bool more;
};

static bool has_effect(const struct function *fn, const struct effect *effect)
{
	for (unsigned int i = 0; i < fn->nr_effects; i++)
		if (fn->effects[i].family == effect->family &&
		    fn->effects[i].role == effect->role && fn->effects[i].object == effect->object)
			return true;
	return false;
}

static void add_effect(struct learning *learning, struct effect effect)
{
	struct function *fn = learning->fn;

	if (strlen(effect.object) > MAX_OBJECT || fn->nr_effects > MAX_EFFECTS)
		return;
	fn->effects = lab_grow(fn->effects, fn->nr_effects + 1, sizeof(effect));
	fn->effects[fn->nr_effects++] = effect;
	learning->more = true;
}

/* A way to the exit past all that does it; where a test finds no object, it does not count. */
struct passing {
	const struct touch *touch;
	bool passed;
};

static bool same_touch(void *data, const struct touch *touch)
{
	return touch->always && touch->object == data;
}

static int pass_visit(struct walk *walk, unsigned int at, int state)
{
	struct passing *passing = walk->data;
	const struct touch *touch = passing->touch;
	const struct node *node = &walk->fn->nodes[at];

	if (node_touches(walk->flow, walk->fn, node, touch->family, touch->role, same_touch,
			 (void *)touch->object))
		return -1;
	passing->passed |= node->kind == NODE_EXIT;
	return state;
}

/* On this side of a test there is nothing to do it to. */
bool tests_absent(const struct node *node, const char *object, bool taken)
{
	size_t len = strlen(object);
	const char *text = node->text;

	if (node->kind != NODE_TEST)
		return false;
	if (text == object)
		return !taken;
	if (!strncmp(text, object, len) && (!strcmp(text + len, "==NULL") ||
					    !strcmp(text + len, "!=NULL")))
		return taken == (text[len] == '=');
	return lab_has_prefix(text, "IS_ERR") && strstr(text, object) && taken;
}

static int pass_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct passing *passing = walk->data;

	return tests_absent(&walk->fn->nodes[at], passing->touch->object, taken) ? -1 : state;
}

static bool is_always(struct flow *flow, struct function *fn, const struct touch *touch)
{
	struct passing passing = { touch, false };
	struct walk walk = {
		.flow = flow, .fn = fn, .visit = pass_visit, .branch = pass_branch,
		.data = &passing,
	};

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	return !walk.gave_up && !passing.passed;
}

/* Ways out behind what does it: 1 with an error, 2 others. */
struct outs {
	const struct touch *touch;
	unsigned int seen;
};

static bool same_object(void *data, const struct touch *touch)
{
	return touch->object == ((const struct touch *)data)->object;
}

static int outs_visit(struct walk *walk, unsigned int at, int state)
{
	struct outs *outs = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node_touches(walk->flow, walk->fn, node, outs->touch->family, outs->touch->role,
			 same_object, (void *)outs->touch))
		state = 1;
	if (state && node->kind == NODE_RETURN)
		outs->seen |= returns_error(walk, node) > 0 ? 1 : 2;
	else if (state && node->kind == NODE_EXIT && !outs->seen)
		outs->seen = 2;
	return node->kind == NODE_EXIT || node->kind == NODE_RETURN ? -1 : state;
}

/* Who gives it back only where it fails. */
static bool is_failing(struct flow *flow, struct function *fn, const struct touch *touch)
{
	struct outs outs = { touch, 0 };
	struct walk walk = { .flow = flow, .fn = fn, .visit = outs_visit, .data = &outs };

	if (touch->role != ROLE_PUT || (touch->family != family_of(flow, "memory") &&
					touch->family != family_of(flow, "kref")))
		return false;
	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	return !walk.gave_up && outs.seen == 1;
}

struct firsts {
	const struct touch *touch;
	bool later;
};

static bool other_touch(void *data, const struct touch *touch)
{
	const struct firsts *firsts = data;

	return touch->object == firsts->touch->object && touch->role != firsts->touch->role;
}

static int first_visit(struct walk *walk, unsigned int at, int state)
{
	struct firsts *firsts = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	int family = firsts->touch->family;

	if (node_touches(walk->flow, walk->fn, node, family, firsts->touch->role, same_touch,
			 (void *)firsts->touch->object))
		return -1;
	firsts->later |= node_touches(walk->flow, walk->fn, node, family, -1, other_touch, firsts);
	return firsts->later ? -1 : state;
}

static bool is_first(struct flow *flow, struct function *fn, const struct touch *touch)
{
	struct firsts firsts = { touch, false };
	struct walk walk = { .flow = flow, .fn = fn, .visit = first_visit, .data = &firsts };

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	return touch->always && !walk.gave_up && !firsts.later;
}

/* It, or all that has it, gets another value. */
static bool assigns(const struct function *fn, const char *object)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (node->assigns[k].object == object)
				return true;
		for (unsigned int k = 0; k < node->nr_calls; k++)
			if (call_replaces(&node->calls[k], object))
				return true;
	}
	return false;
}

/* A way to a node on which a parameter is still what the caller gave. */
struct given {
	const char *object, *root;
	unsigned int node;
	bool reached;
};

static int given_visit(struct walk *walk, unsigned int at, int state)
{
	struct given *given = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	given->reached |= at == given->node;
	for (unsigned int i = 0; i < node->nr_assigns; i++)
		if (node->assigns[i].object == given->root)
			return -1;
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (call_replaces(&node->calls[i], given->root) ||
		    call_replaces(&node->calls[i], given->object))
			return -1;
	return given->reached ? -1 : state;
}

static bool is_given(const struct learning *learning, const char *object)
{
	struct given given = {
		.object = object, .root = object_root(learning->flow, object),
		.node = learning->node,
	};
	struct walk walk = {
		.flow = learning->flow, .fn = learning->fn, .visit = given_visit, .data = &given,
	};

	walk_from(&walk, learning->fn->entry, 0);
	free(walk.seen);
	return given.reached || walk.gave_up;
}

/* What says something of the call, and nothing of its argument. */
static bool is_remark(const struct flow *flow, const struct touch *touch)
{
	return touch->family == family_of(flow, "harmless") ||
	       touch->family == family_of(flow, "sleeps");
}

static bool learn_touch(void *data, const struct touch *touch)
{
	struct learning *learning = data;
	struct function *fn = learning->fn;
	const char *object = real_object(learning->flow, fn, touch->object);
	struct effect effect = {
		.family = touch->family, .role = touch->role, .fails = touch->fails,
		.object = by_param(learning->flow, fn, object),
		.line = touch->line ? touch->line : fn->file->tokens[touch->call->at].line,
	};

	if (touch->role == ROLE_TAKE || !effect.object || is_remark(learning->flow, touch) ||
	    has_effect(fn, &effect) || !is_given(learning, object))
		return false;
	effect.always = touch->always && is_always(learning->flow, fn, touch);
	effect.failing = !effect.always && (touch->always || touch->failing) &&
			 is_failing(learning->flow, fn, touch);
	/* What becomes of the parameter itself is nothing to the caller. */
	effect.emptied = touch->emptied ||
			 (param_of(fn, touch->object) < 0 && assigns(fn, touch->object)) ||
			 (object != touch->object && assigns(fn, object));
	add_effect(learning, effect);
	return false;
}

static bool learn_take(void *data, const struct touch *touch)
{
	struct learning *learning = data;
	struct function *fn = learning->fn;
	const char *object = real_object(learning->flow, fn, touch->object);
	struct effect effect = {
		.family = touch->family, .role = ROLE_TAKE, .fails = touch->fails,
		.object = by_param(learning->flow, fn, object),
		.line = touch->line ? touch->line : fn->file->tokens[touch->call->at].line,
	};
	bool takes = touch->role == ROLE_GET || touch->role == ROLE_TAKE;

	if (!takes || touch->fails != FAILS_NOT || !effect.object || has_effect(fn, &effect) ||
	    !is_given(learning, object) || !is_first(learning->flow, fn, touch))
		return false;
	effect.always = touch->always && is_always(learning->flow, fn, touch);
	add_effect(learning, effect);
	return false;
}

/* "found = entry": what is returned goes by another name. */
static bool is_named(struct flow *flow, const struct function *fn, const char *name,
		     const char *object)
{
	const char *root = object_root(flow, object);

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (assign->object == name && variable_of(fn, name) && root != object &&
			    object_of(flow, fn->file, assign->from) == root)
				return true;
		}
	return false;
}

/* One way out gives back an error instead of a pointer. */
static bool returns_errptr(const struct function *fn)
{
	for (unsigned int t = fn->body.first; t < fn->body.end; t++)
		if (token_is(fn->file, t, "ERR_PTR"))
			return true;
	return false;
}

/* What is got in it, and returned. */
static bool learn_get(void *data, const struct touch *touch)
{
	struct learning *learning = data;
	struct function *fn = learning->fn;
	struct effect effect = {
		.family = touch->family, .role = ROLE_GET, .fails = FAILS_NULL, .line = fn->line,
		.object = keep(learning->flow, "=", 1), .always = true,
	};

	if (has_effect(fn, &effect))
		return false;
	if (touch->fails == FAILS_ERR || returns_errptr(fn))
		effect.fails = FAILS_ERR;
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		if (touch->object != effect.object &&
		    (node->kind != NODE_RETURN || node->span.first == node->span.end ||
		     (!object_within(touch->object, node->text) &&
		      !is_named(learning->flow, fn, node->text, touch->object))))
			continue;
		add_effect(learning, effect);
		break;
	}
	return false;
}

static bool learn_function(struct flow *flow, struct function *fn)
{
	struct learning learning = { .flow = flow, .fn = fn };

	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		learning.node = i;
		node_touches(flow, fn, &fn->nodes[i], -1, -1, learn_touch, &learning);
		node_touches(flow, fn, &fn->nodes[i], -1, ROLE_GET, learn_get, &learning);
	}
	return learning.more;
}

/* Who takes first is known when it is known who gives back. */
static bool learn_takes(struct flow *flow, struct function *fn)
{
	struct learning learning = { .flow = flow, .fn = fn };

	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		learning.node = i;
		node_touches(flow, fn, &fn->nodes[i], -1, -1, learn_take, &learning);
	}
	return learning.more;
}

static void learn_rounds(struct flow *flow, bool (*one)(struct flow *flow, struct function *fn))
{
	bool more = true;

	for (unsigned int round = 0; more && round < ROUNDS; round++) {
		more = false;
		for (size_t i = 0; i < flow->nr_functions; i++)
			more |= one(flow, flow->functions[i]);
	}
}

void learn(struct flow *flow)
{
	learn_rounds(flow, learn_function);
	learn_rounds(flow, learn_takes);
}

bool reaches(const struct function *fn, int family, int role, unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++) {
			const struct call *call = &fn->nodes[i].calls[c];

			if (call_row(call, family, role))
				return true;
			if (call->callee && depth && reaches(call->callee, family, role, depth - 1))
				return true;
		}
	return false;
}
