// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The report of one test, and KTAP version 1 made of it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "suite.h"

/* A loop over hundreds of offsets that all fail the same way need not print them all. */
#define MAX_FAILURES	6

struct report *report;

void report_init(void)
{
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (report == MAP_FAILED) {
		perror("mdev-conform: cannot map the memory for the report");
		exit(3);
	}
}

void report_reset(void)
{
	report->verdict = VERDICT_PASS;
	report->failures = 0;
	report->opened = false;
	report->did_at = 0;
	report->did[0] = '\0';
	report->skip_reason[0] = '\0';
	report->text_len = 0;
	report->nr_uuids = 0;
}

/* Appends one "# " line; a line that does not fit is dropped, the verdict is not in the text. */
static void add_line(const char *label, const char *fmt, va_list ap)
{
	char line[1024];
	int n;

	vsnprintf(line, sizeof(line), fmt, ap);
	for (char *p = line; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	n = snprintf(report->text + report->text_len, sizeof(report->text) - report->text_len,
		     "# %s%s\n", label, line);
	if (n > 0 && report->text_len + n < sizeof(report->text))
		report->text_len += n;
	else
		report->text[report->text_len] = '\0';
}

static void add_fmt(const char *label, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add_fmt(const char *label, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(label, fmt, ap);
	va_end(ap);
}

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static char at[200];

void did_at(const char *where)
{
	snprintf(at, sizeof(at), "%s", where);
	did("%s", "");
}

void did(const char *fmt, ...)
{
	char step[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(step, sizeof(step), fmt, ap);
	va_end(ap);
	snprintf(report->did, sizeof(report->did), "%s%s%s", at, *at && *step ? ": " : "", step);
	/* More time is for who gets on: where all fails, each failure may have taken seconds. */
	if (report->verdict == VERDICT_PASS)
		report->did_at = now_ms();
}

void failed(const char *need, const char *fmt, ...)
{
	va_list ap;

	report->verdict = VERDICT_FAIL;
	if (++report->failures > MAX_FAILURES)
		return;
	if (report->did[0])
		add_fmt("did:   ", "%s", report->did);
	va_start(ap, fmt);
	add_line("found: ", fmt, ap);
	va_end(ap);
	add_fmt("need:  ", "%s", need);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line("note:  ", fmt, ap);
	va_end(ap);
}

void skip(const char *fmt, ...)
{
	va_list ap;

	/* What has failed already is not made good by a part that could not be tried. */
	if (report->verdict == VERDICT_PASS)
		report->verdict = VERDICT_SKIP;
	va_start(ap, fmt);
	vsnprintf(report->skip_reason, sizeof(report->skip_reason), fmt, ap);
	va_end(ap);
	test_end();
}

void skipped(const char *reason)
{
	report->verdict = VERDICT_SKIP;
	snprintf(report->skip_reason, sizeof(report->skip_reason), "%s", reason);
}

void test_end(void)
{
	report->finished = true;
	_exit(0);
}

void ktap_plan(unsigned int n)
{
	printf("KTAP version 1\n1..%u\n", n);
	fflush(stdout);
}

void ktap_begin(unsigned int nr)
{
	printf("# mdev-conform: begins with test %u\n", nr);
	fflush(stdout);
}

void ktap_result(unsigned int nr, const char *name, unsigned int ms)
{
	fwrite(report->text, 1, report->text_len, stdout);
	if (report->failures > MAX_FAILURES)
		printf("# ... and %u more like these\n", report->failures - MAX_FAILURES);
	printf("# mdev-conform: took %u ms\n", ms);
	printf("%sok %u %s", report->verdict == VERDICT_FAIL ? "not " : "", nr, name);
	if (report->verdict == VERDICT_SKIP)
		printf(" # SKIP %s", report->skip_reason);
	printf("\n");
	fflush(stdout);
	/* What a serial port has not sent yet is lost if the next test ends the kernel. */
	tcdrain(STDOUT_FILENO);
}

void ktap_end(void)
{
	printf("# mdev-conform: end\n");
	fflush(stdout);
}
