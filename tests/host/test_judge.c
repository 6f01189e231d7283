// SPDX-License-Identifier: GPL-2.0-only
/* The judge believes a whole run with a quiet log, and nothing less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/judge.h"

#define HEAD "KTAP version 1\n"
#define END "# mdev-conform: end\n"

struct sample {
	const char *about, *ktap, *log, *skips;
	int status;
	size_t passed, failures, skipped;
	const char *problem;	/* must occur in one of the problems, or NULL */
};

static const struct sample samples[] = {
	{ "a whole run", HEAD "1..2\nok 1 a.b\nok 2 a.c\n" END, "", NULL, LAB_OK, 2, 0, 0, NULL },
	{ "lines of a serial port", HEAD "1..1\r\nok 1 - a.b\r\n" END, "", NULL, LAB_OK, 1, 0, 0,
	  NULL },
	{ "a failure", HEAD "1..2\nok 1 a.b\n# found: 1\nnot ok 2 a.c\n" END, "", NULL, LAB_FOUND,
	  1, 1, 0, NULL },
	{ "no output at all", "", "", NULL, LAB_FOUND, 0, 3, 0, "no line \"KTAP version 1\"" },
	{ "no version", "1..1\nok 1 a\n" END, "", NULL, LAB_FOUND, 1, 1, 0, "KTAP version 1" },
	{ "no plan", HEAD "ok 1 a\n" END, "", NULL, LAB_FOUND, 1, 1, 0, "no plan" },
	{ "an empty plan", HEAD "1..0\n" END, "", NULL, LAB_FOUND, 0, 1, 0, "1..0" },
	{ "an empty plan with a reason", HEAD "1..0 # SKIP none\n" END, "", NULL, LAB_FOUND, 0, 1,
	  0, "1..0" },
	{ "two plans", HEAD "1..1\n1..2\nok 1 a\nok 2 b\n" END, "", NULL, LAB_FOUND, 2, 1, 0,
	  "second plan" },
	{ "fewer results", HEAD "1..3\nok 1 a\nok 2 b\n" END, "", NULL, LAB_FOUND, 2, 1, 0,
	  "2 of 3" },
	{ "more results", HEAD "1..1\nok 1 a\nok 2 b\n" END, "", NULL, LAB_FOUND, 2, 1, 0,
	  "2 of 1" },
	{ "a result twice", HEAD "1..2\nok 1 a\nok 1 a\n" END, "", NULL, LAB_FOUND, 2, 1, 0,
	  "twice" },
	{ "results out of order", HEAD "1..2\nok 2 b\nok 1 a\n" END, "", NULL, LAB_FOUND, 2, 2, 0,
	  "is due" },
	{ "no end", HEAD "1..1\nok 1 a\n", "", NULL, LAB_FOUND, 1, 1, 0, "no end marker" },
	{ "something after the end", HEAD "1..1\nok 1 a\n" END "ok 2 b\n", "", NULL, LAB_FOUND, 1,
	  1, 0, "after the end" },
	{ "a guest that gave up", HEAD "1..1\nBail out! no VFIO\n", "", NULL, LAB_FOUND, 0, 3, 0,
	  "no VFIO" },
	{ "a suite that could not start", "Bail out! no module\n", "", NULL, LAB_FOUND, 0, 1, 0,
	  "no module" },
	{ "an unexpected skip", HEAD "1..2\nok 1 a\nok 2 b # SKIP none\n" END, "", "c # why\n",
	  LAB_FOUND, 1, 1, 1, "not on the list" },
	{ "an expected skip", HEAD "1..2\nok 1 a\nok 2 b # SKIP none\n" END, "", "x\nb  # why\n",
	  LAB_OK, 1, 0, 1, NULL },
	{ "an expected skip of a type", HEAD "1..2\nok 1 a[t-1]\nok 2 b[t-1] # SKIP none\n" END,
	  "", "b\n", LAB_OK, 1, 0, 1, NULL },
	{ "a name that only starts alike", HEAD "1..2\nok 1 a\nok 2 bc # SKIP x\n" END, "", "b\n",
	  LAB_FOUND, 1, 1, 1, "bc" },
	{ "an expected skip of a group", HEAD "1..3\nok 1 a.b\nok 2 c.d[1] # SKIP x\n"
	  "ok 3 c.e # SKIP y\n" END, "", "c.*  # why\n", LAB_OK, 1, 0, 2, NULL },
	{ "a group that only starts alike", HEAD "1..2\nok 1 a\nok 2 cd.e # SKIP x\n" END, "",
	  "c.*\n", LAB_FOUND, 1, 1, 1, "skip of cd.e" },
	{ "a group is no part of another line", HEAD "1..2\nok 1 a\nok 2 c.e # SKIP x\n" END, "",
	  "c.*e\n", LAB_FOUND, 1, 1, 1, "skip of c.e" },
	{ "an unexpected skip of a group is one problem", HEAD
	  "1..4\nok 1 a\nok 2 c.d[t] # SKIP x\nok 3 c.e[t] # SKIP x\nok 4 c.d[u] # SKIP x\n" END,
	  "", "", LAB_FOUND, 1, 1, 3, "the skip of c.* is not" },
	{ "a comment is no name", HEAD "1..2\nok 1 a\nok 2 b # SKIP x\n" END, "", "c # b\n",
	  LAB_FOUND, 1, 1, 1, "skip of b" },
	{ "nothing but skips", HEAD "1..1\nok 1 b # SKIP none\n" END, "", "b\n", LAB_SKIPPED, 0, 0,
	  1, NULL },
	{ "a crash is one failure", HEAD "1..2\n# why\nnot ok 1 a.b # ERROR crashed the kernel\n"
	  "ok 2 a.c\n" END, "", NULL, LAB_FOUND, 1, 1, 0, NULL },
	{ "a hang is one failure", HEAD "1..1\nnot ok 1 a.b # TIMEOUT hung the kernel\n" END, "",
	  NULL, LAB_FOUND, 0, 1, 0, NULL },
	{ "what a crash keeps from running needs no list", HEAD
	  "1..2\nnot ok 1 a[1] # ERROR crashed\nok 2 a[2] # SKIP not run: it crashed\n" END, "",
	  NULL, LAB_FOUND, 0, 1, 1, NULL },
	{ "a directive that a passed test cannot have", HEAD "1..1\nok 1 a # ERROR x\n" END, "",
	  NULL, LAB_OK, 1, 0, 0, NULL },
	{ "one unexpected skip of two types is one problem", HEAD
	  "1..3\nok 1 a[t]\nok 2 b[t] # SKIP none\nok 3 b[u] # SKIP none\n" END, "", "",
	  LAB_FOUND, 1, 1, 2, "the skip of b[t, u] is not" },
	{ "a skip that is not ok fails", HEAD "1..1\nnot ok 1 b # SKIP none\n" END, "", "b\n",
	  LAB_FOUND, 0, 1, 0, NULL },
};

static const char *const splats[] = {
	"[    1.234567] BUG: kernel NULL pointer dereference, address: 0000000000000008\n",
	"[    1.234567] WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2 [m]\n",
	"[   11.234567][  T123] kernel BUG at a.c:12!\n",
	"[    1.234567] general protection fault, probably for non-canonical address 0x1\n",
	"[    1.234567] INFO: task sh:1 blocked for more than 30 seconds.\n",
	"[    1.234567] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n",
	"[    1.234567] watchdog: BUG: soft lockup - CPU#0 stuck for 60s! [sh:1]\n",
	"[    1.234567] WARNING: possible circular locking dependency detected\n",
	"[    1.234567] BUG: KASAN: slab-out-of-bounds in f+0x1/0x2\n",
	"[    1.234567] refcount_t: underflow; use-after-free.\n",
	"[    1.234567] Call Trace:\n",
	"[    1.234567] Kernel panic - not syncing: x\n",
	"[    1.234567] UBSAN: array-index-out-of-bounds in a.c:1:2\n",
};

static bool has_problem(const struct judgement *judgement, const char *text)
{
	for (size_t i = 0; i < judgement->problems.count; i++)
		if (strstr(judgement->problems.items[i], text))
			return true;
	return false;
}

static void check_sample(const struct sample *sample)
{
	struct judgement judgement;

	judge_init(&judgement);
	judge_ktap(&judgement, sample->ktap);
	judge_skips(&judgement, sample->skips);
	judge_log(&judgement, sample->log);
	if (judge_status(&judgement) != sample->status ||
	    judgement.passed != sample->passed || judgement.skipped != sample->skipped ||
	    judge_failures(&judgement) != sample->failures ||
	    (sample->problem && !has_problem(&judgement, sample->problem))) {
		judge_print_failures(&judgement, stderr);
		fail_msg("%s: status %d, %zu passed, %zu failures, %zu skipped", sample->about,
			 judge_status(&judgement), judgement.passed, judge_failures(&judgement),
			 judgement.skipped);
	}
	judge_free(&judgement);
}

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(samples); i++)
		check_sample(&samples[i]);
}

static void test_splats(void **state)
{
	struct sample sample = { "a splat", HEAD "1..1\nok 1 a\n" END, NULL, NULL, LAB_FOUND, 1, 1,
				 0, NULL };

	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(splats); i++) {
		sample.log = splats[i];
		sample.about = splats[i];
		check_sample(&sample);
	}
}

static void test_quiet_log(void **state)
{
	struct sample sample = { "a quiet log", HEAD "1..1\nok 1 a\n" END, NULL, NULL, LAB_OK, 1,
				 0, 0, NULL };

	(void)state;
	sample.log = "[    1.2] crash: module verification failed: signature and/or required key "
		     "missing - tainting kernel\n[    1.3] x: a message with a warning: in it\n"
		     "[    1.4] mdev-lab: exit 0\n";
	check_sample(&sample);
}

static void test_one_report(void **state)
{
	static const char log[] =
		"[    1.0] mdev-conform: test a.b\n"
		"[    1.1] BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
		"[    1.1] Oops: 0010 [#1] PREEMPT SMP NOPTI\n"
		"[    1.1] RIP: 0010:f+0x1/0x2 [m]\n[    1.1] Call Trace:\n"
		"[    1.1] ---[ end trace 0000000000000000 ]---\n"
		"[    1.2] Kernel panic - not syncing: Fatal exception\n";
	struct judgement judgement;

	(void)state;
	judge_init(&judgement);
	judge_log(&judgement, log);
	assert_int_equal(judgement.splats, 1);
	assert_non_null(strstr(judgement.splat, "RIP: 0010"));
	assert_string_equal(judgement.splat_test, "a.b");
	judge_free(&judgement);
}

static char *printed(const char *ktap)
{
	struct judgement judgement;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	judge_init(&judgement);
	judge_ktap(&judgement, ktap);
	judge_print_failures(&judgement, out);
	judge_print_rest(&judgement, out);
	judge_free(&judgement);
	fclose(out);
	return text;
}

/* One line for all types of a test that ended alike; a crash and a failure did not. */
static void test_types(void **state)
{
	char *text = printed(HEAD "1..6\nok 1 a.b[t]\n# x\nnot ok 2 a.c[t]\nnot ok 3 a.d[t]\n"
			     "ok 4 a.b[u]\n# y\nnot ok 5 a.c[u]\n"
			     "# z\nnot ok 6 a.d[u] # ERROR crashed the kernel\n" END);

	(void)state;
	assert_string_equal(text, "  FAILED  a.c[t, u]\n         with t:\n         x\n"
			    "  FAILED  a.d[t]\n  FAILED  a.d[u]: crashed the kernel\n         z\n"
			    "  ok      a.b[t]\n  ok      a.b[u]\n");
	free(text);
}

static void test_last_test(void **state)
{
	static const char log[] = "[    1.0] mdev-conform: test a.b[t]\n[    1.1] x\n"
				  "[    1.2] mdev-conform: test a.c[t]\n[    1.3] y\n";
	char *name;
	const char *tail = judge_last_test(log, &name);

	(void)state;
	assert_string_equal(tail, "\n[    1.3] y\n");
	assert_string_equal(name, "a.c[t]");
	free(name);
	assert_int_equal(judge_tests_begun(log), 2);
	assert_null(judge_last_test("[    1.0] x\n", &name));
	assert_null(name);
}

static void test_culprit(void **state)
{
	char *items[] = { "a", "b", "c", NULL };
	struct lab_list names = { items, 3 };
	struct judgement judgement;

	(void)state;
	judge_init(&judgement);
	judge_ktap(&judgement, HEAD "1..3\nok 1 a\n");
	assert_string_equal(judge_culprit(&judgement, &names), "b");
	judge_ktap(&judgement, HEAD "ok 2 b\nok 3 c\n" END);
	assert_null(judge_culprit(&judgement, &names));
	judge_free(&judgement);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_splats),
		cmocka_unit_test(test_quiet_log), cmocka_unit_test(test_one_report),
		cmocka_unit_test(test_culprit), cmocka_unit_test(test_types),
		cmocka_unit_test(test_last_test),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
