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

/* @play, of an input that is @data, in a child; and the same of events. */
void try_run(void (*play)(const void *data), const void *data, struct verdict *verdict);
void try_play(const struct events *events, struct verdict *verdict);
/* More of that kind are to come: less time is given to each, if it hangs. */
void try_again(const struct verdict *verdict);
/*
 * In this process, with each event said: with $MDK_FUZZ_ABORT for a debugger, which stops where it
 * goes wrong; else it ends with the line @hangs, which stays, if it takes too long.
 */
void try_here(const char *hangs);
void verdict_free(struct verdict *verdict);
/* What lies behind memory that is overrun depends on the input, and so what ASan calls it. */
bool verdict_same(const char *key, const char *other);

#endif /* FUZZ_TRY_H */
