/* SPDX-License-Identifier: GPL-2.0-only */
/* One process of spatch, and what came of it. */
#ifndef MDEV_SDK_CHECK_SPATCH_H
#define MDEV_SDK_CHECK_SPATCH_H

#include "check.h"

/* By the clock, without any of the processor's time: such a process waits for something. */
#define IDLE_SECONDS 10

struct job {
	struct rule **rules;
	size_t nr_rules;	/* 0: only look what can be parsed */
	bool includes;		/* of those: with headers */
	bool last;		/* what is lost now is not tried again */
	struct source **files;
	size_t count;
	bool *lost;		/* by file: to be tried again, each rule alone */
	struct lab_buf out;
	char *log;		/* of standard error */
	enum lab_end end;
	int code;
	double seconds;
};

/* spatch_output.c: takes over what it found and what it could not look at, or marks it as lost. */
void spatch_read(struct check *check, struct job *job);

/*
 * join.c: one semantic patch of all rules of a job, so that each file is parsed once. Names in a
 * rule of ours begin with its id, so they stay apart. @plain: this spatch has the regular
 * expressions of OCaml. LAB_CANNOT after a message.
 */
int spatch_join(const struct job *job, bool plain, const char *path);

#endif
