// SPDX-License-Identifier: GPL-2.0-only
/*
 * A struct of which all members are set somewhere, and on one way to where it goes out not all of
 * them: a bit for each member and, of short arrays, for each element.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "stack_bytes.h"

#define MAX_UNITS 62
#define MAX_ELEMENTS 16	/* longer arrays are one unit */
#define ALL (~0ULL)
#define DEPTH 3

struct unit {
	const char *member;
	int element;	/* -1: all of the member */
};

struct ways {
	struct flow *flow;
	const struct function *fn;
	const char *name;	/* of the struct here */
	bool pointer;
	const struct unit *units;
	unsigned int nr_units;
	unsigned int target;	/* the node where it goes out; NO_NODE: at the end */
	uint64_t start;		/* what a loop sets counts from the beginning */
	uint64_t *masks;	/* a state's number is an index */
	size_t nr_masks;
	uint64_t least;		/* what was set on all ways */
	unsigned int depth;
};

static uint64_t full_mask(unsigned int count)
{
	return (1ULL << count) - 1;
}

static int mask_state(struct ways *ways, uint64_t mask)
{
	size_t i = 0;

	while (i < ways->nr_masks && ways->masks[i] != mask)
		i++;
	if (i == ways->nr_masks) {
		ways->masks = lab_grow(ways->masks, i + 1, sizeof(mask));
		ways->masks[ways->nr_masks++] = mask;
	}
	return i;
}

/* ".values[2]" behind the name: its bits. */
static uint64_t part_mask(const struct ways *ways, const char *part)
{
	uint64_t mask = 0;

	if (!*part)
		return ALL;
	for (unsigned int i = 0; *part == '.' && i < ways->nr_units; i++) {
		const struct unit *unit = &ways->units[i];
		size_t len = strlen(unit->member);
		char *end;
		long element;

		if (strncmp(part + 1, unit->member, len) || (part[1 + len] && !strchr(".[", part[1 + len])))
			continue;
		element = part[1 + len] == '[' ? strtol(part + len + 2, &end, 0) : -1;
		if (element < 0 || *end != ']' || unit->element < 0 || unit->element == element)
			mask |= 1ULL << i;
	}
	return mask;
}

static const char *behind(const char *object, const char *name)
{
	return object_within(object, name) ? object + strlen(name) : NULL;
}

static uint64_t set_by_helper(struct ways *ways, const struct call *call, unsigned int arg);

static uint64_t set_by_call(struct ways *ways, const struct call *call)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < call->count; i++) {
		const char *part = behind(call->objects[i], ways->name);

		if (!part || stack_only_reads(call, ways->flow) ||
		    call_row(call, family_of(ways->flow, "memory"), ROLE_PUT))
			continue;
		if (*part && !token_is(ways->fn->file, call->args[i].first, "&") &&
		    part_mask(ways, part) && !strchr(part, '['))
			continue;
		mask |= *part ? part_mask(ways, part) : set_by_helper(ways, call, i);
	}
	return mask;
}

/* "*x = y", "x = y" of all; "x.y = z" of a member. */
static uint64_t set_by_node(struct ways *ways, const struct node *node)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const char *object = node->assigns[i].object;
		const char *part = behind(object + (*object == '*'), ways->name);

		if (part && (*part || *object == '*' || !ways->pointer))
			mask |= part_mask(ways, part);
	}
	for (unsigned int i = 0; i < node->nr_calls; i++)
		mask |= set_by_call(ways, &node->calls[i]);
	return mask;
}

/* Somebody else has its address: what is set through that is not seen. */
static bool is_aliased(const struct ways *ways)
{
	for (unsigned int n = 1; n < ways->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < ways->fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &ways->fn->nodes[n].assigns[k];
			bool address = token_is(ways->fn->file, assign->from.first, "&");
			const char *from = object_of(ways->flow, ways->fn->file, assign->from);

			if (behind(from, ways->name) &&
			    (address || (ways->pointer && from == ways->name)))
				return true;
		}
	return false;
}

static bool gets_back(const struct function *fn, unsigned int at)
{
	bool *seen = calloc(fn->nr_nodes, sizeof(*seen));
	unsigned int *stack = calloc(2 * fn->nr_nodes + 2, sizeof(*stack)), count = 0;
	bool back = false;

	if (!seen || !stack) {
		free(seen);
		free(stack);
		return true;
	}
	stack[count++] = fn->nodes[at].next;
	stack[count++] = fn->nodes[at].other;
	while (count && !back) {
		unsigned int node = stack[--count];

		back = node == at;
		if (!node || seen[node])
			continue;
		seen[node] = true;
		stack[count++] = fn->nodes[node].next;
		stack[count++] = fn->nodes[node].other;
	}
	free(seen);
	free(stack);
	return back;
}

static uint64_t set_by_loops(struct ways *ways)
{
	uint64_t mask = 0;

	for (unsigned int n = 1; n < ways->fn->nr_nodes; n++) {
		uint64_t here = set_by_node(ways, &ways->fn->nodes[n]);

		if (here && gets_back(ways->fn, n))
			mask |= here;
	}
	return mask;
}

static int ways_visit(struct walk *walk, unsigned int at, int state)
{
	struct ways *ways = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	uint64_t mask = ways->masks[state];

	if (at == ways->target || node->kind == NODE_EXIT) {
		if ((at == ways->target) == (ways->target != NO_NODE))
			ways->least &= mask;
		return -1;
	}
	/* Of a helper that fails nobody uses what it set. */
	if (node->kind == NODE_RETURN && ways->target == NO_NODE && returns_error(walk, node) > 0)
		return -1;
	return mask_state(ways, mask | set_by_node(ways, node));
}

static uint64_t walk_ways(struct ways *ways)
{
	struct walk walk = {
		.flow = ways->flow, .fn = (struct function *)ways->fn, .visit = ways_visit,
		.data = ways,
	};

	ways->least = ALL;
	if (is_aliased(ways))
		return ALL;
	ways->start = set_by_loops(ways);
	walk_from(&walk, ways->fn->entry, mask_state(ways, ways->start));
	free(walk.seen);
	free(ways->masks);
	ways->masks = NULL;
	return walk.gave_up ? ALL : ways->least;
}

static uint64_t set_by_helper(struct ways *ways, const struct call *call, unsigned int arg)
{
	struct ways inside = *ways;

	if (!call->callee || arg >= call->callee->nr_params || ways->depth >= DEPTH)
		return ALL;
	inside.fn = call->callee;
	inside.name = call->callee->params[arg];
	inside.pointer = true;
	inside.target = NO_NODE;
	inside.masks = NULL;
	inside.nr_masks = 0;
	inside.depth++;
	return walk_ways(&inside);
}

static unsigned int gather_units(struct flow *flow, const struct record *record,
				 struct unit units[MAX_UNITS])
{
	unsigned int count = 0;

	for (unsigned int m = 0; m < record->count; m++) {
		const struct member *member = &record->members[m];
		long long elements = member->array ?
				     most_of(flow, record->file, member->length, NULL) : 0;

		if (elements < 1 || elements > MAX_ELEMENTS)
			elements = 0;
		if (count + (elements ? elements : 1) > MAX_UNITS)
			return 0;
		for (int i = 0; i < elements; i++)
			units[count++] = (struct unit){ member->name, i };
		if (!elements)
			units[count++] = (struct unit){ member->name, -1 };
	}
	return count;
}

const char *stack_unset(struct flow *flow, const struct function *fn, const char *name,
			const struct record *record, bool pointer, unsigned int target)
{
	struct unit units[MAX_UNITS];
	struct ways ways = {
		.flow = flow, .fn = fn, .name = name, .pointer = pointer, .units = units,
		.nr_units = gather_units(flow, record, units), .target = target,
	};
	uint64_t set;

	if (!ways.nr_units)
		return NULL;
	set = walk_ways(&ways) & full_mask(ways.nr_units);
	for (unsigned int i = 0; i < ways.nr_units; i++)
		if (!(set & (1ULL << i)))
			return units[i].element < 0 ? units[i].member :
			       keep_fmt(flow, "%s[%d]", units[i].member, units[i].element);
	return NULL;
}
