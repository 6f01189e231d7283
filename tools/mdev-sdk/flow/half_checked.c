// SPDX-License-Identifier: GPL-2.0-only
/*
 * A read of the guest's memory may have failed, and its buffer is used: only one error was asked
 * for, or the way of an error goes on to the use.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* What is known of the result on a way. */
enum known { NOT_LOOKED, ONE_ERROR_LESS, FAILED };

struct half {
	const struct asked *asked;
	struct function *fn;
	const struct call *read;
	const char *result, *buffer;
	unsigned int node;
	bool told;
};

/* In "data(frame)" the frame has the buffer. */
static const char *carrier_of(struct flow *flow, const struct function *fn, const struct call *read,
			      unsigned int arg)
{
	const char *object = read->objects[arg];
	struct span span = read->args[arg];

	if (token_is(fn->file, span.first + 1, "(") && fn->file->tokens[span.first + 1].match + 1 ==
	    span.end)
		object = object_of(flow, fn->file, span_inside(fn->file, span.first + 1));
	return *object && !strpbrk(object, "(+*&?") ? object : NULL;
}

/* "buffer.x" or "buffer[i]" is read: not where it is set, and no size is taken. */
static bool is_followed(const struct half *half, const struct node *node)
{
	const char *text = object_of(half->asked->flow, half->fn->file, node->span), *hit = text;
	size_t len = strlen(half->buffer);

	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (object_within(node->assigns[k].object, half->buffer))
			return false;
	for (; (hit = strstr(hit, half->buffer)); hit++) {
		bool begins = hit == text || strchr("(=+-*/<>!&|,?:[", hit[-1]);

		if (begins && (hit[len] == '.' || hit[len] == '[') && !strstr(text, "sizeof("))
			return true;
	}
	return false;
}

/* Who gives on what is in it. */
static bool is_given_on(const struct half *half, const struct call *call)
{
	static const char *const names[] = { "memcpy", "memmove", "mdk_port_send", "crc32", "memcmp" };
	struct flow *flow = half->asked->flow;
	const struct name_row *out = call_row(call, family_of(flow, "copyout"), ROLE_USE);

	if (out && out->arg < (int)call->count && call->objects[out->arg] == half->buffer)
		return true;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (!strcmp(call->name, names[i]) && call->count > 1 &&
		    call->objects[1] == half->buffer)
			return true;
	return false;
}

static bool is_used(const struct half *half, const struct node *node)
{
	if (node->span.first >= node->span.end)
		return false;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (is_given_on(half, &node->calls[c]))
			return true;
	return is_followed(half, node);
}

/* The result has another value, or the buffer another content, or is somebody else's. */
static bool is_over(const struct half *half, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == half->result ||
		    object_within(half->buffer, node->assigns[k].object))
			return true;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (unsigned int a = 0; a < node->calls[c].count; a++)
			if (node->calls[c].objects[a] == half->buffer ||
			    node->calls[c].objects[a] == half->result)
				return true;
	return node->kind == NODE_EXIT;
}

static int half_visit(struct walk *walk, unsigned int at, int state)
{
	struct half *half = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (half->told)
		return -1;
	if (state != NOT_LOOKED && is_used(half, node)) {
		half->told = true;
		report_line(half->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "%s is used here, on a way on which %s() %s", half->buffer,
			    half->read->name, state == FAILED ? "has failed" :
			    "may have failed by another error than the one that was asked for");
		return -1;
	}
	return is_over(half, node) ? -1 : state;
}

/* "ret == -EAGAIN": is it equal on this side; -1: it is another test. */
static int one_error(const struct half *half, const char *text, bool taken)
{
	size_t len = strlen(half->result);
	const char *sign = strncmp(text, half->result, len) ? NULL : text + len;

	if (!sign || !(lab_has_prefix(sign, "==-E") || lab_has_prefix(sign, "!=-E")))
		return -1;
	return (*sign == '=') == taken;
}

static int half_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct half *half = walk->data;
	const char *text = walk->fn->nodes[at].text;
	int equal;

	if (!text || !has_word(text, half->result))
		return state;
	equal = one_error(half, text, taken);
	if (equal >= 0)
		return equal ? FAILED : state == FAILED ? FAILED : ONE_ERROR_LESS;
	if (text == half->result || !strcmp(text, keep_fmt(walk->flow, "%s<0", half->result)))
		return taken ? FAILED : -1;
	return -1;
}

/* Nobody has looked at the result, and what was to be read is used. */
static int ignored_visit(struct walk *walk, unsigned int at, int state)
{
	struct half *half = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const char *text = node_text(walk->flow, walk->fn, &walk->fn->nodes[at]);

	if (half->told || node->kind == NODE_EXIT)
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (object_within(half->buffer, node->assigns[k].object) &&
		    !says_object(span_text(walk->flow, walk->fn->file, node->assigns[k].from),
				 half->buffer))
			return -1;
	if (node->span.first == node->span.end || !has_word(text, half->buffer))
		return state;
	half->told = true;
	report_line(half->asked, walk->fn->file,
		    walk->fn->file->tokens[node->span.first].line,
		    "%s is used here, and nobody has asked whether %s() has filled it",
		    half->buffer, half->read->name);
	return -1;
}

/* Of the SDK's another rule says so. */
static bool is_sdks(const char *name)
{
	return lab_has_prefix(name, "mdk_") || lab_has_prefix(name, "mdev_");
}

/* "copy_from_user(&x, ...);" into a local that nobody has set. */
static bool at_ignored(void *data, const struct touch *touch)
{
	struct half half = *(const struct half *)data;
	const struct node *node = &half.fn->nodes[half.node];
	const struct variable *variable = variable_of(half.fn, touch->object);
	struct walk walk = {
		.flow = half.asked->flow, .fn = half.fn, .visit = ignored_visit, .data = &half,
	};

	if (!touch->direct || node->kind != NODE_EXPR || touch->call->at != node->span.first ||
	    !variable || variable->pointer || variable->set || variable->scoped ||
	    is_sdks(touch->call->name))
		return false;
	for (unsigned int n = 1; n < half.fn->nr_nodes; n++)
		for (unsigned int c = 0; c < half.fn->nodes[n].nr_calls; c++)
			if (!strcmp(half.fn->nodes[n].calls[c].name, "memset") &&
			    half.fn->nodes[n].calls[c].objects[0] == touch->object)
				return false;
	half.read = touch->call;
	half.buffer = touch->object;
	walk_from(&walk, node->next, 0);
	free(walk.seen);
	return false;
}

static bool at_read(void *data, const struct touch *touch)
{
	struct half half = *(const struct half *)data;
	struct walk walk = {
		.flow = half.asked->flow, .fn = half.fn, .visit = half_visit,
		.branch = half_branch, .data = &half,
	};
	unsigned int node = 1;

	half.read = touch->call;
	half.result = touch->call->result;
	if (!touch->direct || touch->call->count < 3 || !half.result ||
	    strpbrk(half.result, ".[*(="))
		return false;
	half.buffer = carrier_of(half.asked->flow, half.fn, half.read, 2);
	while (node < half.fn->nr_nodes && !(half.read >= half.fn->nodes[node].calls &&
	       half.read < half.fn->nodes[node].calls + half.fn->nodes[node].nr_calls))
		node++;
	if (!half.buffer || node == half.fn->nr_nodes || half.fn->nodes[node].kind != NODE_EXPR)
		return false;
	walk_from(&walk, half.fn->nodes[node].next, NOT_LOOKED);
	free(walk.seen);
	return false;
}

void ask_half_checked(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct half half = { .asked = asked, .fn = asked->flow->functions[i] };

		for (unsigned int n = 1; !half.fn->macro && n < half.fn->nr_nodes; n++) {
			half.node = n;
			node_touches(asked->flow, half.fn, &half.fn->nodes[n],
				     family_of(asked->flow, "fetch"), ROLE_USE, at_read, &half);
			node_touches(asked->flow, half.fn, &half.fn->nodes[n],
				     family_of(asked->flow, "fetch"), ROLE_USE, at_ignored, &half);
			node_touches(asked->flow, half.fn, &half.fn->nodes[n],
				     family_of(asked->flow, "copyin"), ROLE_USE, at_ignored, &half);
		}
	}
}
