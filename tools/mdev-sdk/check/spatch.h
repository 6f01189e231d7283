/* SPDX-License-Identifier: GPL-2.0-only */
/* One process of spatch, and what came of it. */
#ifndef MDEV_SDK_CHECK_SPATCH_H
#define MDEV_SDK_CHECK_SPATCH_H

#include "check.h"

struct job {
	struct rule *rule;	/* NULL: only look what can be parsed */
	bool includes;		/* of those: with headers */
	struct source **files;
	size_t count;
	struct lab_buf out;
	char *log;		/* of standard error */
	enum lab_end end;
	int code;
	double seconds;
};

/* spatch_output.c: takes over what it found and what it could not look at. */
void spatch_read(struct check *check, struct job *job);

#endif
