/* SPDX-License-Identifier: GPL-2.0-only */
/* From a kernel's report against itself to function and source line. */
#ifndef LAB_OOPS_H
#define LAB_OOPS_H

#include <stdio.h>

#include "lab.h"

struct frame {
	char function[128];
	char module[64];	/* "" for the kernel itself */
	unsigned long offset;
	bool is_return;		/* from the call trace: the address after a call */
};

/* Reads "func+0x12/0x34 [module]" anywhere in a line; false if there is none. */
bool oops_frame(const char *line, struct frame *frame);

/* How to get from an address to a source. */
struct oops_source {
	const struct lab_list *modules;		/* files of .ko with debug information */
	const char *shown;			/* the driver's folder, as its user knows it */
};

/* Prints what happened, and where in a line each; each line begins with lead. */
void oops_tell(const char *splat, const struct oops_source *source, const char *lead, FILE *out);

/* The same as a failure of a run. */
void oops_print(const char *splat, const struct oops_source *source, FILE *out);

#endif
