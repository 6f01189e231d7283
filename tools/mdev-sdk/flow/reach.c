// SPDX-License-Identifier: GPL-2.0-only
/* What a function's nodes and calls lead to, whatever is known on the way. */
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "lab/lab.h"

bool leads_to(const struct function *fn, unsigned int from, unsigned int to, stops_fn *stops,
	      const char *name)
{
	bool *seen = lab_grow(NULL, fn->nr_nodes, sizeof(*seen)), found = false;
	unsigned int *stack = lab_grow(NULL, 2 * fn->nr_nodes + 2, sizeof(*stack)), count = 0;

	memset(seen, 0, fn->nr_nodes * sizeof(*seen));
	stack[count++] = fn->nodes[from].next;
	stack[count++] = fn->nodes[from].other;
	while (count && !found) {
		unsigned int at = stack[--count];

		found = at == to;
		if (!at || seen[at])
			continue;
		seen[at] = true;
		if (stops && stops(&fn->nodes[at], name))
			continue;
		stack[count++] = fn->nodes[at].next;
		stack[count++] = fn->nodes[at].other;
	}
	free(seen);
	free(stack);
	return found;
}

unsigned int past_joins(const struct function *fn, unsigned int node)
{
	while (fn->nodes[node].kind == NODE_JOIN && fn->nodes[node].next)
		node = fn->nodes[node].next;
	return node;
}

const struct call *call_of(const struct function *fn, const struct function *callee)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].callee == callee)
				return &fn->nodes[n].calls[c];
	return NULL;
}

bool calls_function(const struct function *fn, const struct function *callee)
{
	return call_of(fn, callee);
}

bool is_given_by(const struct function *fn, const char *name, const char *const *calls,
		 size_t nr_calls)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			for (size_t i = 0; i < nr_calls; i++)
				if (fn->nodes[n].calls[c].result == name &&
				    !strcmp(fn->nodes[n].calls[c].name, calls[i]))
					return true;
	return false;
}

bool is_made_of(struct flow *flow, const struct function *fn, const char *text,
		       bool (*of)(const char *text))
{
	if (of(text))
		return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (!strpbrk(assign->object, ".[*") && has_word(text, assign->object) &&
			    of(object_of(flow, fn->file, assign->from)))
				return true;
		}
	return false;
}

bool calls_word(const struct function *fn, const char *word)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (strstr(fn->nodes[n].calls[c].name, word))
				return true;
	return false;
}
