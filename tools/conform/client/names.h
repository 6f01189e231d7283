/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Registers and bits by name, in the page of a model's tables. For tests, and for tools/poke. */
#ifndef CONFORM_NAMES_H
#define CONFORM_NAMES_H

#include "client.h"

/* What was needed, and a sentence of what was found instead. */
struct names_why {
	const char *need;
	char found[1280];
};

/*
 * Looks for "REGION/REGISTER.BITS", of which region and bits may be missing, in the tables that a
 * device of the type has. Return: whether @reg is set; if not, @why is.
 */
bool names_find(const char *page, const char *type, const char *name, struct client_reg *reg,
		struct names_why *why);

#endif
