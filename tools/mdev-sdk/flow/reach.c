// SPDX-License-Identifier: GPL-2.0-only
/* What a function's nodes and calls lead to, whatever is known on the way. */
#include <stdlib.h>
#include <string.h>

#include "code.h"

bool leads_to(const struct function *fn, unsigned int from, unsigned int to, stops_fn *stops,
	      const char *name)
{
	bool *seen = calloc(fn->nr_nodes, sizeof(*seen)), found = false;
	unsigned int *stack = calloc(2 * fn->nr_nodes + 2, sizeof(*stack)), count = 0;

	if (seen && stack) {
		stack[count++] = fn->nodes[from].next;
		stack[count++] = fn->nodes[from].other;
	}
	while (count && !found) {
		unsigned int at = stack[--count];

		found = at == to;
		if (!at || seen[at])
			continue;
		seen[at] = true;
		if (stops(&fn->nodes[at], name))
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

bool calls_function(const struct function *fn, const struct function *callee)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].callee == callee)
				return true;
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
