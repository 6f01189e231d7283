/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the question what goes out with bytes that nobody set. */
#ifndef MDEV_SDK_FLOW_STACK_BYTES_H
#define MDEV_SDK_FLOW_STACK_BYTES_H

#include "questions.h"
#include "values.h"

/* A call that only reads what it gets. */
bool stack_only_reads(const struct call *call, const struct flow *flow);

/* stack_ways.c: a member that one way to the node leaves unset, or NULL. */
const char *stack_unset(struct flow *flow, const struct function *fn, const char *name,
			const struct record *record, bool pointer, unsigned int target);

/* stack_part.c: buffers of which less was filled than goes out. */
void ask_part_filled(const struct asked *asked, struct function *fn);

/* stack_fill.c: buffers that a helper fills on some ways, or in part. */
void ask_fill(const struct asked *asked, struct function *fn);

/* Where something goes out. */
struct leaving {
	const struct asked *asked;
	const struct function *fn;
	unsigned int node;
};

/* stack_head.c: structs of which only the head was fetched. */
void ask_head_fetched(const struct asked *asked, struct function *fn);

#endif
