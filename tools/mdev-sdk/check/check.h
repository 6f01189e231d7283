/* SPDX-License-Identifier: GPL-2.0-only */
/* mdev-sdk check: rules, files, what the rules found and what could not be looked at. */
#ifndef MDEV_SDK_CHECK_H
#define MDEV_SDK_CHECK_H

#include <stdbool.h>

#include "aliases.h"
#include "common/args.h"
#include "conf.h"
#include "lab/lab.h"
#include "rules.h"
#include "sources.h"

struct place {
	const struct rule *rule;
	struct source *source;	/* NULL: not one of ours, path says where */
	char *path;
	unsigned int line, column;	/* from 1 on */
	enum severity severity;
	char *id;
	char *message;
	char *function, *text;
	bool known;		/* the baseline has it */
	bool allowed;		/* a comment allows it, with a reason, or check.conf */
};

/* What was not looked at. */
struct gap {
	char *path;		/* NULL: no rule, no file */
	unsigned int line;	/* 0: all of it */
	const struct rule *rule;	/* NULL: all */
	char *why;
};

struct check {
	const struct args *args;
	enum mode mode;
	enum severity severity;
	enum confidence confidence;
	unsigned int jobs, timeout;
	struct rules rules;
	struct sources sources;
	struct aliases aliases;
	struct checkconf conf;
	const char *baseline, *kernel;	/* by the command line, or check.conf */
	struct place *places;
	size_t place_count;
	struct gap *gaps;
	size_t gap_count;
	struct lab_list remarks;	/* what did not apply, and so is no gap */
	struct lab_buf diff;		/* the modes that are not report */
	size_t rules_run;
	double seconds;
};

/* spatch.c: the semantic patches that are chosen; LAB_CANNOT: nothing could be run. */
int check_spatch(struct check *check);

/* text.c: the rules that are expressions. */
void check_text(struct check *check);

/* flow_rules.c: the rules that look through helpers; LAB_CANNOT after a message. */
int check_flow(struct check *check);

/* programs.c: sparse, and cppcheck where it is asked for. */
void check_programs(struct check *check);

int cmd_check(const struct args *args);

#endif
