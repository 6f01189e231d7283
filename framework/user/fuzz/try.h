/* SPDX-License-Identifier: GPL-2.0-only */
/* An input in a process of its own, and what its report says. */
#ifndef FUZZ_TRY_H
#define FUZZ_TRY_H

#include "event.h"

/**
 * struct verdict - what came of an input
 * @key: what and where, the same for the same mistake; empty: nothing was found
 * @hangs: it did not come to its end in time
 * @report: all that the process printed
 */
struct verdict {
	char key[256];
	bool hangs;
	char *report;
};

void try_play(const struct events *events, struct verdict *verdict);
/* More of that kind are to come: less time is given to each, if it hangs. */
void try_again(const struct verdict *verdict);
void verdict_free(struct verdict *verdict);

#endif /* FUZZ_TRY_H */
