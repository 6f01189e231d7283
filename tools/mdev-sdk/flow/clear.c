// SPDX-License-Identifier: GPL-2.0-only
/*
 * Less is cleared or copied than was meant: the size of a pointer, or of one element for the whole
 * array, a number of elements for one of bytes, or memset() with its last two arguments swapped.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "values.h"

static const struct sized {
	const char *name;
	unsigned int to, from, size;
} sized[] = {
	{ "memset", 0, 0, 2 }, { "memcpy", 0, 1, 2 }, { "memmove", 0, 1, 2 },
	{ "memcmp", 0, 1, 2 }, { "copy_to_user", 1, 1, 2 }, { "copy_from_user", 0, 0, 2 },
	{ "mdk_dma_read", 2, 2, 3 }, { "mdk_dma_write", 2, 2, 3 },
};

static bool is_zero(const char *object)
{
	return !strcmp(object, "0") || !strcmp(object, "0x0") || !strcmp(object, "0x00");
}

/* A byte that is none: more than 255, or the size of something. */
static bool is_no_byte(struct flow *flow, const struct function *fn, struct span span)
{
	const struct bound none = { .fn = fn };

	return token_is(fn->file, span.first, "sizeof") ||
	       most_of(flow, fn->file, span, &none) > 255;
}

static bool is_only(struct flow *flow, const struct function *fn, struct span span, int param)
{
	return param >= 0 && object_of(flow, fn->file, span) == fn->params[param];
}

/* The call gives a helper its last two arguments the wrong way round, or does so itself. */
static bool is_swapped(struct flow *flow, const struct function *fn, const struct call *call)
{
	const struct function *callee = call->callee;

	if (!strcmp(call->name, "memset"))
		return call->count == 3 && is_zero(call->objects[2]) && !is_zero(call->objects[1]);
	for (unsigned int n = 1; callee && n < callee->nr_nodes; n++)
		for (unsigned int c = 0; c < callee->nodes[n].nr_calls; c++) {
			const struct call *inner = &callee->nodes[n].calls[c];
			int byte, size;

			if (strcmp(inner->name, "memset") || inner->count != 3)
				continue;
			byte = param_of(callee, inner->objects[1]);
			size = param_of(callee, inner->objects[2]);
			if (byte >= 0 && size >= 0 && byte < (int)call->count &&
			    size < (int)call->count &&
			    is_only(flow, callee, inner->args[2], size) &&
			    is_zero(call->objects[size]) &&
			    is_no_byte(flow, fn, call->args[byte]))
				return true;
		}
	return false;
}

static bool is_array(struct flow *flow, const struct function *fn, const char *object)
{
	const struct variable *variable = variable_of(fn, object);
	struct declared declared;

	return !(variable && variable->pointer) && declared_as(flow, fn, object, &declared) &&
	       declared.what.array && !declared.element;
}

/* What stands between the brackets of sizeof() or ARRAY_SIZE(), alone; NULL: something else. */
static const char *asked_of(struct flow *flow, const struct file *file, struct span span,
			    const char *word)
{
	struct span inside;

	if (!token_is(file, span.first, word) || !token_is(file, span.first + 1, "(") ||
	    file->tokens[span.first + 1].match + 1 != span.end)
		return NULL;
	inside = span_inside(file, span.first + 1);
	return token_is(file, inside.first, "struct") ? NULL : object_of(flow, file, inside);
}

/* Why it is less; NULL: it is not. */
static const char *why_less(struct flow *flow, const struct function *fn, const struct call *call,
			    const struct sized *row, unsigned int arg)
{
	const struct file *file = fn->file;
	const char *object = call->objects[arg];
	const char *size = asked_of(flow, file, call->args[row->size], "sizeof");
	const char *count = asked_of(flow, file, call->args[row->size], "ARRAY_SIZE");
	struct declared declared;

	if (size && *size == '*' && !strcmp(size + 1, object) && is_array(flow, fn, object))
		return "the size is that of one element";
	if (size && size == object && declared_as(flow, fn, object, &declared) &&
	    declared.what.pointer && !declared.what.array &&
	    !token_is(file, call->args[arg].first, "&"))
		return "the size is that of the pointer";
	if (count && count == object && declared_as(flow, fn, object, &declared) &&
	    (declared.what.pointer || declared.what.is_struct ||
	     size_of_member(&declared.what) > 1))
		return "the size is a number of elements";
	return NULL;
}

static bool look_at(void *data, const struct function *fn, const struct call *call)
{
	const struct asked *asked = data;
	const char *why = NULL;

	if (is_swapped(asked->flow, fn, call))
		why = "nothing is set: the last two arguments are swapped";
	for (size_t i = 0; !why && i < LAB_ARRAY_SIZE(sized); i++) {
		if (strcmp(sized[i].name, call->name) || call->count <= sized[i].size)
			continue;
		why = why_less(asked->flow, fn, call, &sized[i], sized[i].to);
		if (!why && sized[i].from != sized[i].to)
			why = why_less(asked->flow, fn, call, &sized[i], sized[i].from);
	}
	if (why)
		report_line(asked, fn->file, call_line(fn, call), "%s(): %s", call->name, why);
	return false;
}

void ask_clear(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				look_at((void *)asked, fn, &fn->nodes[n].calls[c]);
	}
}
