// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mmap that leaves all to its fault handler: neither compares the mapping's length, or the page
 * that is asked for, with anything.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const pages[] = { "pgoff", "address", "vm_start" };

static bool says_page(const char *text)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(pages); i++)
		if (has_word(text, pages[i]))
			return true;
	return false;
}

static bool says_length(const char *text)
{
	return has_word(text, "vm_end") || strstr(text, "vma_pages(") || strstr(text, "size(");
}

static bool compares(struct flow *flow, const struct function *fn, bool (*of)(const char *text))
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_TEST && strpbrk(fn->nodes[n].text, "<>") &&
		    is_made_of(flow, fn, fn->nodes[n].text, of))
			return true;
	return false;
}

/* The helpers of one may do it for it. */
static bool compares_below(struct flow *flow, const struct function *fn,
			   bool (*of)(const char *text))
{
	if (compares(flow, fn, of))
		return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			for (unsigned int i = 0; call->callee && i < call->count; i++)
				if (is_made_of(flow, fn, call->objects[i], of) &&
				    (calls_word(call->callee, "EINVAL") ||
				     strpbrk(object_of(flow, call->callee->file,
						       call->callee->body), "<>")))
					return true;
		}
	return false;
}

static bool installs_ops(const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (has_word(fn->nodes[n].assigns[k].object, "vm_ops"))
				return true;
	return false;
}

/* Where the page that is asked for leads into memory: "x + at", "x[at]", or a call gets it. */
static unsigned int line_of_use(struct flow *flow, const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];
		const char *text = object_of(flow, fn->file, node->span);

		if (node->kind != NODE_EXPR || !is_made_of(flow, fn, text, says_page))
			continue;
		if (strchr(text, '[') || (node->nr_calls && !only_logs(node->calls[0].name)))
			return fn->file->tokens[node->span.first].line;
	}
	return 0;
}

struct lazy {
	const struct asked *asked;
	const struct function *mmap;
};

static void at_fault(void *data, struct function *fn)
{
	const struct lazy *lazy = data;
	struct flow *flow = lazy->asked->flow;
	unsigned int line = line_of_use(flow, fn);

	if (fn->file != lazy->mmap->file || fn->nr_params != 1 || !line ||
	    compares_below(flow, fn, says_page))
		return;
	report_line(lazy->asked, fn->file, line, "a page beyond the memory may be asked for: neither "
		    "%s() nor this compares how many there are", lazy->mmap->name);
}

static void at_mmap(void *data, struct function *fn)
{
	struct lazy lazy = { data, fn };

	if (fn->nr_params > 1 && fn->param_types[1] && !strcmp(fn->param_types[1], "vm_area_struct") &&
	    installs_ops(fn) && !compares_below(lazy.asked->flow, fn, says_length))
		each_op(lazy.asked->flow, "fault", at_fault, &lazy);
}

void ask_lazy_map(const struct asked *asked)
{
	each_op(asked->flow, "mmap", at_mmap, (void *)asked);
}
