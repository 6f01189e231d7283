// SPDX-License-Identifier: GPL-2.0-only
/*
 * A spinlock that an interrupt handler, a timer or a tasklet takes is taken elsewhere with those
 * let in: they come on the same processor, and wait for who cannot go on.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 3		/* helpers of helpers */

struct taken {
	const char *lock;	/* by the struct that has it */
	enum level level;
	const struct function *handler;
};

struct locking {
	const struct asked *asked;
	struct taken *taken;
	unsigned int nr_taken;
	const struct function **handlers, **threads;
	unsigned int nr_handlers, nr_threads;
	/* Of the handler that is looked at. */
	const struct function *handler;
	enum level level;
};

static bool is_spin(const struct flow *flow, int family)
{
	return family == family_of(flow, "spin") || family == family_of(flow, "rwspin");
}

static void note_taken(void *data, struct function *fn, const struct held_lock *lock)
{
	struct locking *locking = data;
	struct flow *flow = locking->asked->flow;
	const char *name = typed_name(flow, fn, lock->object);

	if (!is_spin(flow, lock->family) || !strchr(name, '.'))
		return;
	locking->taken = lab_grow(locking->taken, locking->nr_taken + 1, sizeof(*locking->taken));
	locking->taken[locking->nr_taken++] = (struct taken){
		name, locking->level, locking->handler,
	};
}

/* What it takes itself and in helpers, by the names that those have. */
static void gather_taken(struct locking *locking, struct function *fn, unsigned int depth)
{
	each_lock(locking->asked->flow, fn, note_taken, locking);
	for (unsigned int n = 1; depth && n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].callee)
				gather_taken(locking, fn->nodes[n].calls[c].callee, depth - 1);
}

static void at_root(void *data, struct function *fn, enum level level)
{
	struct locking *locking = data;

	if (level == LEVEL_THREAD) {
		add_root(&locking->threads, &locking->nr_threads, fn);
		return;
	}
	add_root(&locking->handlers, &locking->nr_handlers, fn);
	locking->handler = fn;
	locking->level = level;
	gather_taken(locking, fn, DEPTH);
}

/* Something is kept out already: of what is one step up, only interrupts count. */
static bool keeps_out(const struct call *call, enum level level)
{
	static const char *const words[] = { "_irq", "local_irq", "_bh", "preempt_disable" };

	for (size_t i = 0; i < (level == LEVEL_HARD ? 2 : LAB_ARRAY_SIZE(words)); i++)
		if (strstr(call->name, words[i]))
			return strstr(call->name, "lock") || strstr(call->name, "able") ||
			       strstr(call->name, "save") || strstr(call->name, "guard");
	return false;
}

static bool any_keeps_out(const struct function *fn, enum level level)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (keeps_out(&fn->nodes[n].calls[c], level))
				return true;
	return false;
}

/* A thread gets there, and on its way keeps nothing out. */
static bool runs_open(const struct locking *locking, const struct function *fn, unsigned int depth)
{
	const struct flow *flow = locking->asked->flow;

	if (is_root(locking->handlers, locking->nr_handlers, fn))
		return false;
	if (is_root(locking->threads, locking->nr_threads, fn) ||
	    (!fn->nr_callers && fn->when & WHEN_USED))
		return true;
	for (size_t i = 0; depth && i < flow->nr_functions; i++) {
		const struct function *caller = flow->functions[i];

		if (caller != fn && calls_function(caller, fn) &&
		    !any_keeps_out(caller, LEVEL_SOFT) &&
		    runs_open(locking, caller, depth - 1))
			return true;
	}
	return false;
}

/* What the lock lets in, by its name: all, interrupts, or nothing. */
static enum level lets_in(const char *name, size_t len)
{
	if (memmem(name, len, "_irq", 4))
		return LEVEL_THREAD;
	return memmem(name, len, "_bh", 3) ? LEVEL_HARD : LEVEL_SOFT;
}

/* A guard says it by its class, a call by its name. */
static enum level let_in_by(const struct function *fn, const struct held_lock *lock)
{
	const struct node *node = &fn->nodes[lock->node];
	const struct token *class = &fn->file->tokens[node->span.first + 2];

	if (lock->scope.end)
		return lets_in(class->at, class->len);
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const char *name = node->calls[c].name;

		if (strstr(name, "lock") && !node->calls[c].callee)
			return lets_in(name, strlen(name));
	}
	return LEVEL_THREAD;
}

static void at_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct locking *locking = data;
	struct flow *flow = locking->asked->flow;
	const char *name = typed_name(flow, fn, lock->object);
	enum level in = let_in_by(fn, lock);

	for (unsigned int i = 0; in != LEVEL_THREAD && i < locking->nr_taken; i++) {
		const struct taken *taken = &locking->taken[i];

		if (taken->lock != name || taken->level < in || any_keeps_out(fn, in) ||
		    !is_spin(flow, lock->family) || !runs_open(locking, fn, DEPTH))
			continue;
		report_line(locking->asked, fn->file,
			    fn->file->tokens[fn->nodes[lock->node].span.first].line,
			    "%s is taken here with %s let in, and %s(), which is one, takes it",
			    lock->object, taken->level == LEVEL_HARD ? "interrupts" :
			    "timers and tasklets", taken->handler->name);
		return;
	}
}

void ask_irq_lock(const struct asked *asked)
{
	struct locking locking = { .asked = asked };
	const struct flow *flow = asked->flow;

	each_root(flow, at_root, &locking);
	for (size_t i = 0; locking.nr_taken && i < flow->nr_functions; i++)
		if (!flow->functions[i]->macro)
			each_lock(asked->flow, flow->functions[i], at_lock, &locking);
	free(locking.taken);
	free(locking.handlers);
	free(locking.threads);
}
