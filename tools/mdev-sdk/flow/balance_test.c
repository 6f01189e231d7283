// SPDX-License-Identifier: GPL-2.0-only
/* What tests say of a thing that was got: whether it was, and whether this way is possible. */
#define _GNU_SOURCE
#include <string.h>

#include "balance.h"

bool is_turned(const char *text)
{
	static const char *const ends[] = { "==0", "==NULL", "==false" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(ends); i++)
		if (strlen(text) > strlen(ends[i]) &&
		    !strcmp(text + strlen(text) - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

/* The side of the test on which nothing was got: 1 where it is true, 0 where not, -1 unknown. */
static int failed_side(const struct walk *walk, const struct node *node)
{
	const struct held_walk *held = walk->data;
	const char *text = node->text ? node->text : "";
	const char *value = held->kind->value ? held->object : held->result;

	if (node == &walk->fn->nodes[held->get])
		return (held->fails == FAILS_ZERO || held->fails == FAILS_NULL) == is_turned(text);
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

/* "if (x->flags & OWNED) put(x);": it says itself whether it is to be given back. */
static bool says_itself(const struct walk *walk, const struct node *node)
{
	const struct held_walk *held = walk->data;
	unsigned int at = node->next;

	if (!held->kind->value || !node->text || !object_within(node->text, held->object) ||
	    node->text == held->object)
		return false;
	for (unsigned int steps = 0; steps < 8; steps++) {
		const struct node *here = &walk->fn->nodes[at];

		if (here->kind != NODE_JOIN && here->kind != NODE_EXPR)
			return false;
		if (gives_back(walk, here))
			return true;
		at = here->next;
	}
	return false;
}

/* "if (pages)" where so many were allocated: there are some. */
static bool is_its_size(const struct held_walk *held, const char *text)
{
	if (!held->kind->value || !held->direct || !*text || strpbrk(text, ".[*()<>=!&|+-"))
		return false;
	for (unsigned int i = 0; i < held->call->count; i++)
		if (has_word(held->call->objects[i], text))
			return true;
	return false;
}

/* "x == y" is another's, and what leads to it is there. A loop over all gives back an element. */
static bool is_possible(struct walk *walk, const struct node *node, bool taken)
{
	struct held_walk *held = walk->data;
	size_t len = strlen(held->object);
	const char *text = node->text ? node->text : "";

	if (strstr(text, "for_each") && strchr(held->object, '['))
		return false;
	if (says_itself(walk, node) || is_its_size(held, text))
		return taken;
	if (text != held->object && object_within(held->object, text))
		return taken;
	if (held->kind->value && !strncmp(text, held->object, len) &&
	    (!strncmp(text + len, "!=", 2) || !strncmp(text + len, "==", 2)) &&
	    !has_word(text + len, "NULL"))
		return taken == (text[len] == '!');
	return true;
}

/* "if (x->armed) put": the member says whether there is anything to put. */
static bool decides_put(const struct walk *walk, const struct node *node)
{
	const struct function *fn = walk->fn;
	unsigned int yes = past_joins(fn, node->next), no = past_joins(fn, node->other);

	if (!node->text || !strchr(node->text, '.') || node->assumed >= 0)
		return false;
	return (gives_back(walk, &fn->nodes[yes]) && past_joins(fn, fn->nodes[yes].next) == no) ||
	       (gives_back(walk, &fn->nodes[no]) && past_joins(fn, fn->nodes[no].next) == yes);
}

/* "if (ret) unpin(ret)": where it is not so, not even a part was got. */
static bool says_nothing(const struct held_walk *held, const struct node *node, bool taken)
{
	size_t len = held->result ? strlen(held->result) : 0;
	const char *text = node->text;

	if (!len || !text || held->fails != FAILS_NEGATIVE || strncmp(text, held->result, len))
		return false;
	if (!text[len] || !strcmp(text + len, ">0") || !strcmp(text + len, "!=0"))
		return !taken;
	return (!strcmp(text + len, "<0") || !strcmp(text + len, "<=0") ||
		!strcmp(text + len, "==0")) && taken;
}

/* "if (fd >= 0) put(fd)": of a number that was got it is so. */
static bool says_number(const struct held_walk *held, const struct node *node, bool taken)
{
	size_t len = strlen(held->object);
	const char *text = node->text;

	if (held->fails != FAILS_NEGATIVE || !held->kind->value || !text ||
	    strncmp(text, held->object, len))
		return false;
	return (!strcmp(text + len, ">=0") && !taken) || (!strcmp(text + len, "<0") && taken);
}

int branch_state(struct walk *walk, unsigned int at, bool taken, int state)
{
	struct held_walk *held = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	int side;

	if (state == DOUBT && node->text && held->returned && has_word(node->text, held->returned))
		return HELD;
	if (held->kind->value && state == HELD && node->text && held->fails != FAILS_NOT &&
	    !held->many && node->text == held->object && !taken)
		return -1;
	if (state == HELD && says_number(held, node, taken))
		return -1;
	if (state == HELD && decides_put(walk, node))
		return -1;
	if (state == HELD && says_nothing(held, node, taken))
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
