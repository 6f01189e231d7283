// SPDX-License-Identifier: GPL-2.0-only
/* Where a number of a guest or a user does harm: subscripts, lengths, shifts, divisions, sizes. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

static bool is_trusted(int state)
{
	return state_facts(state) & FACT_UPPER;
}

static bool may_be_negative(const struct taint *taint, int state)
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
	if (text == taint->name && may_be_negative(taint, state) && (is_trusted(state) ||
	    (elements > 0 && most < elements)))
		taint_tell(taint, line_of(taint, at), "'%s' chooses an element of %s, and nobody "
			   "asked whether it is negative", taint->name, array);
	else if (!is_trusted(state) && elements > 0 && most >= elements)
		taint_tell(taint, line_of(taint, at), "%s has %lld elements, and a guest's '%s' "
			   "chooses one beyond them", array, elements, taint->name);
	else if (!is_trusted(state) && elements < 0 && most >= 0xffffffffLL)
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

static bool is_in(const char *name, const char *const *names, size_t count)
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

	if (is_trusted(state) || !says_object(said_in(taint, by), taint->name) ||
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

/* Calls: lengths. */

static const struct copier {
	const char *name;
	unsigned int to, from, length;	/* arguments, or NO_ARG; the host's memory */
} copiers[] = {
#define NO_ARG 99
	{ "memcpy", 0, 1, 2 }, { "memmove", 0, 1, 2 }, { "memset", 0, NO_ARG, 2 },
	{ "copy_from_user", 0, NO_ARG, 2 }, { "__copy_from_user", 0, NO_ARG, 2 },
	{ "copy_to_user", NO_ARG, 1, 2 }, { "__copy_to_user", NO_ARG, 1, 2 },
	{ "memcpy_fromio", 0, NO_ARG, 2 }, { "memcpy_toio", NO_ARG, 1, 2 },
	{ "mdk_dma_read", 2, NO_ARG, 3 }, { "mdk_dma_write", NO_ARG, 2, 3 },
	{ "mdk_ring_read", 2, NO_ARG, 3 }, { "mdk_ring_write", NO_ARG, 2, 3 },
	{ "mdk_pinned_read", 2, NO_ARG, 3 }, { "mdk_pinned_write", NO_ARG, 2, 3 },
	{ "vfio_dma_rw", 2, NO_ARG, 3 }, { "mdev_dma_rw", 2, NO_ARG, 3 },
	{ "kvm_read_guest", 2, NO_ARG, 3 }, { "kvm_write_guest", NO_ARG, 2, 3 },
};

static bool is_copier(const char *name)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(copiers); i++)
		if (!strcmp(copiers[i].name, name))
			return true;
	return false;
}

static const char *const allocators[] = {
	"kmalloc", "kzalloc", "kvmalloc", "kvzalloc", "vmalloc", "vzalloc", "vmalloc_user", "krealloc",
	"kmemdup", "memdup_user", "vmemdup_user", "kmalloc_array", "kcalloc", "kvmalloc_array",
	"kvcalloc", "devm_kzalloc", "devm_kmalloc", "alloc_pages_exact", "kmalloc_node",
	"dma_alloc_coherent", "kvrealloc", "krealloc_array", "memdup_array_user", "kmemdup_array",
};

/* Of these the first argument is all of the size. */
static const char *const plain_allocators[] = {
	"kmalloc", "kzalloc", "kvmalloc", "kvzalloc", "vmalloc", "vzalloc",
};

/* The buffer's size where this function allocated it; -2: by the number itself, -1: not known. */
static long long allocated(const struct taint *taint, const char *buffer)
{
	const struct function *fn = taint->fn;
	const struct bound none = { .fn = fn };
	long long size = -1;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (call->result != buffer)
				continue;
			if (!is_in(call->name, plain_allocators,
				   LAB_ARRAY_SIZE(plain_allocators)))
				return -2;
			size = most_of(taint->run->flow, fn->file, call->args[0], &none);
			if (size < 0)
				return -2;
		}
	return size;
}

/* Is the member given memory by the number's own size somewhere. */
static bool sized_by_number(const struct taint *taint, const char *buffer)
{
	const struct flow *flow = taint->run->flow;
	const char *member = object_member(taint->run->flow, buffer);
	const char *size = object_member(taint->run->flow, taint->name);

	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
				const struct call *call = &fn->nodes[n].calls[c];

				if (!call->result || (call->result != buffer && (!member ||
				    object_member(taint->run->flow, call->result) != member)))
					continue;
				for (unsigned int a = 0; a < call->count; a++)
					if (has_word(call->objects[a], size ? size : taint->name))
						return true;
			}
	}
	return false;
}

static bool is_plain_member(struct taint *taint, const char *buffer)
{
	struct declared declared;
	const char *root = object_root(taint->run->flow, buffer);

	return object_member(taint->run->flow, buffer) && !strpbrk(buffer, "[(*+") &&
	       declared_as(taint->run->flow, taint->fn, buffer, &declared) &&
	       declared.what.pointer && param_of(taint->fn, root) < (int)MAX_ARGS;
}

static void check_buffer(struct taint *taint, const struct call *call, unsigned int arg,
			 struct span length, int state)
{
	struct flow *flow = taint->run->flow;
	const struct file *file = taint->fn->file;
	struct bound bound = taint_bound(taint, state);
	const char *buffer = call->objects[arg];
	bool address = token_is(file, call->args[arg].first, "&");
	struct declared declared;
	long long bytes, most = most_of(flow, file, length, &bound);

	if (most < 0)
		return;
	bytes = bytes_of(flow, taint->fn, buffer);
	if (bytes >= 0 && !address && declared_as(flow, taint->fn, buffer, &declared) &&
	    !declared.what.array)
		bytes = -1;
	if (bytes < 0)
		bytes = allocated(taint, buffer);
	if (bytes == -2)
		return;
	if (bytes > 0 && most > bytes)
		taint_tell(taint, call_line(taint->fn, call), "%s() copies as much as a guest's '%s' "
			   "says, and %s has %lld bytes", call->name, taint->name, buffer, bytes);
	else if (bytes < 0 && most >= 0xffffffffLL && is_plain_member(taint, buffer) &&
		 !sized_by_number(taint, buffer))
		taint_tell(taint, call_line(taint->fn, call), "%s() copies as much as a guest's '%s' "
			   "says, and nobody compared that with the size of %s", call->name,
			   taint->name, buffer);
}

/* "x->memory + n": the number says where, and how much is left there nobody asked. */
static void check_place(struct taint *taint, const struct call *call, unsigned int arg, int state)
{
	const char *object = call->objects[arg];
	const char *plus = strchr(object, '+');
	const char *buffer;
	struct declared declared;

	if (!plus || !says_object(plus + 1, taint->name) || is_trusted(state) ||
	    state_most(taint->run, state) < 0xffffffffLL || strpbrk(plus, "&%/>"))
		return;
	buffer = keep(taint->run->flow, object, plus - object);
	if (!declared_as(taint->run->flow, taint->fn, buffer, &declared) ||
	    !(declared.what.pointer || declared.what.array) || taint_is_user(taint, buffer))
		return;
	taint_tell(taint, call_line(taint->fn, call), "%s() reaches behind %s as far as a guest's "
		   "'%s' says, and nothing compares where it ends", call->name, buffer, taint->name);
}

/* "number > limit" or the like: the limit; NULL: none is compared with it alone. */
static const char *limit_of(const struct taint *taint, const char *number)
{
	static const char *const signs[] = { ">", ">=", "<", "<=" };
	struct flow *flow = taint->run->flow;
	const struct function *fn = taint->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int t = fn->nodes[n].span.first; t < fn->nodes[n].span.end; t++) {
			struct span left = { fn->nodes[n].span.first, t };
			struct span right = { t + 1, fn->nodes[n].span.end };

			if (fn->nodes[n].kind == NODE_TEST && t > left.first &&
			    is_in(token_text(flow, fn->file, t), signs, LAB_ARRAY_SIZE(signs)) &&
			    object_of(flow, fn->file, left) == number)
				return object_of(flow, fn->file, right);
		}
	return NULL;
}

static bool is_said_with(struct taint *taint, const char *other)
{
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++) {
		const struct node *node = &taint->fn->nodes[n];

		if ((node->kind == NODE_TEST || node->kind == NODE_RETURN || node->nr_assigns) &&
		    says_object(said_in(taint, node->span), taint->name) &&
		    says_object(said_in(taint, node->span), other) &&
		    !(node->nr_calls && is_copier(node->calls[node->nr_calls - 1].name)) &&
		    !(node->nr_calls && is_copier(node->calls[0].name)))
			return true;
	}
	return false;
}

/* "memory + at" for the number's length: both were compared with the size, and not their sum. */
static void check_apart(struct taint *taint, const struct call *call, unsigned int arg)
{
	const char *object = call->objects[arg], *plus = strchr(object, '+');
	const char *other = plus ? keep(taint->run->flow, plus + 1, strlen(plus + 1)) : NULL;
	const char *limit, *length;

	if (!other || !taint_is_user(taint, other) || other == taint->name ||
	    is_said_with(taint, other))
		return;
	limit = limit_of(taint, other);
	length = limit_of(taint, taint->name);
	if (limit && limit == length)
		taint_tell(taint, call_line(taint->fn, call), "%s() reaches from a guest's '%s' as far as "
			   "his '%s' says: each is less than %s, and their sum is not", call->name,
			   other, taint->name, limit);
}

static void check_copy(struct taint *taint, const struct call *call, int state)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(copiers); i++) {
		const struct copier *copier = &copiers[i];
		struct span length;

		if (strcmp(copier->name, call->name) || copier->length >= call->count)
			continue;
		length = call->args[copier->length];
		if (copier->to != NO_ARG)
			check_place(taint, call, copier->to, state);
		if (copier->from != NO_ARG)
			check_place(taint, call, copier->from, state);
		if (!says_object(call->objects[copier->length], taint->name))
			continue;
		if (call->objects[copier->length] == taint->name && may_be_negative(taint, state))
			taint_tell(taint, call_line(taint->fn, call), "%s() takes '%s' for a length, "
				   "and nobody asked whether it is negative", call->name, taint->name);
		if (copier->to != NO_ARG && call->objects[copier->length] == taint->name)
			check_apart(taint, call, copier->to);
		if (copier->from != NO_ARG && call->objects[copier->length] == taint->name)
			check_apart(taint, call, copier->from);
		if (is_trusted(state))
			continue;
		if (copier->to != NO_ARG)
			check_buffer(taint, call, copier->to, length, state);
		if (copier->from != NO_ARG)
			check_buffer(taint, call, copier->from, length, state);
	}
}

/* Sizes of what is allocated. */

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
	if (!is_in(call->name, allocators, LAB_ARRAY_SIZE(allocators)) || is_trusted(state))
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
		check_copy(taint, call, state);
	if (!(taint->run->harms & HARM_SUM))
		return;
	check_allocation(taint, call, state);
	if (bit && call->count == 1)
		check_shift(taint, call->args[0], 64, call->at, state);
	if (call->count > 1 && is_in(call->name, dividers, LAB_ARRAY_SIZE(dividers)))
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
