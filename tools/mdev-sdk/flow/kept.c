// SPDX-License-Identifier: GPL-2.0-only
/* Members that are not given back at the end: one of several, or a pin that a reset leaves. */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

/* Pointers that are references by their type. */
static const char *const types[] = { "eventfd_ctx", "file", "mdk_pinned", "kvm", "mm_struct" };

struct kept {
	const struct asked *asked;
	const struct record *record;
	const struct member *member;
};

static bool is_reference(const struct member *member)
{
	for (size_t i = 0; member->pointer && i < LAB_ARRAY_SIZE(types); i++)
		if (!strcmp(member->type, types[i]))
			return true;
	return false;
}

/* The first function at such a time that names the member. */
static const struct function *namer(const struct asked *asked, const struct file *file,
				    const char *member, unsigned int when)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		if (fn->when & when && is_near(fn, file) && names_member(fn, member))
			return fn;
	}
	return NULL;
}

/* "old = x->member", by which a call gets it. */
static bool is_taken_out(struct flow *flow, const struct function *fn, const char *object,
			 const char *member)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (assign->object == object && assign->from.first < assign->from.end &&
			    object_member(flow, object_of(flow, fn->file, assign->from)) == member)
				return true;
		}
	return false;
}

/* Who ends it names a sibling where a call gets it. */
static bool gives_away(struct flow *flow, const struct function *fn, const char *member)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (call_row(call, family_of(flow, "harmless"), ROLE_USE))
				continue;
			for (unsigned int k = 0; k < call->count; k++)
				if (object_member(flow, call->objects[k]) == member ||
				    (variable_of(fn, call->objects[k]) && call->nr_rows &&
				     is_taken_out(flow, fn, call->objects[k], member)))
					return true;
		}
	return false;
}

static bool gets_address(struct flow *flow, const struct function *fn, const struct call *call,
			 const char *member)
{
	for (unsigned int k = 0; k < call->count; k++)
		if (token_is(fn->file, call->args[k].first, "&") &&
		    object_member(flow, call->objects[k]) == member)
			return true;
	return false;
}

/* It gets a value, or its address goes to who gives it one. */
static bool is_filled(const struct asked *asked, const struct file *file, const char *member)
{
	struct flow *flow = asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		for (unsigned int n = 1; is_near(fn, file) && n < fn->nr_nodes; n++) {
			const struct node *node = &fn->nodes[n];

			for (unsigned int k = 0; k < node->nr_assigns; k++)
				if (object_member(flow, node->assigns[k].object) == member)
					return true;
			for (unsigned int c = 0; c < node->nr_calls; c++)
				if (gets_address(flow, fn, &node->calls[c], member))
					return true;
		}
	}
	return false;
}

static void ask_sibling(const struct kept *kept, const struct member *sibling)
{
	const struct asked *asked = kept->asked;
	const struct file *file = kept->record->file;
	const struct function *fn;

	if (sibling == kept->member || sibling->type != kept->member->type || !sibling->pointer)
		return;
	fn = namer(asked, file, sibling->name, WHEN_END);
	if (fn && gives_away(asked->flow, fn, sibling->name))
		report_line(asked, fn->file, fn->line, "%s() gives back '%s', and nothing '%s'",
			    fn->name, sibling->name, kept->member->name);
}

static bool others_have(const struct flow *flow, const struct record *record, const char *member)
{
	for (size_t i = 0; i < flow->nr_records; i++)
		for (unsigned int k = 0; k < flow->records[i].count; k++)
			if (&flow->records[i] != record &&
			    flow->records[i].members[k].name == member)
				return true;
	return false;
}

struct resets {
	const struct record *state;
	const struct function *fn;
};

static void note_reset(void *data, struct function *fn)
{
	struct resets *resets = data;

	for (unsigned int i = 0; i < fn->nr_variables; i++)
		if (fn->variables[i].type == resets->state->name && fn->nr_params == 1 &&
		    fn->param_types[0] && !strcmp(fn->param_types[0], "mdk_dev"))
			resets->fn = fn;
}

/* A pin that requests take and give back, and that nothing gives back for the next user. */
static void ask_reset(const struct kept *kept)
{
	const struct asked *asked = kept->asked;
	const char *name = kept->member->name;
	struct resets resets = { .state = kept->record };
	const struct function *user = namer(asked, kept->record->file, name, WHEN_USED);

	if (strcmp(kept->member->type, "mdk_pinned") || !user)
		return;
	each_op(asked->flow, "reset", note_reset, &resets);
	if (resets.fn)
		report_line(asked, resets.fn->file, resets.fn->line,
			    "%s() leaves the pin '%s' to the next user, and nothing that runs at "
			    "the end gives it back", resets.fn->name, name);
}

void ask_kept(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_records; i++) {
		const struct record *record = &asked->flow->records[i];

		for (unsigned int k = 0; k < record->count; k++) {
			const struct kept kept = { asked, record, &record->members[k] };
			const char *name = kept.member->name;

			if (!is_reference(kept.member) ||
			    others_have(asked->flow, record, name) ||
			    namer(asked, record->file, name, WHEN_END | WHEN_UNKNOWN) ||
			    !is_filled(asked, record->file, name))
				continue;
			ask_reset(&kept);
			for (unsigned int s = 0; s < record->count; s++)
				ask_sibling(&kept, &record->members[s]);
		}
	}
}
