/* SPDX-License-Identifier: GPL-2.0-only */
/* A walk that looks for ways out which keep what was got: balance.c, balance_test.c. */
#ifndef MDEV_SDK_FLOW_BALANCE_H
#define MDEV_SDK_FLOW_BALANCE_H

#include "code.h"

/* DOUBT: nobody has looked at the result that is going to be returned. */
enum held { BEFORE, FRESH, HELD, DOUBT };
#define HELD_BITS 2	/* of a state; above them the goto by which this way has come */

struct kind {
	const char *family;
	bool value;	/* somebody else may keep it: a pointer that was returned */
	const char *what;
};

struct held_walk {
	const struct asked *asked;
	const struct kind *kind;
	int family, fails;
	unsigned int get;		/* the node */
	const struct call *call;
	bool direct;			/* the call itself gets it, and no helper */
	const char *object;
	const char *result;		/* the number that says whether it was got, or NULL */
	const char *returned;		/* the variable that the function returns, or NULL */
	bool *told;			/* by node */
	bool report;
	bool any_put, before;
	const char *place;		/* a member, or an element, that it stands in; or NULL */
	bool *undo;			/* loops that give back all elements */
	bool many;			/* it is one of several elements */
};

/* balance.c */
bool gives_back(const struct walk *walk, const struct node *node);

/* balance_test.c: the state on this side of a test; negative: not possible, or nothing is held. */
int branch_state(struct walk *walk, unsigned int at, bool taken, int state);

/* "trylock(x) == 0", "(x = get()) == NULL": the test is true where the call gave nothing. */
bool is_turned(const char *text);

/* whole.c: a member of what was given to the function @of: its callers see to it. */
bool goes_with_whole(struct flow *flow, const struct function *of, const struct touch *touch);

#endif
