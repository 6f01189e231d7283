// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of a struct only the head was fetched from the user, up to a member, and more than that goes
 * back: what comes behind is what the stack held, where nobody has set it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "stack_bytes.h"

struct head {
	const struct asked *asked;
	const struct function *fn;
	const char *name;		/* of the struct */
	const struct record *record;
	const struct call *in;		/* where its head is fetched */
	unsigned int last;		/* the last member that is in the head */
	bool whole;			/* somebody fills all of it, or may do so */
	bool set[64];			/* by member */
};

/* What a length was computed by; the length itself if it is no variable. */
static const char *made_of(const struct head *head, const char *length)
{
	struct flow *flow = head->asked->flow;
	const char *made = length;
	unsigned int count = 0;

	for (unsigned int n = 1; n < head->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < head->fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &head->fn->nodes[n].assigns[k];

			if (assign->object != length)
				continue;
			made = object_of(flow, head->fn->file, assign->from);
			count++;
		}
	return count > 1 ? "" : made;
}

/* "offsetofend(struct x, member)": the number of the member, or -1. */
static int head_end(const struct head *head, const char *length)
{
	const char *made = made_of(head, length), *comma = strrchr(made, ',');

	if (!lab_has_prefix(made, "offsetofend(") || !comma)
		return -1;
	for (unsigned int i = 0; i < head->record->count; i++) {
		const char *member = head->record->members[i].name;
		size_t len = strlen(member);

		if (!strncmp(comma + 1, member, len) && comma[1 + len] == ')')
			return i;
	}
	return -1;
}

/* All of the struct, or as much as the user wants of it. */
static bool is_all(const struct head *head, const char *length)
{
	const char *made = made_of(head, length);

	return strstr(made, keep_fmt(head->asked->flow, "sizeof(%s)", head->name)) ||
	       strstr(made, keep_fmt(head->asked->flow, "sizeof(struct%s)", head->record->name)) ||
	       strstr(made, keep_fmt(head->asked->flow, "sizeof(struct %s)", head->record->name));
}

static void note_set(struct head *head, const char *object)
{
	const char *part = object + strlen(head->name);

	if (!object_within(object, head->name))
		return;
	head->whole |= !*part;
	for (unsigned int i = 0; *part == '.' && i < head->record->count; i++)
		head->set[i] |= object_within(part + 1, head->record->members[i].name);
}

static void note_call(struct head *head, const struct call *call)
{
	int copyin = family_of(head->asked->flow, "copyin"), end;

	for (unsigned int i = 0; i < call->count; i++) {
		if (!object_within(call->objects[i], head->name) ||
		    stack_only_reads(call, head->asked->flow) ||
		    !token_is(head->fn->file, call->args[i].first, "&"))
			continue;
		end = !i && call->objects[0] == head->name && call->count > 2 &&
		      call_row(call, copyin, ROLE_USE) ? head_end(head, call->objects[2]) : -1;
		if (end < 0) {
			note_set(head, call->objects[i]);
			continue;
		}
		head->in = call;
		head->last = (unsigned int)end > head->last ? (unsigned int)end : head->last;
	}
}

static void read_filling(struct head *head)
{
	for (unsigned int n = 1; n < head->fn->nr_nodes; n++) {
		const struct node *node = &head->fn->nodes[n];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			note_set(head, node->assigns[k].object);
		for (unsigned int c = 0; c < node->nr_calls; c++)
			note_call(head, &node->calls[c]);
	}
}

static bool goes_back(void *data, const struct touch *touch)
{
	struct head head = *(const struct head *)data;
	const struct variable *variable = variable_of(head.fn, touch->object);
	const struct call *call = touch->call;

	if (!touch->direct || call->count < 3 || !variable || !variable->is_struct ||
	    variable->array || variable->pointer || variable->set)
		return false;
	head.name = touch->object;
	head.record = record_of(head.asked->flow, variable->type);
	if (!head.record || head.record->odd || head.record->count > LAB_ARRAY_SIZE(head.set) ||
	    !is_all(&head, call->objects[call->count - 1]))
		return false;
	read_filling(&head);
	for (unsigned int i = head.last + 1; head.in && !head.whole && i < head.record->count; i++)
		if (!head.set[i]) {
			report_line(head.asked, head.fn->file, call_line(head.fn, call),
				    "%s goes out behind what was fetched of it, and nobody set its "
				    "member %s", head.name, head.record->members[i].name);
			break;
		}
	return false;
}

void ask_head_fetched(const struct asked *asked, struct function *fn)
{
	struct head head = { .asked = asked, .fn = fn };

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		node_touches(asked->flow, fn, &fn->nodes[n], family_of(asked->flow, "copyout"),
			     ROLE_USE, goes_back, &head);
}
