// SPDX-License-Identifier: GPL-2.0-only
/* A number of a guest or a user says how much is copied, or where in a buffer. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

static const struct copier {
	const char *name;
	unsigned int to, from, length;	/* arguments, or NO_ARG; the host's memory */
} copiers[] = {
#define NO_ARG 99
	{ "memcpy", 0, 1, 2 }, { "memmove", 0, 1, 2 }, { "memset", 0, NO_ARG, 2 },
	{ "copy_from_user", 0, NO_ARG, 2 }, { "__copy_from_user", 0, NO_ARG, 2 },
	{ "copy_to_user", NO_ARG, 1, 2 }, { "__copy_to_user", NO_ARG, 1, 2 },
	{ "strscpy", 0, NO_ARG, 2 }, { "strncpy", 0, NO_ARG, 2 }, { "strlcpy", 0, NO_ARG, 2 },
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
			if (!taint_is_in(call->name, plain_allocators,
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

	if (!plus || !says_object(plus + 1, taint->name) || taint_is_trusted(state) ||
	    state_most(taint->run, state) < 0xffffffffLL || strpbrk(plus, "&%/>"))
		return;
	buffer = keep(taint->run->flow, object, plus - object);
	if (!declared_as(taint->run->flow, taint->fn, buffer, &declared) ||
	    !(declared.what.pointer || declared.what.array) || taint_is_user(taint, buffer))
		return;
	taint_tell(taint, call_line(taint->fn, call), "%s() reaches behind %s as far as a guest's "
		   "'%s' says, and nothing compares where it ends", call->name, buffer, taint->name);
}

/* "number > limit" or the like: the limit; empty: none is compared with it alone. */
struct span taint_limit_of(const struct taint *taint, const char *number)
{
	static const char *const signs[] = { ">", ">=", "<", "<=" };
	struct flow *flow = taint->run->flow;
	const struct function *fn = taint->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int t = fn->nodes[n].span.first; t < fn->nodes[n].span.end; t++) {
			struct span left = { fn->nodes[n].span.first, t };
			struct span right = { t + 1, fn->nodes[n].span.end };

			if (fn->nodes[n].kind == NODE_TEST && t > left.first &&
			    taint_is_in(token_text(flow, fn->file, t), signs,
					LAB_ARRAY_SIZE(signs)) &&
			    object_of(flow, fn->file, left) == number)
				return right;
		}
	return (struct span){ 0, 0 };
}

static const char *limit_of(const struct taint *taint, const char *number)
{
	struct span limit = taint_limit_of(taint, number);

	return limit.end ? object_of(taint->run->flow, taint->fn->file, limit) : NULL;
}

static bool is_said_with(struct taint *taint, const char *other)
{
	for (unsigned int n = 1; n < taint->fn->nr_nodes; n++) {
		struct node *node = &taint->fn->nodes[n];

		if ((node->kind == NODE_TEST || node->kind == NODE_RETURN || node->nr_assigns) &&
		    says_object(node_text(taint->run->flow, taint->fn, node), taint->name) &&
		    says_object(node_text(taint->run->flow, taint->fn, node), other) &&
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

/* So many pages are put into an array. */
static void check_pages(struct taint *taint, const struct call *call, int state)
{
	static const struct {
		const char *name;
		unsigned int count, pages;
	} pins[] = {
		{ "vfio_pin_pages", 2, 4 }, { "pin_user_pages", 1, 3 },
		{ "pin_user_pages_fast", 1, 3 }, { "get_user_pages_fast", 1, 3 },
	};
	struct bound bound = taint_bound(taint, state);

	for (size_t i = 0; i < LAB_ARRAY_SIZE(pins); i++) {
		long long elements;

		if (strcmp(pins[i].name, call->name) || pins[i].pages >= call->count ||
		    !says_object(call->objects[pins[i].count], taint->name) ||
		    taint_is_trusted(state))
			continue;
		elements = elements_of(taint->run->flow, taint->fn, call->objects[pins[i].pages]);
		if (elements > 0 && most_of(taint->run->flow, taint->fn->file,
					    call->args[pins[i].count], &bound) > elements)
			taint_tell(taint, call_line(taint->fn, call), "%s() pins as many pages as a "
				   "guest's '%s' says, and %s has %lld elements", call->name,
				   taint->name, call->objects[pins[i].pages], elements);
	}
}

void taint_copy(struct taint *taint, const struct call *call, int state)
{
	check_pages(taint, call, state);
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
		if (call->objects[copier->length] == taint->name &&
		    taint_may_be_negative(taint, state))
			taint_tell(taint, call_line(taint->fn, call), "%s() takes '%s' for a length, "
				   "and nobody asked whether it is negative", call->name, taint->name);
		if (copier->to != NO_ARG && call->objects[copier->length] == taint->name)
			check_apart(taint, call, copier->to);
		if (copier->from != NO_ARG && call->objects[copier->length] == taint->name)
			check_apart(taint, call, copier->from);
		if (taint_is_trusted(state))
			continue;
		if (copier->to != NO_ARG)
			check_buffer(taint, call, copier->to, length, state);
		if (copier->from != NO_ARG)
			check_buffer(taint, call, copier->from, length, state);
	}
}
