// SPDX-License-Identifier: GPL-2.0-only
/*
 * One number of a guest or a user along each way through a function: what tests, helpers and
 * assignments make of it. What is made of it is followed as a number of its own.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taint.h"

#define FACT_BITS 3
#define MAX_MEMOS 20000

int state_of(struct tainting *run, unsigned int facts, long long most)
{
	size_t i = 0;

	while (i < run->nr_mosts && run->mosts[i] != most)
		i++;
	if (i == run->nr_mosts) {
		run->mosts = lab_grow(run->mosts, i + 1, sizeof(most));
		run->mosts[run->nr_mosts++] = most;
	}
	return (int)(i << FACT_BITS | facts);
}

unsigned int state_facts(int state)
{
	return state & FACTS;
}

long long state_most(const struct tainting *run, int state)
{
	return run->mosts[state >> FACT_BITS];
}

int taint_fresh(struct tainting *run, struct value_type type, long long most)
{
	long long limit = most_of_type(type);

	return state_of(run, type.is_signed ? 0 : FACT_LOWER, most < limit ? most : limit);
}

void taint_add(const char **names, unsigned int *count, const char *name)
{
	for (unsigned int i = 0; i < *count; i++)
		if (names[i] == name)
			return;
	if (*count < MAX_OTHERS)
		names[(*count)++] = name;
}

bool taint_is_user(const struct taint *taint, const char *object)
{
	for (unsigned int i = 0; i < taint->nr_users; i++)
		if (object_within(object, taint->users[i]))
			return true;
	return object == taint->name;
}

void taint_tell(struct taint *taint, unsigned int line, const char *fmt, ...)
{
	struct tainting *run = taint->run;
	char text[256];
	va_list args;

	for (size_t i = 0; i < run->nr_told; i++)
		if (run->told[i].file == taint->fn->file && run->told[i].line == line)
			return;
	run->told = lab_grow(run->told, run->nr_told + 1, sizeof(*run->told));
	run->told[run->nr_told++] = (struct told){ taint->fn->file, line };
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	report_line(run->asked, taint->fn->file, line, "%s%s", text,
		    taint->stored ? "; it comes from who writes the attribute" : "");
}

struct bound taint_bound(const struct taint *taint, int state)
{
	return (struct bound){
		.name = taint->name, .most = state_most(taint->run, state), .fn = taint->fn,
	};
}

/* Of two ways that meet: what holds on both. */
static int join(struct tainting *run, int one, int two)
{
	long long most = state_most(run, one), other = state_most(run, two);

	return state_of(run, state_facts(one) & state_facts(two), most > other ? most : other);
}

static void note_outcome(struct taint *taint, bool good, int state)
{
	struct outcome *outcome = &taint->outcome;

	outcome->state[good] = outcome->reached[good] ?
			       join(taint->run, outcome->state[good], state) : state;
	outcome->reached[good] = true;
}

/* Ways out. */

enum returned taint_returned_by(const struct function *fn)
{
	const struct file *file = fn->file;
	unsigned int name = fn->head.first - 2;

	if (token_is(file, name - 1, "*"))
		return RETURNS_POINTER;
	for (unsigned int i = name; i-- > 0 && i + 6 > name && !token_is(file, i, ";") &&
	     !token_is(file, i, "}"); ) {
		if (token_is(file, i, "bool"))
			return RETURNS_BOOL;
		if (token_is(file, i, "void"))
			return RETURNS_NOTHING;
	}
	return RETURNS_NUMBER;
}

static bool is_word(const struct function *fn, const struct node *node, const char *word)
{
	return node->span.first + 1 == node->span.end && token_is(fn->file, node->span.first, word);
}

static bool has_comparison(const char *text)
{
	return strpbrk(text, "<>") || strstr(text, "==") || strstr(text, "!=");
}

/* "return x < SIZE": both outcomes, each with what it says. */
static void note_tested(struct taint *taint, const struct node *node, int state)
{
	note_outcome(taint, true, taint_tested(taint, node->span, true, state));
	note_outcome(taint, false, taint_tested(taint, node->span, false, state));
}

static void note_return(struct walk *walk, const struct node *node, int state)
{
	struct taint *taint = walk->data;
	const struct function *fn = walk->fn;
	enum returned returned = taint_returned_by(fn);
	int error = returns_error(walk, node);
	bool zero = is_word(fn, node, "0") || is_word(fn, node, "NULL") || is_word(fn, node, "false");

	if (returned == RETURNS_BOOL && zero)
		note_outcome(taint, false, state);
	else if (returned == RETURNS_BOOL && is_word(fn, node, "true"))
		note_outcome(taint, true, state);
	else if (has_comparison(node->text))
		note_tested(taint, node, state);
	else if (error > 0 || (zero && returned == RETURNS_POINTER))
		note_outcome(taint, false, state);
	else
		note_outcome(taint, true, state);
}

/* The number as another type has it. */
int taint_as_type(const struct taint *from, struct value_type type, int state)
{
	long long most = state_most(from->run, state), limit = most_of_type(type);
	unsigned int facts = state_facts(state);

	if (!type.bits)
		return state;
	if (!(facts & FACT_LOWER) && !type.is_signed)
		return state_of(from->run, (facts & ~FACT_UPPER) | FACT_LOWER, limit);
	/* What was compared with something is taken for small. */
	if (type.is_signed && !(facts & FACT_UPPER) && (most > limit || most >= ENDLESS))
		facts &= ~FACT_LOWER;
	return state_of(from->run, facts, most < limit ? most : limit);
}

/* Assignments. */

static void keep_member(struct taint *taint, const char *object, int state)
{
	struct tainting *run = taint->run;
	const char *member = object_member(run->flow, object);
	struct declared declared;
	struct kept kept = { .member = member, .state = state };
	const char *outer;

	if (!member || strpbrk(object, "[(*") || state_facts(state) & FACT_UPPER)
		return;
	outer = keep(run->flow, object, strlen(object) - strlen(member) - 1);
	if (!declared_as(run->flow, taint->fn, outer, &declared) || taint_is_user(taint, outer))
		return;
	kept.record = declared.what.type;
	for (size_t i = 0; i < run->nr_kept; i++)
		if (run->kept[i].record == kept.record && run->kept[i].member == member) {
			run->kept[i].state = join(run, run->kept[i].state, state);
			return;
		}
	run->kept = lab_grow(run->kept, run->nr_kept + 1, sizeof(kept));
	run->kept[run->nr_kept++] = kept;
}

/* "min(x, y)" of which y is not known is as good as a comparison with it. */
static bool is_cut(const struct taint *taint, const struct node *node, const struct assign *assign)
{
	const struct bound none = { .fn = taint->fn };

	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];

		if (call->result != assign->object ||
		    !(lab_has_prefix(call->name, "min") || lab_has_prefix(call->name, "clamp") ||
		      !strcmp(call->name, "umin")))
			continue;
		for (unsigned int k = !!strstr(call->name, "_t"); k < call->count; k++)
			if (!says_object(call->objects[k], taint->name) &&
			    !taint_is_user(taint, call->objects[k]) &&
			    most_of(taint->run->flow, taint->fn->file, call->args[k], &none) < 0)
				return true;
	}
	return false;
}

/* "y = x * 4": y is a number of its own from here. */
static void follow_assigned(struct walk *walk, unsigned int at, const struct assign *assign,
			    int state)
{
	struct taint *taint = walk->data, next = *taint;
	struct bound bound = taint_bound(taint, state);
	long long most = most_of(walk->flow, walk->fn->file, assign->from, &bound);
	bool same = object_of(walk->flow, walk->fn->file, assign->from) == taint->name;
	unsigned int facts = same ? state_facts(state) :
			     (state_facts(state) & FACT_UPPER) | FACT_NONZERO |
			     (state_facts(state) & FACT_LOWER);

	if (is_cut(taint, &walk->fn->nodes[at], assign))
		facts |= FACT_UPPER;

	if (most < 0 || strpbrk(assign->object, "[(*") || taint->depth > MAX_TAINT_DEPTH)
		return;
	next.name = assign->object;
	next.type = type_of(walk->flow, walk->fn, assign->object);
	next.depth++;
	next.counts = false;
	next.outcome = (struct outcome){ 0 };
	taint_add(next.users, &next.nr_users, taint->name);
	taint_add(next.origins, &next.nr_origins, taint->name);
	state = taint_as_type(&next, next.type, state_of(taint->run, facts, most));
	/* A signed number that is not negative is none in another signed one. */
	if (taint->type.is_signed && facts & FACT_LOWER && next.type.bits >= taint->type.bits)
		state |= FACT_LOWER;
	keep_member(&next, assign->object, state);
	taint_follow(&next, at, state);
}

static bool is_step(const struct file *file, unsigned int at)
{
	return token_is(file, at, "++") || token_is(file, at, "--");
}

/* The number itself gets another value. */
static int changed(const struct taint *taint, const struct node *node,
		   const struct assign *assign, int state)
{
	const struct file *file = taint->fn->file;
	struct bound bound = taint_bound(taint, state);
	long long most, value = state_most(taint->run, state);

	if (is_step(file, assign->at))
		return state;
	most = most_of(taint->run->flow, file, assign->from, &bound);
	if (is_cut(taint, node, assign))
		return state_of(taint->run, state_facts(state) | FACT_UPPER, value);
	if (token_is(file, assign->at, "=")) {
		if (!says_object(object_of(taint->run->flow, file, assign->from), taint->name))
			return -1;
		return most < 0 ? state_of(taint->run, FACTS, value) :
		       state_of(taint->run, state_facts(state), most);
	}
	if (token_is(file, assign->at, "&=") && most >= 0)
		return state_of(taint->run, state_facts(state) | FACT_LOWER,
				most < value ? most : value);
	if (token_is(file, assign->at, "%=") && most > 0)
		return state_of(taint->run, state_facts(state), most - 1);
	return state_of(taint->run, FACTS, value);
}

static int after_assigns(struct walk *walk, unsigned int at, int state)
{
	struct taint *taint = walk->data;
	struct node *node = &walk->fn->nodes[at];
	int after = state;

	for (unsigned int i = 0; i < node->nr_assigns && after >= 0; i++) {
		const struct assign *assign = &node->assigns[i];

		if (assign->object == taint->name)
			after = changed(taint, node, assign, after);
		else if (*assign->object && object_within(taint->name, assign->object))
			after = -1;
		else if (token_is(walk->fn->file, assign->at, "=") &&
			 says_object(object_of(walk->flow, walk->fn->file, assign->from),
				    taint->name))
			follow_assigned(walk, at, assign, state);
	}
	return after;
}

static bool is_test_of(const struct node *node, const char *text)
{
	return node->text == text;
}

/* The body leads out by itself. */
static bool may_leave(const struct function *fn, const struct node *test)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_EXIT &&
		    leads_to(fn, test->next, n, is_test_of, test->text))
			return true;
	return false;
}

/* Nothing else ends the loop, and it holds a lock that others wait for. */
static void check_loop(struct walk *walk, unsigned int at, int state)
{
	struct taint *taint = walk->data;
	const struct node *test = &walk->fn->nodes[at];
	bool locked = runs_locked(walk->fn), *nodes;

	if (!(taint->run->harms & HARM_SUM) || state_most(taint->run, state) < 0x7fffffff ||
	    taint->position || taint->stored || may_leave(walk->fn, test))
		return;
	nodes = locked ? NULL : nodes_locked(walk->flow, walk->fn);
	locked |= nodes && nodes[at];
	free(nodes);
	if (locked)
		taint_tell(taint, walk->fn->file->tokens[test->span.first].line,
			   "a guest's '%s' says how often this runs below a lock, and may be any",
			   taint->name);
}

/* "i < x" of a loop: i comes as near as that. */
static void follow_counter(struct walk *walk, unsigned int at, bool taken, int state)
{
	struct taint *taint = walk->data, next = *taint;
	const struct node *node = &walk->fn->nodes[at];
	const struct file *file = walk->fn->file;
	unsigned int first = node->span.first;
	long long most = state_most(taint->run, state);
	bool equal = token_is(file, first + 1, "<=");

	if (!taken || state_facts(state) & FACT_UPPER || most < 1 ||
	    !(equal || token_is(file, first + 1, "<") || token_is(file, first + 1, "!=")) ||
	    object_of(walk->flow, file, (struct span){ first + 2, node->span.end }) !=
	    taint->name || taint->depth > MAX_TAINT_DEPTH)
		return;
	next.name = token_text(walk->flow, file, first);
	next.type = type_of(walk->flow, walk->fn, next.name);
	next.depth++;
	next.outcome = (struct outcome){ 0 };
	if (!next.type.bits || taint_is_user(taint, next.name))
		return;
	next.counts = true;
	check_loop(walk, at, state);
	taint_add(next.users, &next.nr_users, taint->name);
	state = state_of(taint->run, FACT_LOWER | FACT_NONZERO, equal ? most : most - 1);
	next.outcome = taint_follow(&next, node->next, state);
}

static void gather_made(struct taint *taint)
{
	taint->nr_made = 0;
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < taint->fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &taint->fn->nodes[n].assigns[k];

			if (assign->object != taint->name && *assign->object &&
			    says_object(object_of(taint->run->flow, taint->fn->file, assign->from),
				       taint->name))
				taint_add(taint->made, &taint->nr_made, assign->object);
		}
}

/* A case that says which number it is. */
static bool switches_on(const struct taint *taint, const struct node *node)
{
	const struct function *fn = taint->fn;

	if (node->span.first >= node->span.end)
		return false;
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *join = &fn->nodes[fn->nodes[n].next];

		if (fn->nodes[n].kind == NODE_EXPR && join->kind == NODE_JOIN &&
		    fn->nodes[join->next].kind == NODE_CASE) {
			const char *text = node_text(taint->run->flow, fn, &fn->nodes[n]);

			/* Its upper bits, or what a macro makes of it, say nothing of the rest. */
			if (says_object(text, taint->name) && !strstr(text, ">>") &&
			    !strcasestr(text, "index("))
				return true;
		}
	}
	return false;
}

static bool speaks_of(const struct taint *taint, const char *text)
{
	if (says_object(text, taint->name))
		return true;
	for (unsigned int i = 0; i < taint->nr_origins; i++)
		if (says_object(text, taint->origins[i]))
			return true;
	for (unsigned int i = 0; i < taint->nr_made; i++)
		if (has_word(text, taint->made[i]))
			return true;
	return strstr(text, object_root(taint->run->flow, taint->name)) != NULL;
}

static int taint_visit(struct walk *walk, unsigned int at, int state)
{
	struct taint *taint = walk->data;
	struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT) {
		if (taint_returned_by(walk->fn) == RETURNS_NOTHING || walk->fn->macro)
			note_outcome(taint, true, state);
		return -1;
	}
	if (node->span.first < node->span.end && node->kind != NODE_JUMP &&
	    speaks_of(taint, node_text(walk->flow, walk->fn, node))) {
		taint_sinks(taint, node, state);
		for (unsigned int i = 0; node->kind != NODE_TEST && i < node->nr_calls; i++)
			state = taint_after_call(taint, node, &node->calls[i], state);
		state = after_assigns(walk, at, state);
	}
	if (node->kind == NODE_RETURN && state >= 0 &&
	    taint_returned_by(walk->fn) != RETURNS_NOTHING)
		note_return(walk, node, state);
	return state;
}

static int taint_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	struct taint *taint = walk->data;
	struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_CASE && taken && switches_on(taint, node))
		return state_of(taint->run, FACTS, state_most(taint->run, state));
	/* Where there is no struct there is none of its members. */
	if (object_root(walk->flow, taint->name) != taint->name &&
	    tests_absent(node, object_root(walk->flow, taint->name), taken))
		return -1;
	if (node->kind == NODE_CASE || !speaks_of(taint, node_text(walk->flow, walk->fn, node)))
		return state;
	state = taint_after_tested_call(taint, node, taken, state);
	follow_counter(walk, at, taken, state);
	return taint_tested(taint, node->span, taken, state);
}

static bool recall(struct taint *taint, unsigned int from, int state, struct memo **slot)
{
	struct tainting *run = taint->run;

	for (size_t i = run->nr_memos; i-- > 0; ) {
		struct memo *memo = &run->memos[i];

		if (memo->fn == taint->fn && memo->name == taint->name && memo->from == from &&
		    memo->state == state) {
			*slot = memo;
			return true;
		}
	}
	run->memos = lab_grow(run->memos, run->nr_memos + 1, sizeof(*run->memos));
	*slot = &run->memos[run->nr_memos++];
	**slot = (struct memo){
		.fn = taint->fn, .name = taint->name, .from = from, .state = state,
	};
	return false;
}

struct outcome taint_follow(struct taint *taint, unsigned int from, int state)
{
	struct walk walk = {
		.flow = taint->run->flow, .fn = taint->fn, .visit = taint_visit,
		.branch = taint_branch, .data = taint,
	};
	const struct node *node = &taint->fn->nodes[from];
	struct memo *memo;
	size_t place;

	if (taint->run->nr_memos > MAX_MEMOS || recall(taint, from, state, &memo))
		return taint->run->nr_memos > MAX_MEMOS ? taint->outcome : memo->outcome;
	place = memo - taint->run->memos;
	gather_made(taint);
	walk_from(&walk, from ? node->next : taint->fn->entry, state);
	if (from && (node->kind == NODE_TEST || node->kind == NODE_CASE))
		walk_from(&walk, node->other, state);
	free(walk.seen);
	taint->run->memos[place].outcome = taint->outcome;
	return taint->outcome;
}
