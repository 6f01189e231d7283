/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What functions do, over all files of a tree: which of their arguments they check, lock, pin, free
 * and give back, also by way of others. For the rules of `mdev-sdk check` that ask what lies one or
 * two helpers away. It reads tokens, so code that does not compile is as good as code that does.
 */
#ifndef MDEV_SDK_FLOW_H
#define MDEV_SDK_FLOW_H

#include <stdbool.h>
#include <stddef.h>

struct flow;

/* table: tools/cocci/names. NULL after a message. */
struct flow *flow_new(const char *table);
void flow_free(struct flow *flow);

/* text stays the caller's, and as it is until flow_free(). */
void flow_add(struct flow *flow, const char *path, const char *text);

/* After the last file: what each function does. */
void flow_learn(struct flow *flow);

typedef void flow_found_fn(void *data, const char *path, unsigned int line, const char *message);

/* false: there is no such question. found() gets what is wrong. */
bool flow_ask(struct flow *flow, const char *question, flow_found_fn *found, void *data);

/* A function, or a macro, of the tree. */
struct flow_forward {
	const char *name;
	const char *callee;	/* all that it calls, with all it got; NULL: it does more */
	bool plain;		/* what comes back is what that returned */
	const char *path;
	unsigned int line, end;
};

typedef void flow_forward_fn(void *data, const struct flow_forward *forward);

/* Needs flow_add() only. */
void flow_forwards(struct flow *flow, flow_forward_fn *tell, void *data);

#endif
