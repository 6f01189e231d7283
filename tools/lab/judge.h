/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on a run, from its KTAP and from the kernel's log. */
#ifndef LAB_JUDGE_H
#define LAB_JUDGE_H

#include <stdio.h>

#include "lab.h"

enum verdict { VERDICT_PASSED, VERDICT_FAILED, VERDICT_SKIPPED };
/* How a test ended the kernel that it ran on. */
enum crash { CRASH_NONE, CRASH_OOPS, CRASH_HANG };

/* The reasons of tests that an earlier crash keeps from being run begin so. */
#define JUDGE_NOT_RUN "not run: "
/* And those of tests of what a driver in user space has not: how many is enough for people. */
#define JUDGE_NOT_HERE "not over vfio-user: "

struct result {
	unsigned long number;
	enum verdict verdict;
	enum crash crash;
	char *name;
	char *reason;		/* of a skip or a crash, or "" */
	char *diagnostics;	/* the lines before it, or "" */
	bool unexpected;	/* a skip that is not on the list */
	long ms;		/* how long it took; -1: not known */
};

struct judgement {
	struct result *results;
	size_t count;
	long plan;		/* -1: none was seen */
	long ms;		/* said of the next result */
	bool version, end;
	bool gave_up;		/* the guest said so itself */
	bool of_suite;		/* what the framework says of the driver's mistakes counts */
	size_t passed, failed, skipped;
	struct lab_list problems;	/* what is wrong with the run as a whole */
	char *tail;		/* what was printed after the last result, or NULL */
	char *splat;		/* the first report of the kernel against itself, or NULL */
	size_t splats;
	char *splat_test;	/* the test that the suite had announced before it, or NULL */
};

void judge_init(struct judgement *judgement);
void judge_free(struct judgement *judgement);

/* Adds what the guest program printed. */
void judge_ktap(struct judgement *judgement, const char *text);

/* Adds the kernel's log; the first oops, warning or the like is kept in splat. */
void judge_log(struct judgement *judgement, const char *log);

/* Where in the log the last test that was announced begins, or NULL; its name goes to *name. */
const char *judge_last_test(const char *log, char **name);

/* Of how many tests the log has the beginning. */
size_t judge_tests_begun(const char *log);

/* Compares the skips with the expected ones: lines "TEST  # reason". text NULL: none expected. */
void judge_skips(struct judgement *judgement, const char *text);

/* LAB_OK, LAB_FOUND or LAB_SKIPPED (nothing but skips). */
int judge_status(const struct judgement *judgement);

/*
 * The test that the run broke in: the one announced before the splat, else the first that has no
 * result. names: those of the suite, in order. NULL: the run did not break.
 */
const char *judge_culprit(const struct judgement *judgement, const struct lab_list *names);

/* The tests that failed, what is wrong with the run, and one for the reports of the kernel. */
size_t judge_failures(const struct judgement *judgement);

/* What failed, in one line for all types of a test; and then all the rest. */
void judge_print_failures(const struct judgement *judgement, FILE *out);
void judge_print_rest(const struct judgement *judgement, FILE *out);

#endif
