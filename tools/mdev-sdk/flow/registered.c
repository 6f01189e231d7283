// SPDX-License-Identifier: GPL-2.0-only
/* An error behind the registration of a device that leaves it registered. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct registered {
	const struct asked *asked;
	unsigned int node;
	const char *result;	/* the number that says whether it failed, or NULL */
	bool *told;
};

static const char *const registers[] = {
	"vfio_register_emulated_iommu_dev", "vfio_register_group_dev", "vfio_pci_core_register_device",
	"mdk_register", "mdk_register_on", "mdk_register_pci",
};

static const struct call *register_of(const struct node *node)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(registers); i++)
			if (!strcmp(node->calls[c].name, registers[i]))
				return &node->calls[c];
	return NULL;
}

static bool unregisters(const struct node *node, unsigned int depth)
{
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];

		if (strstr(call->name, "unregister") || strstr(call->name, "deregister") ||
		    strstr(call->name, "_action"))
			return true;
		for (unsigned int n = 1; call->callee && depth && n < call->callee->nr_nodes; n++)
			if (unregisters(&call->callee->nodes[n], depth - 1))
				return true;
	}
	return false;
}

enum { BEFORE, FRESH, REGISTERED };

static int registered_visit(struct walk *walk, unsigned int at, int state)
{
	struct registered *registered = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == registered->node)
		return node->kind == NODE_RETURN ? -1 : FRESH;
	if (node->kind == NODE_EXIT || (state && unregisters(node, 2)))
		return -1;
	if (node->kind != NODE_RETURN)
		return state;
	if (state == REGISTERED && returns_error(walk, node) > 0 && !registered->told[at]) {
		report_line(registered->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "this error leaves the device registered that %s() registers here",
			    walk->fn->name);
		registered->told[at] = true;
	}
	return -1;
}

/* The first test behind it, or the call in it, says whether it failed. */
static int registered_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct registered *registered = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	bool here = at == registered->node ||
		    (registered->result && node->text && has_word(node->text, registered->result));

	if (state != FRESH || node->kind != NODE_TEST || !here)
		return state;
	return taken ? -1 : REGISTERED;
}

static void ask_function(const struct asked *asked, struct function *fn, unsigned int n,
			 const struct call *call)
{
	struct registered registered = {
		.asked = asked, .node = n, .result = call->result,
		.told = calloc(fn->nr_nodes + 1, sizeof(bool)),
	};
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = registered_visit,
		.branch = registered_branch, .data = &registered,
	};

	if (registered.told)
		walk_from(&walk, fn->entry, BEFORE);
	free(walk.seen);
	free(registered.told);
}

void ask_registered(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++) {
			const struct call *call = register_of(&fn->nodes[n]);

			if (call)
				ask_function(asked, fn, n, call);
		}
	}
}
