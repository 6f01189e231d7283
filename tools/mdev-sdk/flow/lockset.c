// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one function changes below a lock of its struct, another one changes, walks along or signals
 * with no lock at all, while both may run at once.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "values.h"

#define DEPTH 3

enum happens { NOTHING, STEPS, REPLACES, LISTS, WALKS, SIGNALS };

/* What a node does to a member: "ev_dev.events". */
struct event {
	enum happens happens;
	const char *name, *object;
	unsigned int line;
};

struct change {
	struct event event;
	const struct function *fn;
};

struct lockset {
	const struct asked *asked;
	struct change *changes;		/* below a lock of the struct */
	unsigned int nr_changes;
	const struct function **roots, **handlers;
	unsigned int nr_roots, nr_handlers;
	/* Of the lock that is looked at. */
	const char *record;
};

static const struct {
	const char *name;
	unsigned int arg;
	enum happens happens;
} calls[] = {
	{ "list_add", 1, LISTS }, { "list_add_tail", 1, LISTS }, { "list_splice_init", 0, LISTS },
	{ "list_splice_tail_init", 0, LISTS }, { "list_for_each_entry", 1, WALKS },
	{ "list_for_each_entry_safe", 2, WALKS }, { "list_for_each_entry_reverse", 1, WALKS },
	{ "list_first_entry", 0, WALKS }, { "list_first_entry_or_null", 0, WALKS },
	{ "list_last_entry", 0, WALKS }, { "list_for_each", 1, WALKS },
	{ "eventfd_signal", 0, SIGNALS }, { "swap", 0, REPLACES }, { "swap", 1, REPLACES },
};

/* "struct.member"; NULL: it is no member of a struct that is known. */
static const char *member_name(struct flow *flow, const struct function *fn, const char *object)
{
	const char *name = strpbrk(object, ".") ? typed_name(flow, fn, object) : "";

	return strchr(name, '.') && !strpbrk(object, "(?") ? name : NULL;
}

static bool is_pointer(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;

	return declared_as(flow, fn, object, &declared) && declared.what.pointer &&
	       !declared.what.array;
}

static struct event event_of_assign(struct flow *flow, const struct function *fn,
				    const struct assign *assign)
{
	struct event event = {
		.object = assign->object, .name = member_name(flow, fn, assign->object),
		.line = fn->file->tokens[assign->at].line,
	};

	if (!event.name)
		return event;
	if (assign_steps(fn->file, assign))
		event.happens = STEPS;
	else if (token_is(fn->file, assign->at, "=") && is_pointer(flow, fn, assign->object))
		event.happens = REPLACES;
	return event;
}

static struct event event_of_call(struct flow *flow, const struct function *fn,
				  const struct call *call, size_t i)
{
	struct event event = { .line = call_line(fn, call) };

	if (strcmp(call->name, calls[i].name) || call->count <= calls[i].arg)
		return event;
	event.object = call->objects[calls[i].arg];
	event.name = member_name(flow, fn, event.object);
	event.happens = event.name ? calls[i].happens : NOTHING;
	return event;
}

typedef bool event_fn(void *data, const struct function *fn, const struct event *event);

static bool each_event(struct flow *flow, const struct function *fn, const struct node *node,
		       event_fn *found, void *data)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		struct event event = event_of_assign(flow, fn, &node->assigns[k]);

		if (event.happens && found(data, fn, &event))
			return true;
	}
	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(calls); i++) {
			struct event event = event_of_call(flow, fn, &node->calls[c], i);

			if (event.happens && found(data, fn, &event))
				return true;
		}
	return false;
}

/* Who changes it below a lock. */

static bool note_change(void *data, const struct function *fn, const struct event *event)
{
	struct lockset *lockset = data;
	size_t len = strlen(lockset->record);

	if (event->happens >= WALKS || strncmp(event->name, lockset->record, len) ||
	    event->name[len] != '.')
		return false;
	lockset->changes = lab_grow(lockset->changes, lockset->nr_changes + 1,
				    sizeof(*lockset->changes));
	lockset->changes[lockset->nr_changes++] = (struct change){ *event, fn };
	return false;
}

static bool note_node(void *data, struct function *fn, const struct node *node)
{
	struct lockset *lockset = data;

	each_event(lockset->asked->flow, fn, node, note_change, lockset);
	return true;
}

static void at_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct lockset *lockset = data;
	struct flow *flow = lockset->asked->flow;
	const char *name = typed_name(flow, fn, lock->object), *dot = strchr(name, '.');

	if (!dot || runs_only(fn, WHEN_BEGIN | WHEN_END))
		return;
	lockset->record = keep(flow, name, dot - name);
	walk_below(flow, fn, lock, note_node, lockset);
}

/* Who does something with it below none. */

static bool asserts(const struct function *fn)
{
	return calls_word(fn, "assert") || calls_word(fn, "held") || calls_word(fn, "trylock") ||
	       runs_locked(fn);
}

/* Somebody calls it with a lock, or nobody knows who calls it. */
static bool is_entered_locked(const struct lockset *lockset, struct function *fn,
			      unsigned int depth)
{
	struct flow *flow = lockset->asked->flow;
	bool known = (fn->when & WHEN_USED && !fn->nr_callers) ||
		     is_root(lockset->roots, lockset->nr_roots, fn);

	if (asserts(fn))
		return true;
	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *caller = flow->functions[i];
		bool *locked, found = false;

		if (caller == fn || caller->macro || !calls_function(caller, fn))
			continue;
		known = true;
		locked = nodes_locked(flow, caller);
		for (unsigned int n = 1; locked && n < caller->nr_nodes && !found; n++)
			for (unsigned int c = 0; c < caller->nodes[n].nr_calls; c++)
				found |= locked[n] && caller->nodes[n].calls[c].callee == fn;
		free(locked);
		if (found || !depth || is_entered_locked(lockset, caller, depth - 1))
			return true;
	}
	return !known;
}

static bool fits(const struct event *event, const struct event *change)
{
	if (event->name != change->name)
		return false;
	return event->happens == WALKS ? change->happens == LISTS :
	       event->happens == SIGNALS ? change->happens == REPLACES :
					   change->happens == event->happens;
}

/* Another one that changes it below a lock, and may run at the same time. */
static const struct function *other_of(const struct lockset *lockset, const struct function *fn,
				       const struct event *event)
{
	bool own = false;

	for (unsigned int i = 0; i < lockset->nr_changes; i++)
		own |= lockset->changes[i].fn == fn &&
		       lockset->changes[i].event.name == event->name;
	for (unsigned int i = 0; !own && i < lockset->nr_changes; i++) {
		const struct change *change = &lockset->changes[i];

		if (change->fn != fn && fits(event, &change->event) &&
		    files_near(change->fn->file, fn->file))
			return change->fn;
	}
	return NULL;
}

struct bare {
	struct lockset *lockset;
	struct function *fn;
	bool told;
};

static bool at_event(void *data, const struct function *fn, const struct event *event)
{
	static const char *const does[] = {
		"", "is changed", "is replaced", "gets another entry", "is walked along", "is signalled",
	};
	struct bare *bare = data;
	struct lockset *lockset = bare->lockset;
	const struct function *other = other_of(lockset, fn, event);
	bool handler = is_root(lockset->handlers, lockset->nr_handlers, fn);

	if (!other || (event->happens == SIGNALS && handler) ||
	    is_entered_locked(lockset, bare->fn, DEPTH))
		return false;
	bare->told = true;
	report_line(lockset->asked, fn->file, event->line,
		    "%s %s here without a lock, and %s() changes it below one", event->object,
		    does[event->happens], other->name);
	return true;
}

static bool may_be_alone(const struct function *fn)
{
	static const char *const words[] = {
		"init", "probe", "remove", "release", "fini", "exit", "destroy", "free", "setup",
		"alloc", "create", "cleanup", "reset",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (strstr(fn->name, words[i]))
			return true;
	return false;
}

static void ask_function(struct lockset *lockset, struct function *fn)
{
	struct bare bare = { lockset, fn, false };
	bool used = fn->when & WHEN_USED || is_root(lockset->roots, lockset->nr_roots, fn);
	bool *locked;

	if (fn->macro || !used || may_be_alone(fn) || fn->when & (WHEN_BEGIN | WHEN_END))
		return;
	locked = nodes_locked(lockset->asked->flow, fn);
	for (unsigned int n = 1; locked && n < fn->nr_nodes && !bare.told; n++)
		if (!locked[n])
			each_event(lockset->asked->flow, fn, &fn->nodes[n], at_event, &bare);
	free(locked);
}

static void at_root(void *data, struct function *fn, enum level level)
{
	struct lockset *lockset = data;

	add_root(&lockset->roots, &lockset->nr_roots, fn);
	if (level == LEVEL_HARD)
		add_root(&lockset->handlers, &lockset->nr_handlers, fn);
}

void ask_lockset(const struct asked *asked)
{
	struct lockset lockset = { .asked = asked };
	struct flow *flow = asked->flow;

	each_root(flow, at_root, &lockset);
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (!flow->functions[i]->macro)
			each_lock(flow, flow->functions[i], at_lock, &lockset);
	for (size_t i = 0; lockset.nr_changes && i < flow->nr_functions; i++)
		ask_function(&lockset, flow->functions[i]);
	free(lockset.changes);
	free(lockset.roots);
	free(lockset.handlers);
}
