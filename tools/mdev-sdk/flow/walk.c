// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks each way through a function. A test whose outcome was seen before on this way, or that
 * follows from a constant, has the same one again; what was there with the same state and the
 * same knowledge is not walked twice.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

#define MAX_STEPS 100000	/* then nothing is said of the function */

struct walk_seen {
	unsigned int node;
	int state;
	uint32_t known, value;
};

static size_t place_of(const struct walk_seen *seen, size_t room)
{
	size_t hash = seen->node;

	hash = hash * 31 + seen->state;
	hash = hash * 31 + seen->known;
	hash = hash * 31 + seen->value;
	return hash % room;
}

static void add_seen(struct walk *walk, const struct walk_seen *seen)
{
	size_t at = place_of(seen, walk->room);

	while (walk->seen[at].node)
		at = (at + 1) % walk->room;
	walk->seen[at] = *seen;
}

static void make_room(struct walk *walk)
{
	struct walk_seen *old = walk->seen;
	size_t room = walk->room;

	if (2 * (walk->nr_seen + 1) < room)
		return;
	walk->room = room ? 2 * room : 256;
	walk->seen = lab_grow(NULL, walk->room, sizeof(*walk->seen));
	memset(walk->seen, 0, walk->room * sizeof(*walk->seen));
	for (size_t i = 0; i < room; i++)
		if (old[i].node)
			add_seen(walk, &old[i]);
	free(old);
}

static bool was_there(struct walk *walk, unsigned int node, int state)
{
	const struct walk_seen here = { node, state, walk->known, walk->value };
	size_t at;

	make_room(walk);
	at = place_of(&here, walk->room);
	for (; walk->seen[at].node; at = (at + 1) % walk->room)
		if (!memcmp(&walk->seen[at], &here, sizeof(here)))
			return true;
	walk->seen[at] = here;
	walk->nr_seen++;
	return false;
}

/* 1: not zero, 0: zero, -1: who knows. */
static int constant(const struct file *file, struct span span)
{
	unsigned int first = span.first;
	bool minus = token_is(file, first, "-");

	/* An error is less than zero. */
	if (token_is(file, first, "PTR_ERR") && file->tokens[first + 1].match + 1 == span.end)
		return 1;
	first += minus;
	if (first + 1 != span.end)
		return -1;
	if (token_is(file, first, "0") || token_is(file, first, "NULL") ||
	    token_is(file, first, "false"))
		return 0;
	if (minus || token_is(file, first, "true") || token_is(file, first, "1"))
		return 1;
	return -1;
}

static void assume(struct walk *walk, int condition, bool value)
{
	uint32_t bit = 1U << condition;

	walk->known |= bit;
	walk->value = value ? walk->value | bit : walk->value & ~bit;
}

/* Who is less than zero is not zero, and who is zero is not less. */
static void assume_other(struct walk *walk, int condition, bool value)
{
	const char *text = walk->fn->conditions[condition];
	size_t len = strlen(text);
	bool negative = lab_has_suffix(text, "<0");

	len -= negative ? 2 : 0;
	for (unsigned int c = 0; value == negative && c < walk->fn->nr_conditions; c++) {
		const char *other = walk->fn->conditions[c];

		if (!strncmp(other, text, len) && !strcmp(other + len, negative ? "" : "<0"))
			assume(walk, c, negative);
	}
}

static void assume_both(struct walk *walk, int condition, bool value)
{
	assume(walk, condition, value);
	assume_other(walk, condition, value);
}

static void learn_assign(struct walk *walk, const struct assign *assign)
{
	const struct function *fn = walk->fn;
	int value = token_is(fn->file, assign->at, "=") ? constant(fn->file, assign->from) : -1;
	size_t len = strlen(assign->object);

	for (unsigned int c = 0; value >= 0 && c < fn->nr_conditions; c++) {
		const char *text = fn->conditions[c];

		if (text == assign->object)
			assume(walk, c, value);
		else if (!strncmp(text, assign->object, len) && !strcmp(text + len, "<0"))
			assume(walk, c, value && (token_is(fn->file, assign->from.first, "-") ||
						  token_is(fn->file, assign->from.first, "PTR_ERR")));
	}
}

static void learn_node(struct walk *walk, const struct node *node)
{
	walk->known &= ~node->forgets;
	walk->value &= ~node->forgets;
	for (unsigned int i = 0; i < node->nr_assigns; i++)
		learn_assign(walk, &node->assigns[i]);
}

static void go_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct node *node = &walk->fn->nodes[at];
	uint32_t known = walk->known, value = walk->value;
	uint32_t bit = node->assumed >= 0 ? 1U << node->assumed : 0;

	if (known & bit && !(value & bit) == (taken != node->inverted))
		return;
	/* The end of "while (1)". */
	if (!taken && node->kind == NODE_TEST && (!strcmp(node->text, "1") || !strcmp(node->text, "true")))
		return;
	if (node->kind == NODE_TEST && node->assumed >= 0)
		assume_both(walk, node->assumed, taken != node->inverted);
	if (walk->branch)
		state = walk->branch(walk, at, taken, state);
	if (state >= 0)
		walk_from(walk, taken ? node->next : node->other, state);
	walk->known = known;
	walk->value = value;
}

void walk_from(struct walk *walk, unsigned int at, int state)
{
	uint32_t known = walk->known, value = walk->value;

	while (at && state >= 0 && !walk->gave_up && !was_there(walk, at, state)) {
		const struct node *node = &walk->fn->nodes[at];

		if (++walk->steps > MAX_STEPS)
			walk->gave_up = true;
		state = walk->visit(walk, at, state);
		learn_node(walk, node);
		if (state < 0)
			break;
		if (node->kind == NODE_TEST || node->kind == NODE_CASE) {
			go_branch(walk, at, true, state);
			go_branch(walk, at, false, state);
			break;
		}
		at = node->next;
	}
	walk->known = known;
	walk->value = value;
}

/* "unsigned" is not among the variables, so a word of the function that is not known is one. */
static bool is_number(const struct function *fn, const struct node *node,
		      const struct variable *variable)
{
	const char *name = fn->conditions[node->assumed];
	int param = param_of(fn, name);

	if (variable)
		return !variable->pointer;
	/* A caller's number is what it asked for. */
	if (param >= 0)
		return false;
	for (unsigned int i = fn->body.first + 1; i < fn->body.end; i++)
		if (token_is(fn->file, i, name) && fn->file->tokens[i - 1].kind == TOKEN_NAME &&
		    !token_is(fn->file, i - 1, "return"))
			return true;
	return false;
}

/* "ret < 0" was true on this way. */
static bool is_negative(const struct walk *walk, const char *name)
{
	size_t len = strlen(name);

	for (unsigned int c = 0; c < walk->fn->nr_conditions; c++) {
		const char *text = walk->fn->conditions[c];

		if (walk->known & walk->value & (1U << c) && !strncmp(text, name, len) &&
		    !strcmp(text + len, "<0"))
			return true;
	}
	return false;
}

int returns_error(const struct walk *walk, const struct node *node)
{
	const struct file *file = walk->fn->file;
	unsigned int first = node->span.first;
	uint32_t bit = node->assumed >= 0 ? 1U << node->assumed : 0;
	const struct variable *variable;

	if (token_is(file, first, "-") && file->tokens[first + 1].kind == TOKEN_NAME &&
	    *file->tokens[first + 1].at == 'E')
		return 1;
	if (token_is(file, first, "PTR_ERR") || token_is(file, first, "ERR_PTR") ||
	    token_is(file, first, "ERR_CAST") || token_is(file, first, "dev_err_probe"))
		return 1;
	if (token_is(file, first, "0") && first + 1 == node->span.end)
		return 0;
	if (bit && is_negative(walk, walk->fn->conditions[node->assumed]))
		return 1;
	/* Of a pointer it says that something was found; what a global is, nobody knows here. */
	variable = variable_of(walk->fn, bit ? walk->fn->conditions[node->assumed] : NULL);
	if (!(walk->known & bit) || !is_number(walk->fn, node, variable))
		return -1;
	return !!(walk->value & bit);
}
