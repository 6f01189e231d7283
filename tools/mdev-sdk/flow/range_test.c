// SPDX-License-Identifier: GPL-2.0-only
/* Which comparisons say that an access ends where there is still memory. */
#define _GNU_SOURCE
#include <string.h>

#include "range.h"
#include "values.h"

static bool splits(const struct file *file, unsigned int at)
{
	static const char *const signs[] = { "&&", "||", "?", ":", "," };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++)
		if (token_is(file, at, signs[i]))
			return true;
	return false;
}

static bool compares(const struct file *file, unsigned int at)
{
	return token_is(file, at, "<") || token_is(file, at, ">") || token_is(file, at, "<=") ||
	       token_is(file, at, ">=");
}

static const char *text_of(const struct access *access, struct span span)
{
	return object_of(access->asked->flow, access->fn->file, span);
}

/* The sides of a comparison; of no sign the second is empty. */
struct sides {
	struct span left, right;
};

static struct sides sides_of(const struct access *access, struct span span)
{
	unsigned int sign = span.first;

	while (sign < span.end && !compares(access->fn->file, sign))
		sign++;
	return (struct sides){
		{ span.first, sign }, { sign < span.end ? sign + 1 : sign, span.end },
	};
}

/* Each part of a condition, until one says yes. */
typedef bool part_fn(struct access *access, struct span part);

static bool each_part(struct access *access, struct span span, part_fn *part)
{
	unsigned int first = span.first;

	for (unsigned int i = span.first; i <= span.end; i++) {
		if (i < span.end && !splits(access->fn->file, i))
			continue;
		if (part(access, (struct span){ first, i }))
			return true;
		first = i + 1;
	}
	return false;
}

static void add_limit(struct access *access, struct span number, struct span limit)
{
	const char *text = text_of(access, number), *other = text_of(access, limit);

	if (range_has_position(access, text) && !range_has_count(access, text) &&
	    !range_has_count(access, other) && !range_has_position(access, other) && *other)
		names_add(access->limits, &access->nr_limits, MAX_RANGE_NAMES, other);
}

static bool read_limit(struct access *access, struct span part)
{
	struct sides sides = sides_of(access, part);

	if (sides.right.first < sides.right.end) {
		add_limit(access, sides.left, sides.right);
		add_limit(access, sides.right, sides.left);
	}
	return false;
}

void range_read_limits(struct access *access)
{
	for (unsigned int i = 1; i < access->fn->nr_nodes; i++)
		if (access->fn->nodes[i].kind == NODE_TEST ||
		    access->fn->nodes[i].kind == NODE_RETURN)
			each_part(access, access->fn->nodes[i].span, read_limit);
}

/* Is any of the user's numbers in it computed in more than 32 bits. */
static bool is_wide(const struct access *access, struct span span)
{
	struct flow *flow = access->asked->flow;
	const struct file *file = access->fn->file;

	for (unsigned int i = span.first; i < span.end; i++) {
		const char *name = token_text(flow, file, i);
		struct value_type type = type_of_name(name, false);

		if (type.bits > 32 || token_is(file, i, "sizeof"))
			return true;
		if (file->tokens[i].kind != TOKEN_NAME)
			continue;
		type = type_of(flow, access->fn, name);
		if ((variable_of(access->fn, name) || param_of(access->fn, name) >= 0) &&
		    type.bits != 32)
			return true;
	}
	return false;
}

/* "at + bytes" that wraps in 32 bits: neither was compared by itself. */
static bool may_wrap(const struct access *access, struct span sum)
{
	const char *text = text_of(access, sum);

	return strchr(text, '+') && range_has_position(access, text) &&
	       range_has_count(access, text) && !access->nr_limits && !access->tested &&
	       !is_wide(access, sum);
}

/* One comparison has both; that there is one of each says nothing. */
static bool has_both(struct access *access, struct span part)
{
	struct sides sides = sides_of(access, part);
	const char *text = text_of(access, part);

	if (sides.right.first == sides.right.end || !range_has_count(access, text) ||
	    !range_has_position(access, text))
		return false;
	if (may_wrap(access, sides.left) || may_wrap(access, sides.right))
		return false;
	/* What is before the beginning may still end where there is memory. */
	return !access->lowered || access->nr_limits || access->tested ||
	       !strchr(text, '+');
}

/* "count != 4" says how many; "!count" and "count % 4" do not. */
static bool says_how_many(const struct access *access, const struct node *node)
{
	const char *text = text_of(access, node->span), *sign = strstr(text, "==");

	sign = sign ? sign : strstr(text, "!=");
	if (!sign || !range_has_count(access, text))
		return false;
	return strcmp(sign + 2, "0") && strcmp(sign + 2, "NULL") && !strpbrk(text, "%&");
}

static bool is_switched(const struct access *access, const struct node *node)
{
	const struct node *next = &access->fn->nodes[node->next];

	return node->kind == NODE_EXPR && next->kind == NODE_JOIN &&
	       access->fn->nodes[next->next].kind == NODE_CASE &&
	       range_has_count(access, text_of(access, node->span));
}

/* The lesser of the count and the whole, which the position was compared with: no more is known. */
static bool is_cut_to_whole(const struct access *access, const struct node *node,
			    const struct assign *assign)
{
	const char *from = text_of(access, assign->from);

	if (names_have(access->limits, access->nr_limits, from))
		return true;
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		bool whole = false;

		if (call->result != assign->object ||
		    !(lab_has_prefix(call->name, "min") || !strcmp(call->name, "umin")))
			continue;
		for (unsigned int k = 0; k < call->count; k++)
			whole |= names_have(access->limits, access->nr_limits, call->objects[k]);
		return whole;
	}
	return false;
}

/* Another value of the count: of another size it is taken for a good one. */
static bool is_cut(const struct access *access, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const struct assign *assign = &node->assigns[k];

		if (names_have(access->counts, access->nr_counts, assign->object) &&
		    !names_have(access->counts, access->nr_counts, text_of(access, assign->from)) &&
		    !is_cut_to_whole(access, node, assign))
			return true;
	}
	return false;
}

bool range_has_whole(const struct access *access, const char *text)
{
	for (unsigned int i = 0; i < access->nr_counts; i++) {
		const char *count = access->counts[i];
		struct value_type type = type_of(access->asked->flow, access->fn, count);

		if (has_word(text, count) && !(type.bits && type.bits < 64))
			return true;
	}
	return false;
}

enum judged range_judged(const struct access *access, const struct node *node)
{
	struct access *of = (struct access *)access;

	if (node->span.first >= node->span.end)
		return OPEN;
	if ((node->kind == NODE_TEST && says_how_many(access, node)) || is_switched(access, node) ||
	    is_cut(access, node))
		return JUDGED;
	if (!each_part(of, node->span, has_both))
		return OPEN;
	return range_has_whole(access, text_of(access, node->span)) ? JUDGED : CUT;
}
