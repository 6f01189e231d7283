// SPDX-License-Identifier: GPL-2.0-only
/*
 * A read or write of a region reaches memory at the user's position for the user's count, and on
 * the way to it no comparison has both of them: not here, and not in the helpers that get both.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "range.h"

#define DEPTH 3

static bool has_any(const char *const *names, unsigned int count, const char *text)
{
	for (unsigned int i = 0; i < count; i++)
		if (has_word(text, names[i]))
			return true;
	return false;
}

bool range_has_position(const struct access *access, const char *text)
{
	return has_any(access->positions, access->nr_positions, text);
}

bool range_has_count(const struct access *access, const char *text)
{
	return has_any(access->counts, access->nr_counts, text);
}

/* Only a cast, or the lesser of two. */
static bool is_as_long(const struct access *access, struct span from)
{
	const char *text = object_of(access->asked->flow, access->fn->file, from);

	return names_have(access->counts, access->nr_counts, text) || lab_has_prefix(text, "min") ||
	       lab_has_prefix(text, "umin(");
}

static void name_value(struct access *access, const char *object, struct span from)
{
	const char *text = object_of(access->asked->flow, access->fn->file, from);
	bool position = range_has_position(access, text), count = range_has_count(access, text);

	if (position && !count && !range_has_count(access, object))
		names_add(access->positions, &access->nr_positions, MAX_RANGE_NAMES, object);
	else if (count && !position && is_as_long(access, from))
		names_add(access->counts, &access->nr_counts, MAX_RANGE_NAMES, object);
	if (position && !range_has_count(access, object) && strchr(text, '-'))
		access->lowered = true;
}

/* "struct x r = { .at = pos, .len = count };" */
static void name_members(struct access *access, const char *object, struct span braces)
{
	const struct file *file = access->fn->file;
	unsigned int close = file->tokens[braces.first].match;

	for (unsigned int at = braces.first + 1; at + 3 < close; at++) {
		struct span from = { at + 3, at + 3 };

		if (!token_is(file, at, ".") || !token_is(file, at + 2, "="))
			continue;
		from.end = next_at(file, from.first, close, ",");
		name_value(access, keep_fmt(access->asked->flow, "%s.%s", object,
					    token_text(access->asked->flow, file, at + 1)), from);
		at = from.end;
	}
}

/* A member of a local struct is as good as a variable; what others have is another matter. */
static bool is_own(const struct access *access, const char *object)
{
	const struct variable *variable;

	if (*object == '*' || strchr(object, '['))
		return false;
	variable = variable_of(access->fn, object_root(access->asked->flow, object));
	return !strchr(object, '.') || (variable && !variable->pointer);
}

static void spread(struct access *access)
{
	const struct file *file = access->fn->file;

	for (unsigned int i = 1; i < access->fn->nr_nodes; i++) {
		const struct node *node = &access->fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++) {
			const struct assign *assign = &node->assigns[k];

			if (assign->from.first >= assign->from.end ||
			    !is_own(access, assign->object))
				continue;
			if (token_is(file, assign->from.first, "{"))
				name_members(access, assign->object, assign->from);
			else
				name_value(access, assign->object, assign->from);
		}
	}
}

static bool reaches_memory(const char *name)
{
	static const char *const names[] = {
		"memcpy", "copy_to_user", "copy_from_user", "__copy_to_user", "__copy_from_user",
		"memcpy_fromio", "memcpy_toio", "memmove",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void look(struct access *access, enum judged state);

/* Does it have the count with all of its bits. */
static bool has_whole_name(const struct access *access)
{
	for (unsigned int i = 0; i < access->nr_counts; i++)
		if (range_has_whole(access, access->counts[i]))
			return true;
	return false;
}

/* Members of a struct that a helper gets are what they were. */
static void give_names(struct access *inside, const char *const *names, unsigned int count,
		       const char *object, const char *param, bool positions)
{
	struct flow *flow = inside->asked->flow;

	for (unsigned int i = 0; i < count; i++) {
		const char *name = NULL;

		if (names[i] == object)
			name = param;
		else if (*object && object_within(names[i], object) &&
			 names[i][strlen(object)] == '.')
			name = keep_fmt(flow, "%s%s", param, names[i] + strlen(object));
		if (name && positions)
			names_add(inside->positions, &inside->nr_positions, MAX_RANGE_NAMES, name);
		else if (name)
			names_add(inside->counts, &inside->nr_counts, MAX_RANGE_NAMES, name);
	}
}

/* Which of the arguments of a helper are position and count. */
static int look_into(struct access *access, const struct call *call, int state)
{
	struct access inside = {
		.asked = access->asked, .fn = call->callee, .depth = access->depth - 1,
		.lowered = access->lowered, .tested = access->tested || access->nr_limits,
		.reached = access->reached,
	};
	bool whole = false;

	for (unsigned int i = 0; i < call->count && i < call->callee->nr_params; i++) {
		const char *object = call->objects[i], *param = call->callee->params[i];

		whole |= range_has_whole(access, object);
		give_names(&inside, access->counts, access->nr_counts, object, param, false);
		give_names(&inside, access->positions, access->nr_positions, object, param, true);
		if (range_has_position(access, object) && !range_has_count(access, object))
			names_add(inside.positions, &inside.nr_positions, MAX_RANGE_NAMES, param);
	}
	if (!inside.nr_counts || !inside.nr_positions)
		return state;
	look(&inside, state);
	if (state == JUDGED || (int)inside.judges < state)
		return state;
	return whole && inside.judges == JUDGED && !has_whole_name(&inside) ? CUT : inside.judges;
}

/* It gets a struct that has both. */
static bool gets_both(const struct access *access, const char *object)
{
	bool position = false, count = false;

	for (unsigned int i = 0; i < access->nr_positions; i++)
		position |= *object && access->positions[i] != object &&
			    object_within(access->positions[i], object);
	for (unsigned int i = 0; i < access->nr_counts; i++)
		count |= *object && access->counts[i] != object &&
			 object_within(access->counts[i], object);
	return position && count;
}

static bool gets_whole(const struct access *access, const struct call *call)
{
	for (unsigned int i = 0; i < call->count; i++)
		if (range_has_whole(access, call->objects[i]))
			return true;
	return false;
}

static void note_reached(const struct access *access, const struct call *call)
{
	struct reached *reached = access->reached;

	for (unsigned int i = 0; i < reached->count; i++)
		if (reached->calls[i] == call)
			return;
	if (reached->count == MAX_RANGE_NAMES)
		return;
	reached->where[reached->count] = access->fn;
	reached->calls[reached->count++] = call;
}

static int after_call(struct access *access, const struct call *call, int state)
{
	bool position = false, count = false;

	for (unsigned int i = 0; i < call->count; i++) {
		bool both = gets_both(access, call->objects[i]);

		position |= both || range_has_position(access, call->objects[i]);
		count |= both || range_has_count(access, call->objects[i]);
	}
	if (!position || !count || only_logs(call->name))
		return state;
	if (reaches_memory(call->name)) {
		if (state == OPEN || (state == CUT && gets_whole(access, call)))
			note_reached(access, call);
		return state;
	}
	if (call->callee && access->depth)
		return look_into(access, call, state);
	/* Somebody else's function, or one too far away, may well look. */
	return JUDGED;
}

static int access_visit(struct walk *walk, unsigned int at, int state)
{
	struct access *access = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	enum judged judged = range_judged(access, node);

	if ((int)judged > state)
		state = judged;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		state = after_call(access, &node->calls[c], state);
	if (state > (int)access->judges)
		access->judges = state;
	return node->kind == NODE_EXIT ? -1 : state;
}

static void look(struct access *access, enum judged state)
{
	struct walk walk = {
		.flow = access->asked->flow, .fn = access->fn, .visit = access_visit,
		.data = access,
	};

	for (unsigned int i = 0; i < 3; i++)
		spread(access);
	range_read_limits(access);
	walk_from(&walk, access->fn->entry, state);
	free(walk.seen);
	access->reached->gave_up |= walk.gave_up;
}

/* (…, char __user *buf, size_t count, loff_t *pos) */
static bool is_access(const struct function *fn)
{
	unsigned int last = fn->nr_params - 1;

	return fn->nr_params > 3 && fn->param_types[last] && fn->param_pointers[last] &&
	       !strcmp(fn->param_types[last], "loff_t") && fn->param_types[last - 1] &&
	       !strcmp(fn->param_types[last - 1], "size_t");
}

/* An operation; of what an access calls the access says with what. */
static bool begins(const struct function *fn)
{
	const struct file *file = fn->file;

	for (unsigned int i = 2; fn->nr_callers && i < file->nr_tokens; i++)
		if (token_is(file, i, fn->name) && token_is(file, i - 1, "=") &&
		    !token_is(file, i + 1, "("))
			return true;
	return !fn->nr_callers;
}

static void ask_access(const struct asked *asked, struct function *fn)
{
	struct reached reached = { .count = 0 };
	struct access access = { .asked = asked, .fn = fn, .depth = DEPTH, .reached = &reached };
	unsigned int last = fn->nr_params - 1;

	if (!is_access(fn) || !begins(fn))
		return;
	access.counts[access.nr_counts++] = fn->params[last - 1];
	access.positions[access.nr_positions++] = fn->params[last];
	look(&access, OPEN);
	for (unsigned int i = 0; i < reached.count && !reached.gave_up; i++)
		report_line(asked, reached.where[i]->file,
			    call_line(reached.where[i], reached.calls[i]),
			    "%s() reaches from the user's position for his count, and nothing "
			    "compares their sum with a size", reached.calls[i]->name);
}

void ask_range(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		if (!asked->flow->functions[i]->macro)
			ask_access(asked, asked->flow->functions[i]);
}
