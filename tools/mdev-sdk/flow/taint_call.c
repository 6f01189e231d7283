// SPDX-License-Identifier: GPL-2.0-only
/* What helpers make of a number of a guest or a user: which judge it, and what they return then. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

static bool is_neutral(const struct flow *flow, const struct call *call)
{
	static const char *const words[] = {
		"IS_ALIGNED", "hweight32", "hweight64", "ilog2", "fls", "kmalloc_array", "struct_size",
		"array_size", "size_mul", "vmalloc", "BIT", "BIT_ULL", "GENMASK", "sizeof",
		"DIV_ROUND_UP", "round_up", "roundup", "ALIGN", "upper_32_bits", "lower_32_bits",
		"u64_to_user_ptr", "mdk_ring_read", "mdk_ring_write", "do_div", "div_u64",
		"div64_u64", "mul_u32_u32", "vmalloc_user", "access_ok", "dma_alloc_coherent",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (!strcmp(call->name, words[i]))
			return true;
	return call->nr_rows || lab_has_prefix(call->name, "cpu_to_") ||
	       lab_has_suffix(call->name, "_to_cpu") || strstr(call->name, "printk") ||
	       lab_has_prefix(call->name, "dev_") || lab_has_prefix(call->name, "trace_") ||
	       call_row(call, family_of(flow, "harmless"), ROLE_USE);
}

/* Does the argument give the number away, and by which name does the helper have it. */
static const char *given_as(struct taint *taint, const struct call *call, unsigned int arg)
{
	const struct function *callee = call->callee;
	const char *object = call->objects[arg], *name = taint->name;
	bool address = token_is(taint->fn->file, call->args[arg].first, "&");

	if (!callee || arg >= callee->nr_params || !*object)
		return NULL;
	if (object == name)
		return address ? keep_fmt(taint->run->flow, "*%s", callee->params[arg]) :
				 callee->params[arg];
	if (object_within(name, object))
		return keep_fmt(taint->run->flow, "%s%s", callee->params[arg],
				name + strlen(object));
	if (*name == '*' && !strcmp(name + 1, object))
		return keep_fmt(taint->run->flow, "*%s", callee->params[arg]);
	return NULL;
}

/* What is the user's in the helper. */
static void give_users(const struct taint *taint, const struct call *call, struct taint *inside)
{
	for (unsigned int u = 0; u < taint->nr_users; u++)
		for (unsigned int i = 0; i < call->count && i < call->callee->nr_params; i++) {
			const char *object = call->objects[i], *user = taint->users[u];

			if (object_within(object, user))
				taint_add(inside->users, &inside->nr_users,
					  call->callee->params[i]);
			else if (*object && object_within(user, object))
				taint_add(inside->users, &inside->nr_users,
					  keep_fmt(taint->run->flow, "%s%s",
						   call->callee->params[i],
						   user + strlen(object)));
		}
}

static struct taint enter(struct taint *taint, const struct call *call, const char *name)
{
	struct taint inside = {
		.run = taint->run, .fn = call->callee, .name = name, .depth = taint->depth + 1,
		.stored = taint->stored, .position = taint->position,
	};

	inside.type = type_of(taint->run->flow, call->callee, name);
	give_users(taint, call, &inside);
	return inside;
}

/* "f(x + 1)": what is made of it goes in by the parameter's name. */
static void follow_made(struct taint *taint, const struct call *call, unsigned int arg, int state)
{
	struct bound bound = taint_bound(taint, state);
	long long most;
	struct taint inside;

	if (!says_object(call->objects[arg], taint->name) || !call->callee ||
	    arg >= call->callee->nr_params || strpbrk(call->objects[arg], "<>?&|-") ||
	    state_facts(state) & FACT_UPPER)
		return;
	/* What is added to it makes it no less. */
	bound.at_least = true;
	most = most_of(taint->run->flow, taint->fn->file, call->args[arg], &bound);
	if (most < 0)
		return;
	inside = enter(taint, call, call->callee->params[arg]);
	taint_follow(&inside, NO_NODE, taint_as_type(&inside, inside.type,
		     state_of(taint->run, FACT_NONZERO | FACT_LOWER, most)));
}

static struct outcome call_outcome(struct taint *taint, const struct call *call, int state,
				   bool *known)
{
	struct outcome outcome = { 0 };

	*known = false;
	for (unsigned int i = 0; i < call->count; i++) {
		const char *name = given_as(taint, call, i);
		struct taint inside;
		int given;

		if (!name) {
			follow_made(taint, call, i, state);
			continue;
		}
		if (taint->depth >= MAX_TAINT_DEPTH)
			continue;
		inside = enter(taint, call, name);
		given = taint_as_type(&inside, inside.type, state);
		/* A signed number that is not negative is none in another signed one. */
		if (taint->type.is_signed && state_facts(state) & FACT_LOWER &&
		    inside.type.bits >= taint->type.bits)
			given |= FACT_LOWER;
		outcome = taint_follow(&inside, NO_NODE, given);
		*known = true;
	}
	return outcome;
}

static bool gets_it(const struct taint *taint, const struct call *call)
{
	for (unsigned int i = 0; i < call->count; i++) {
		const char *object = call->objects[i];

		if (says_object(object, taint->name) || (*object && *taint->name != '*' &&
							 object_within(taint->name, object)) ||
		    (*taint->name == '*' && !strcmp(taint->name + 1, object)))
			return true;
	}
	return false;
}

/* What is better known of the two; what a helper knows of a copy holds for the number. */
static int better(const struct taint *taint, int one, int two)
{
	long long most = state_most(taint->run, one), other = state_most(taint->run, two);

	return state_of(taint->run, state_facts(one) | state_facts(two),
			most < other ? most : other);
}

static int after_outcome(const struct taint *taint, const struct outcome *outcome, bool good,
			 int state)
{
	/* It got another value, or there is no such way out. */
	if (!outcome->reached[good])
		return outcome->reached[!good] ? state : state_of(taint->run, FACTS,
								   state_most(taint->run, state));
	return better(taint, state, outcome->state[good]);
}

/* A call whose result somebody looks at, or that may change what it gets. */
int taint_after_call(struct taint *taint, const struct node *node, const struct call *call,
		      int state)
{
	bool known, used = call->result || node->kind != NODE_EXPR;
	struct outcome outcome;

	if (!gets_it(taint, call))
		return state;
	outcome = call_outcome(taint, call, state, &known);
	if (known && !used && taint_returned_by(call->callee) != RETURNS_NOTHING)
		return state;
	if (known && taint_returned_by(call->callee) == RETURNS_BOOL && outcome.reached[0] &&
	    outcome.reached[1])
		return better(taint, after_outcome(taint, &outcome, true, state),
			      after_outcome(taint, &outcome, false, state));
	if (known)
		return after_outcome(taint, &outcome, true, state);
	/* Somebody else's function may have judged it. */
	if (!is_neutral(taint->run->flow, call) && !call->callee && used)
		return state_of(taint->run, FACTS, state_most(taint->run, state));
	return state;
}

/* On one side of a test that calls helpers. */
int taint_after_tested_call(struct taint *taint, const struct node *node, bool taken, int state)
{
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];
		bool known, good = taken;
		struct outcome outcome;

		if (!gets_it(taint, call))
			continue;
		outcome = call_outcome(taint, call, state, &known);
		if (!known || call->at != node->span.first || taint_returned_by(call->callee) ==
		    RETURNS_NOTHING) {
			state = taint_after_call(taint, node, call, state);
			continue;
		}
		if (taint_returned_by(call->callee) == RETURNS_NUMBER)
			good = outcome.reached[0] ? !taken : taken;
		state = after_outcome(taint, &outcome, good, state);
	}
	return state;
}
