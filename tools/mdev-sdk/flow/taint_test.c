// SPDX-License-Identifier: GPL-2.0-only
/* What a test says of a number of a guest or a user, on the side where it is true and the other. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taint.h"

enum relation { LESS, LESS_EQUAL, MORE, MORE_EQUAL, EQUAL, DIFFERENT, RELATIONS };

static const char *const signs[RELATIONS] = { "<", "<=", ">", ">=", "==", "!=" };
static const enum relation opposite[RELATIONS] = {
	MORE_EQUAL, MORE, LESS_EQUAL, LESS, DIFFERENT, EQUAL,
};
/* Of "a < b" what b is to a. */
static const enum relation turned[RELATIONS] = {
	MORE, MORE_EQUAL, LESS, LESS_EQUAL, EQUAL, DIFFERENT,
};

struct comparison {
	struct span number, limit;	/* the side that has the number, and the other */
	enum relation relation;
};

/* "WARN_ON(x)", "(x)", "unlikely(x)" are x. */
static struct span strip(const struct file *file, struct span span)
{
	static const char *const words[] = { "WARN_ON", "WARN_ON_ONCE", "likely", "unlikely" };

	for (;;) {
		unsigned int open = span.first;

		for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
			if (token_is(file, span.first, words[i]))
				open = span.first + 1;
		if (!token_is(file, open, "(") || file->tokens[open].match + 1 != span.end)
			return span;
		span = span_inside(file, open);
	}
}

static unsigned int find_sign(const struct file *file, struct span span, const char *sign)
{
	for (unsigned int i = span.first; i < span.end; i++) {
		if (token_is(file, i, sign))
			return i;
		if (file->tokens[i].match > i)
			i = file->tokens[i].match;
	}
	return span.end;
}

static bool says(const struct taint *taint, struct span span, const char *name)
{
	return says_object(object_of(taint->run->flow, taint->fn->file, span), name);
}

/* By its own name, or by that of what it was made of. */
static bool says_number(const struct taint *taint, struct span span)
{
	if (says(taint, span, taint->name))
		return true;
	for (unsigned int i = 0; i < taint->nr_origins; i++)
		if (says(taint, span, taint->origins[i]))
			return true;
	return false;
}

static bool split(const struct taint *taint, struct span span, struct comparison *comparison)
{
	const struct file *file = taint->fn->file;

	for (int i = 0; i < RELATIONS; i++) {
		unsigned int at = find_sign(file, span, signs[i]);
		struct span left = { span.first, at }, right = { at + 1, span.end };

		if (at == span.end)
			continue;
		if (says_number(taint, left))
			*comparison = (struct comparison){ left, right, i };
		else
			*comparison = (struct comparison){ right, left, turned[i] };
		return true;
	}
	return false;
}

static bool is_unsigned_limit(const struct taint *taint, struct span span);

static bool constant_is_signed(const struct taint *taint, unsigned int at)
{
	const struct flow *flow = taint->run->flow;
	const char *name = token_text((struct flow *)flow, taint->fn->file, at);

	for (size_t i = 0; i < flow->nr_constants; i++) {
		const struct constant *constant = &flow->constants[i];

		if (constant->name != name)
			continue;
		for (unsigned int t = constant->body.first; t < constant->body.end; t++) {
			const struct token *token = &constant->file->tokens[t];

			if (token->kind == TOKEN_NAME || memchr(token->at, 'U', token->len))
				return false;
		}
		return true;
	}
	return false;
}

/* Where nothing else is known the comparison is taken for one without signs. */
static bool is_unsigned_limit(const struct taint *taint, struct span span)
{
	const struct file *file = taint->fn->file;
	struct value_type type;

	/* "(int)x" */
	if (token_is(file, span.first, "(") && skip_cast(file, span.first, span.end) > span.first) {
		type = type_of_name(token_text(taint->run->flow, file, span.first + 1), false);
		if (type.bits && type.is_signed && token_is(file, span.first + 2, ")"))
			return false;
	}
	for (unsigned int i = span.first; i < span.end; i++) {
		const struct token *token = &file->tokens[i];

		if (token->kind == TOKEN_NUMBER &&
		    (memchr(token->at, 'U', token->len) || memchr(token->at, 'u', token->len)))
			return true;
		if (token->kind != TOKEN_NAME || constant_is_signed(taint, i))
			continue;
		type = type_of(taint->run->flow, taint->fn,
			       object_of(taint->run->flow, file, span));
		return !type.bits || !type.is_signed;
	}
	return false;
}

/* The number itself, against something. */
static int compared(const struct taint *taint, struct span limit, enum relation relation, int state)
{
	struct tainting *run = taint->run;
	const struct bound none = { .fn = taint->fn };
	long long most = state_most(run, state), other;
	unsigned int facts = state_facts(state);
	bool users = taint_is_user(taint, object_of(run->flow, taint->fn->file, limit));

	other = users ? -1 : most_of(run->flow, taint->fn->file, limit, &none);
	if (is_unsigned_limit(taint, limit) && !users)
		facts |= FACT_LOWER;
	switch (relation) {
	case LESS:
	case LESS_EQUAL:
	case EQUAL:
		facts |= relation == EQUAL && other ? FACT_NONZERO | FACT_LOWER : 0;
		if (other >= 0)
			other -= relation == LESS;
		if (other >= 0)
			most = other < most ? other : most;
		else if (!users || relation == EQUAL)
			facts |= FACT_UPPER;
		break;
	case MORE_EQUAL:
		facts |= other ? FACT_NONZERO | FACT_LOWER : FACT_LOWER;
		break;
	case MORE:
		facts |= FACT_NONZERO | FACT_LOWER;
		break;
	default:
		facts |= other ? 0 : FACT_NONZERO;
		facts |= taint->counts ? FACT_UPPER : 0;
	}
	return state_of(run, facts, most);
}

/* How wide a sum is computed; 0: who knows. */
static unsigned int width_of(const struct taint *taint, struct span span)
{
	const struct file *file = taint->fn->file;
	unsigned int bits = 32;

	for (unsigned int i = span.first; i < span.end; i++) {
		unsigned int end = i + 1;
		struct value_type type;

		if (token_is(file, i, "sizeof") || token_is(file, i, "struct_size"))
			return 64;
		if (token_is(file, i, "(") && skip_cast(file, i, span.end) > i) {
			type = type_of_name(token_text(taint->run->flow, file,
						       file->tokens[i].match - 1), false);
			bits = type.bits > bits ? type.bits : bits;
			i = file->tokens[i].match;
			continue;
		}
		if (file->tokens[i].kind != TOKEN_NAME)
			continue;
		while (end < span.end && (token_is(file, end, "->") || token_is(file, end, ".")))
			end += 2;
		type = type_of(taint->run->flow, taint->fn,
			       object_of(taint->run->flow, file, (struct span){ i, end }));
		if (!type.bits &&
		    most_of(taint->run->flow, file, (struct span){ i, end }, NULL) < 0)
			return 0;
		bits = type.bits > bits ? type.bits : bits;
		i = end - 1;
	}
	return bits;
}

/* "a < N" alone, without what is added to it. */
static bool says_alone(const char *text, const char *name)
{
	while (*text) {
		size_t len = strcspn(text, "&|");
		char part[160];
		char *sign;

		snprintf(part, sizeof(part), "%.*s", (int)len, text);
		sign = strpbrk(part, "<>=");
		if (sign)
			*sign = '\0';
		if (sign && !strpbrk(part, "+*") && has_word(part, name))
			return true;
		text += len + strspn(text + len, "&|");
	}
	return false;
}

/* One calls the other, or somebody calls both. */
static bool is_kin(const struct flow *flow, const struct function *fn,
		   const struct function *other)
{
	if (fn == other || calls_function(fn, other) || calls_function(other, fn))
		return true;
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (flow->functions[i]->file == fn->file &&
		    calls_function(flow->functions[i], fn) &&
		    calls_function(flow->functions[i], other))
			return true;
	return false;
}

/* Somebody judges another number of the user by itself: how well is not asked here. */
static bool is_judged(const struct taint *taint, const char *object)
{
	struct flow *flow = taint->run->flow;
	const char *member = object_member(flow, object);

	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *fn = flow->functions[i];

		if (fn->file != taint->fn->file || (!member && fn != taint->fn))
			continue;
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			if (fn->nodes[n].text &&
			    says_alone(fn->nodes[n].text, member ? member : object) &&
			    is_kin(flow, taint->fn, fn))
				return true;
	}
	return false;
}

/* The most of a part of a sum: of another number of the user what its type holds. */
static long long most_of_part(const struct taint *taint, struct span span, int state)
{
	const struct file *file = taint->fn->file;
	const char *object = object_of(taint->run->flow, file, span);
	struct bound bound = taint_bound(taint, state);
	struct value_type type;

	if (says_object(object, taint->name) || !taint_is_user(taint, object))
		return most_of(taint->run->flow, file, span, &bound);
	type = type_of(taint->run->flow, taint->fn, object);
	return type.bits && !is_judged(taint, object) ? most_of_type(type) : -1;
}

bool taint_wraps(const struct taint *taint, struct span span, unsigned int bits, int state)
{
	static const char *const joins[] = { "+", "*", "<<" };
	const struct file *file = taint->fn->file;
	unsigned int width = width_of(taint, span);
	long long limit;

	width = bits && bits < width ? bits : width;
	span = strip(file, span);
	if (width < 32 && !bits)
		return false;
	limit = width >= 63 ? ENDLESS : 1LL << width;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(joins); i++) {
		unsigned int at = find_sign(file, span, joins[i]);
		long long left, right;

		if (at == span.end || at == span.first)
			continue;
		left = most_of_part(taint, (struct span){ span.first, at }, state);
		right = most_of_part(taint, (struct span){ at + 1, span.end }, state);
		/* All that 32 bits hold, and something: whatever it is, it wraps. */
		if (i == 0 && width == 32 && left == limit - 1 && right < 0)
			return true;
		if (left <= 0 || right <= 0)
			return false;
		/* To a 64 bit number something small may be added. */
		if (i == 0)
			return width >= 64 ? left >= limit && right >= limit :
					     left + right >= limit;
		if (i == 2)
			return right < 62 && left >= limit >> right;
		return left >= limit / right + (limit % right != 0);
	}
	return false;
}

/* "x + 4", "x * 8", "size - x", or a variable that was made of it. */
static int compared_made(const struct taint *taint, const struct comparison *comparison,
			 enum relation relation, int state)
{
	struct tainting *run = taint->run;
	const char *text = object_of(run->flow, taint->fn->file, comparison->number);
	unsigned int facts = state_facts(state);
	bool both = says_number(taint, comparison->limit);

	/* "a + b < a" is how one looks for what has wrapped. */
	if (both || strpbrk(text, "-?(~%"))
		return state_of(run, FACTS, state_most(run, state));
	if (taint_wraps(taint, comparison->number, 0, state))
		return state;
	if (relation == LESS || relation == LESS_EQUAL || relation == EQUAL)
		facts |= FACT_UPPER | FACT_LOWER;
	else if (relation == MORE || relation == MORE_EQUAL)
		facts |= FACT_LOWER;
	return state_of(run, facts, state_most(run, state));
}

/* What the variable that a test has was made of, where that is a sum or so of the number. */
static const struct assign *made_into(const struct taint *taint, const char *text)
{
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++) {
		const struct node *node = &taint->fn->nodes[n];

		for (unsigned int k = 0; k < node->nr_assigns; k++) {
			const struct assign *assign = &node->assigns[k];

			if (says_object(text, assign->object) && assign->object != taint->name &&
			    token_is(taint->fn->file, assign->at, "=") &&
			    says(taint, assign->from, taint->name))
				return assign;
		}
	}
	return NULL;
}

/* "y" is the number, or a cast of it: what is known on this side holds for the number too. */
static bool is_copy(const struct taint *taint, const struct assign *assign, struct span span,
		    struct comparison *comparison)
{
	struct flow *flow = taint->run->flow;
	const struct file *file = taint->fn->file;

	if (object_of(flow, file, assign->from) != taint->name || !split(taint, span, comparison))
		return false;
	if (object_of(flow, file, comparison->number) != assign->object) {
		struct span number = comparison->limit;

		comparison->limit = comparison->number;
		comparison->number = number;
		comparison->relation = turned[comparison->relation];
	}
	return object_of(flow, file, comparison->number) == assign->object;
}

/* A test of "end", which is "x + y". */
static int tested_by_other(const struct taint *taint, struct span span, bool taken, int state)
{
	struct tainting *run = taint->run;
	const char *text = object_of(run->flow, taint->fn->file, span);
	const struct assign *assign = made_into(taint, text);
	struct comparison comparison;
	struct value_type type;

	if (!assign)
		return state;
	type = type_of(run->flow, taint->fn, assign->object);
	if (!strpbrk(text, "<>=!") || taint_wraps(taint, assign->from, type.bits, state))
		return state;
	/* What was cut off to make it, nobody has looked at. */
	if (type.bits && type.bits < taint->type.bits && !taint_is_trusted(state) &&
	    state_most(run, state) > most_of_type(type) && !strpbrk(text, "-+/*"))
		return state;
	if (is_copy(taint, assign, span, &comparison))
		return compared(taint, comparison.limit, taken ? comparison.relation :
				opposite[comparison.relation], state);
	return state_of(run, FACTS, state_most(run, state));
}

/* "if (x)", "if (x & FLAG)". */
static int tested_alone(const struct taint *taint, struct span span, bool taken, int state)
{
	struct tainting *run = taint->run;
	const char *text = object_of(run->flow, taint->fn->file, span);

	if (text == taint->name)
		return taken ? state_of(run, state_facts(state) | FACT_NONZERO,
					state_most(run, state)) :
			       state_of(run, state_facts(state) | FACT_LOWER, 0);
	if (says_object(text, "is_power_of_2") && taken)
		return state_of(run, state_facts(state) | FACT_NONZERO, state_most(run, state));
	/* "x & ~ALL", "x >> 8" and the like leave little over; "x % 4" as much as it was. */
	if (strpbrk(text, "~>/?"))
		return state_of(run, FACTS, state_most(run, state));
	return state;
}

/* "i < first + count", where i began as first: how large first is nobody has said. */
static bool is_own_end(const struct taint *taint, const struct comparison *comparison)
{
	struct flow *flow = taint->run->flow;
	const char *limit = object_of(flow, taint->fn->file, comparison->limit);

	if (object_of(flow, taint->fn->file, comparison->number) != taint->name)
		return false;
	for (unsigned int i = 0; i < taint->nr_origins; i++)
		if (limit != taint->origins[i] && strchr(limit, '+') &&
		    says_object(limit, taint->origins[i]))
			return true;
	return false;
}

/* Another test, or what is computed, has both. */
static bool is_summed(const struct taint *taint, const char *begin, const char *other)
{
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++) {
		struct node *node = &taint->fn->nodes[n];
		const char *text = node->kind == NODE_TEST || node->nr_assigns ?
				   node_text(taint->run->flow, taint->fn, node) : "";

		if (says_object(text, begin) && says_object(text, other) &&
		    !says_object(text, taint->name))
			return true;
	}
	return false;
}

/* "first" and "count" were each compared, and their sum was not: it goes as far as both say. */
static int up_to_end(const struct taint *taint, const struct comparison *comparison, int state)
{
	struct flow *flow = taint->run->flow;
	const struct file *file = taint->fn->file;
	const struct bound none = { .fn = taint->fn };
	unsigned int plus = find_sign(file, comparison->limit, "+");
	struct span left = { comparison->limit.first, plus };
	struct span right = { plus + 1, comparison->limit.end }, limit;
	bool first = says_number(taint, left);
	const char *other = object_of(flow, file, first ? right : left);
	const char *begin = object_of(flow, file, first ? left : right);
	long long most;

	if (plus >= comparison->limit.end || state_facts(state) & FACT_UPPER ||
	    !taint->nr_origins || !taint_is_user(taint, other))
		return state;
	limit = taint_limit_of(taint, other);
	most = limit.end ? most_of(flow, file, limit, &none) : -1;
	if (most <= 0 || is_summed(taint, begin, other))
		return state;
	return state_of(taint->run, state_facts(state), state_most(taint->run, state) + most - 1);
}

int taint_tested(const struct taint *taint, struct span span, bool taken, int state)
{
	const struct file *file = taint->fn->file;
	struct comparison comparison;
	enum relation relation;

	span = strip(file, span);
	if (token_is(file, span.first, "!"))
		return taint_tested(taint, (struct span){ span.first + 1, span.end }, !taken,
				    state);
	if (find_sign(file, span, "?") < span.end || find_sign(file, span, "||") < span.end)
		return says_number(taint, span) ? state_of(taint->run, FACTS,
							   state_most(taint->run, state)) : state;
	for (unsigned int at; (at = find_sign(file, span, "&&")) < span.end; ) {
		if (taken)
			state = taint_tested(taint, (struct span){ span.first, at }, true, state);
		span.first = at + 1;
	}
	span = strip(file, span);
	if (!says_number(taint, span))
		return tested_by_other(taint, span, taken, state);
	if (!split(taint, span, &comparison))
		return tested_alone(taint, span, taken, state);
	relation = taken ? comparison.relation : opposite[comparison.relation];
	if (object_of(taint->run->flow, file, comparison.number) == taint->name &&
	    !says_number(taint, comparison.limit))
		return compared(taint, comparison.limit, relation, state);
	if (is_own_end(taint, &comparison))
		return taken ? up_to_end(taint, &comparison, state) : state;
	return compared_made(taint, &comparison, relation, state);
}
