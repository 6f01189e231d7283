/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How a test says what it did and what it found, and how that becomes KTAP. */
#ifndef CONFORM_KTAP_H
#define CONFORM_KTAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_UUIDS	8192
#define UUID_LEN	36

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_SKIP };

/*
 * Lives in memory shared by the runner and the test's own process: what a test said before it
 * hung or crashed is not lost, and the devices that it left behind can be removed.
 */
struct report {
	enum verdict verdict;
	unsigned int failures;
	bool opened;		/* the shared device, for a test that uses it */
	bool finished;		/* the process of the test has come to an end of the test's */
	uint64_t did_at;	/* now_ms() of the last did() before a failure; 0: none yet */
	char did[512];
	char skip_reason[512];
	size_t text_len;
	char text[16384];
	unsigned int nr_uuids;
	char uuids[MAX_UUIDS][UUID_LEN + 1];
};

extern struct report *report;

void report_init(void);
void report_reset(void);

/* What the test is doing now: printed with a failure, a hang or a crash that follows. */
void did(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* What a test of a tree says it is at: stands before each did() from then on. */
void did_at(const char *where);
/* A failure: what was found instead of @need. The test goes on. */
void failed(const char *need, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A remark that goes with the result. */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The test cannot be done here; ends the test's process. */
void skip(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* The test is not even started: for the runner. */
void skipped(const char *reason);
/* Ends the test's process with what has been reported so far. */
void test_end(void) __attribute__((noreturn));

void ktap_plan(unsigned int n);
/* Of a run of a part of the tests: its first. */
void ktap_begin(unsigned int nr);
/* @ms: how long it took */
void ktap_result(unsigned int nr, const char *name, unsigned int ms);
void ktap_end(void);

#endif
