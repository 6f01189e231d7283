// SPDX-License-Identifier: GPL-2.0-only
/* Where a number of a guest or a user does harm: subscripts, lengths, shifts, divisions, sizes. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

bool taint_is_trusted(int state)
{
	return state_facts(state) & FACT_UPPER;
}

bool taint_may_be_negative(const struct taint *taint, int state)
{
	return taint->type.bits && taint->type.is_signed && !(state_facts(state) & FACT_LOWER);
}

static const char *said_in(struct taint *taint, struct span span)
{
	return object_of(taint->run->flow, taint->fn->file, span);
}

static unsigned int line_of(const struct taint *taint, unsigned int at)
{
	return taint->fn->file->tokens[at].line;
}

/* In "a ? x : y" x stands where a is true; in "a && x" too. */
static int state_at(struct taint *taint, const struct node *node, unsigned int at, int state)
{
	const struct file *file = taint->fn->file;
	unsigned int start = node->span.first, colon = 0;

	for (unsigned int i = node->span.first; i < at; i++) {
		bool and = token_is(file, i, "&&");

		if (token_is(file, i, "=") || token_is(file, i, ",") || token_is(file, i, "return"))
			start = i + 1;
		if (token_is(file, i, "(") && file->tokens[i].match > at)
			start = i + 1;
		if (token_is(file, i, ":"))
			colon = i;
		if (!(and || token_is(file, i, "?")))
			continue;
		for (unsigned int t = i; !and && t < at; t++)
			if (token_is(file, t, ":"))
				colon = t;
		state = taint_tested(taint, (struct span){ start, i }, !colon || and, state);
		start = i + 1;
	}
	return state;
}

/* A position that nobody looks at at all is another rule's. */
static bool is_anothers(const struct taint *taint, long long most)
{
	if (!taint->position || most < 0xffffffffLL)
		return false;
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++) {
		const char *text = taint->fn->nodes[n].kind == NODE_TEST ? taint->fn->nodes[n].text : "";

		if (says_object(text, taint->name))
			return false;
		for (unsigned int i = 0; i < taint->nr_origins; i++)
			if (says_object(text, taint->origins[i]))
				return false;
	}
	return true;
}

/* By the guest's number the element first + ... of an array is chosen. */
static void check_element(struct taint *taint, const char *array, struct span number,
			  unsigned int at, int state)
{
	struct flow *flow = taint->run->flow;
	struct bound bound = taint_bound(taint, state);
	long long most, elements = elements_of(flow, taint->fn, array);
	const char *text = said_in(taint, number);

	if (!says_object(text, taint->name))
		return;
	bound.at_least = true;
	most = most_of(flow, taint->fn->file, number, &bound);
	if (is_anothers(taint, most))
		return;
	if (text == taint->name && taint_may_be_negative(taint, state) &&
	    (taint_is_trusted(state) || (elements > 0 && most < elements)))
		taint_tell(taint, line_of(taint, at), "'%s' chooses an element of %s, and nobody "
			   "asked whether it is negative", taint->name, array);
	else if (!taint_is_trusted(state) && elements > 0 && most >= elements)
		taint_tell(taint, line_of(taint, at), "%s has %lld elements, and a guest's '%s' "
			   "chooses one beyond them", array, elements, taint->name);
	else if (!taint_is_trusted(state) && elements < 0 && most >= 0xffffffffLL)
		taint_tell(taint, line_of(taint, at), "a guest's '%s' chooses an element of %s, "
			   "and nobody compared it with anything", taint->name, array);
}

/* Where the object begins that ends before at. */
static unsigned int object_start(const struct file *file, unsigned int at, unsigned int first)
{
	while (at > first) {
		unsigned int before = at - 1;

		if (token_is(file, before, "]") && file->tokens[before].match)
			at = file->tokens[before].match;
		else if (file->tokens[before].kind == TOKEN_NAME && !is_keyword(file, before))
			at = before;
		else
			break;
		if (at > first && !(token_is(file, at, "[") || token_is(file, at - 1, ".") ||
				    token_is(file, at - 1, "->")))
			break;
		if (token_is(file, at - 1, ".") || token_is(file, at - 1, "->"))
			at--;
	}
	return at;
}

/* "u8 x[n]" */
static bool declares(const struct taint *taint, const struct node *node, unsigned int first)
{
	const struct file *file = taint->fn->file;

	return node->kind == NODE_EXPR && first > node->span.first &&
	       (file->tokens[first - 1].kind == TOKEN_NAME || token_is(file, first - 1, "*")) &&
	       variable_of(taint->fn, token_text(taint->run->flow, file, first));
}

static void check_subscript(struct taint *taint, const struct node *node, unsigned int open,
			    int state)
{
	const struct file *file = taint->fn->file;
	unsigned int first = object_start(file, open, node->span.first);

	if (first == open || declares(taint, node, first))
		return;
	check_element(taint, said_in(taint, (struct span){ first, open }), span_inside(file, open),
		      open, state);
}

/* "x->queues + n". */
static void check_sum(struct taint *taint, const struct node *node, unsigned int plus, int state)
{
	const struct file *file = taint->fn->file;
	unsigned int first = object_start(file, plus, node->span.first), end = plus + 1;
	const char *array = said_in(taint, (struct span){ first, plus });

	if (first == plus || elements_of(taint->run->flow, taint->fn, array) < 0)
		return;
	while (end < node->span.end && !token_is(file, end, ",") && !token_is(file, end, ")") &&
	       !token_is(file, end, ";") && !token_is(file, end, "?"))
		end = file->tokens[end].match > end ? file->tokens[end].match + 1 : end + 1;
	check_element(taint, array, (struct span){ plus + 1, end }, plus, state);
}

/* "1 << n", "x / n": the operand behind the sign. */
static struct span operand_at(const struct file *file, unsigned int at, unsigned int end)
{
	unsigned int last = skip_cast(file, at, end);

	if (token_is(file, last, "(") && file->tokens[last].match > last)
		return (struct span){ at, file->tokens[last].match + 1 };
	while (last < end && (file->tokens[last].kind != TOKEN_PUNCT || token_is(file, last, "->") ||
			      token_is(file, last, ".")))
		last++;
	if (last < end && token_is(file, last, "(") && file->tokens[last].match > last)
		last = file->tokens[last].match + 1;
	return (struct span){ at, last };
}

bool taint_is_in(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* How wide what is shifted is. */
static unsigned int shifted_bits(struct taint *taint, const struct node *node, unsigned int sign)
{
	const struct file *file = taint->fn->file;
	const struct token *left = &file->tokens[sign - 1];
	unsigned int first;
	struct value_type type;

	if (left->kind == TOKEN_NUMBER)
		return memchr(left->at, 'L', left->len) ? 64 : 32;
	first = object_start(file, sign, node->span.first);
	type = type_of(taint->run->flow, taint->fn, said_in(taint, (struct span){ first, sign }));
	return !type.bits ? 64 : type.bits < 32 ? 32 : type.bits;
}

static void check_shift(struct taint *taint, struct span by, unsigned int bits, unsigned int at,
			int state)
{
	struct bound bound = taint_bound(taint, state);

	if (taint_is_trusted(state) || !says_object(said_in(taint, by), taint->name) ||
	    most_of(taint->run->flow, taint->fn->file, by, &bound) < bits)
		return;
	taint_tell(taint, line_of(taint, at), "a guest's '%s' says how far to shift, and can be "
		   "more than the %u bits", taint->name, bits - 1);
}

static void check_divisor(struct taint *taint, struct span by, unsigned int at, int state)
{
	const char *text = said_in(taint, by);
	const char *bare = strchr(text, '(');

	if (state_facts(state) & FACT_NONZERO)
		return;
	if (text != taint->name && !(bare && strstr(text, "_to_cpu(") &&
				     says_object(bare + 1, taint->name)))
		return;
	taint_tell(taint, line_of(taint, at), "a guest's '%s' divides, and can be 0", taint->name);
}

static void check_signs(struct taint *taint, const struct node *node, int state)
{
	const struct file *file = taint->fn->file;

	for (unsigned int i = node->span.first + 1; i < node->span.end; i++) {
		struct span by = operand_at(file, i + 1, node->span.end);

		if (token_is(file, i, "<<") || token_is(file, i, "<<="))
			check_shift(taint, by, shifted_bits(taint, node, i), i,
				    state_at(taint, node, i, state));
		else if (token_is(file, i, "/") || token_is(file, i, "%") ||
			 token_is(file, i, "/=") || token_is(file, i, "%="))
			check_divisor(taint, by, i, state_at(taint, node, i, state));
	}
}

/* Sizes of what is allocated. */

static const char *const allocators[] = {
	"kmalloc", "kzalloc", "kvmalloc", "kvzalloc", "vmalloc", "vzalloc", "vmalloc_user", "krealloc",
	"kmemdup", "memdup_user", "vmemdup_user", "kmalloc_array", "kcalloc", "kvmalloc_array",
	"kvcalloc", "devm_kzalloc", "devm_kmalloc", "alloc_pages_exact", "kmalloc_node",
	"dma_alloc_coherent", "kvrealloc", "krealloc_array", "memdup_array_user", "kmemdup_array",
};

static const struct assign *last_made(const struct taint *taint, const char *name)
{
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < taint->fn->nodes[n].nr_assigns; k++)
			if (taint->fn->nodes[n].assigns[k].object == name &&
			    taint->fn->nodes[n].assigns[k].from.first <
			    taint->fn->nodes[n].assigns[k].from.end)
				return &taint->fn->nodes[n].assigns[k];
	return NULL;
}

static void check_allocation(struct taint *taint, const struct call *call, int state)
{
	if (taint_is_trusted(state) ||
	    !taint_is_in(call->name, allocators, LAB_ARRAY_SIZE(allocators)))
		return;
	for (unsigned int i = 0; i < call->count && i < 2; i++) {
		struct span span = call->args[i];
		unsigned int bits = 0;
		const struct assign *made = last_made(taint, call->objects[i]);

		if (made && call->objects[i] != taint->name) {
			bits = type_of(taint->run->flow, taint->fn, call->objects[i]).bits;
			span = made->from;
		}
		if (says_object(said_in(taint, span), taint->name) &&
		    taint_wraps(taint, span, bits, state))
			taint_tell(taint, call_line(taint->fn, call), "%s() gets a size that is "
				   "computed from a guest's '%s' and may have wrapped", call->name,
				   taint->name);
	}
}

static void check_call(struct taint *taint, const struct call *call, int state)
{
	static const char *const dividers[] = {
		"do_div", "div_u64", "div64_u64", "div64_ul", "div_s64", "DIV_ROUND_UP", "roundup",
		"rounddown", "DIV_ROUND_UP_ULL", "DIV_ROUND_CLOSEST", "div_u64_rem", "mod_u64",
		"div64_u64_rem", "DIV_ROUND_DOWN_ULL",
	};
	bool bit = !strcmp(call->name, "BIT") || !strcmp(call->name, "BIT_ULL");

	if (taint->run->harms & HARM_LENGTH)
		taint_copy(taint, call, state);
	if (!(taint->run->harms & HARM_SUM))
		return;
	check_allocation(taint, call, state);
	if (bit && call->count == 1)
		check_shift(taint, call->args[0], 64, call->at, state);
	if (call->count > 1 && taint_is_in(call->name, dividers, LAB_ARRAY_SIZE(dividers)))
		check_divisor(taint, call->args[1], call->at, state);
}

void taint_sinks(struct taint *taint, const struct node *node, int state)
{
	const struct file *file = taint->fn->file;

	bool index = taint->run->harms & HARM_INDEX;

	for (unsigned int i = node->span.first; index && i < node->span.end; i++) {
		if (token_is(file, i, "[") && file->tokens[i].match && i > node->span.first)
			check_subscript(taint, node, i, state_at(taint, node, i, state));
		else if (token_is(file, i, "+"))
			check_sum(taint, node, i, state_at(taint, node, i, state));
	}
	if (taint->run->harms & HARM_SUM)
		check_signs(taint, node, state);
	for (unsigned int i = 0; index && i < node->nr_assigns; i++) {
		const struct assign *assign = &node->assigns[i];

		if (assign->from.first < assign->from.end)
			taint_mask(taint, assign,
				   state_at(taint, node, assign->from.end - 1, state));
	}
	for (unsigned int i = 0; i < node->nr_calls; i++)
		check_call(taint, &node->calls[i], state_at(taint, node, node->calls[i].at, state));
}
