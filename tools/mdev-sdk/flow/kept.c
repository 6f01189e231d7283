// SPDX-License-Identifier: GPL-2.0-only
/* Of several members of one kind some are given back at the end, and one is not. */
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

/* Who ends it names a sibling where a call gets it. */
static bool gives_away(struct flow *flow, const struct function *fn, const char *member)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (call_row(call, family_of(flow, "harmless"), ROLE_USE))
				continue;
			for (unsigned int k = 0; k < call->count; k++)
				if (object_member(flow, call->objects[k]) == member)
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
			for (unsigned int s = 0; s < record->count; s++)
				ask_sibling(&kept, &record->members[s]);
		}
	}
}
