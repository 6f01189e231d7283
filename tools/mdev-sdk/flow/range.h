/* SPDX-License-Identifier: GPL-2.0-only */
/* An access from the user's position for his count: range.c, range_test.c. */
#ifndef MDEV_SDK_FLOW_RANGE_H
#define MDEV_SDK_FLOW_RANGE_H

#include "code.h"

#define MAX_RANGE_NAMES 16

/* CUT: a copy of the count with fewer bits was judged, and not the count itself. */
enum judged { OPEN, CUT, JUDGED };

/* The calls that reach memory with nothing judged. */
struct reached {
	const struct call *calls[MAX_RANGE_NAMES];
	const struct function *where[MAX_RANGE_NAMES];
	unsigned int count;
	bool gave_up;
};

/* What a function calls the position and the count, and what it compares the position with. */
struct access {
	const struct asked *asked;
	struct function *fn;
	const char *positions[MAX_RANGE_NAMES], *counts[MAX_RANGE_NAMES], *limits[MAX_RANGE_NAMES];
	unsigned int nr_positions, nr_counts, nr_limits, depth;
	bool lowered;	/* something was taken away from the position: it may be negative */
	bool tested;	/* a caller has compared the position with something */
	struct reached *reached;
	enum judged judges;	/* on some way */
};

bool range_has_position(const struct access *access, const char *text);
bool range_has_count(const struct access *access, const char *text);

/* range_test.c: what the position is compared with, in this function. */
void range_read_limits(struct access *access);
/* It has a count with all of its bits. */
bool range_has_whole(const struct access *access, const char *text);
/* What the node adds to what is known of the sum. */
enum judged range_judged(const struct access *access, const struct node *node);

#endif
