/* SPDX-License-Identifier: GPL-2.0-only */
/* An input in a process of its own, and what its report says. */
#ifndef FUZZ_TRY_H
#define FUZZ_TRY_H

#include "event.h"

/**
 * struct verdict - what came of an input
 * @key: what and where, the same for the same mistake; empty: nothing was found
 * @report: all that the process printed
 */
struct verdict {
	char key[256];
	char *report;
};

void try_play(const struct events *events, struct verdict *verdict);
void verdict_free(struct verdict *verdict);

#endif /* FUZZ_TRY_H */
