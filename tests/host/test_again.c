// SPDX-License-Identifier: GPL-2.0-only
/* A guest that ends before its suite: who is blamed for it, and where the next boot goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/judge.h"
#include "test/again.h"

#define HEAD "KTAP version 1\n1..3\n"
#define BEGINS(test) "[    1.0] mdev-conform: test " test "\n"
#define OOPS "[    1.1] BUG: unable to handle page fault for address: 0\n"

struct sample {
	const char *about, *output, *log;
	size_t from;		/* where the next boot goes on */
	size_t failed;		/* results that are failures then */
	size_t splats;		/* in the log that is judged */
	const char *tested;	/* the test that these are said to be of, or NULL */
};

static const struct sample samples[] = {
	{ "in a test, with a word", HEAD "ok 1 a\n", BEGINS("a") BEGINS("b") OOPS, 3, 1, 0, NULL },
	{ "in a test, without one", HEAD "ok 1 a\n", BEGINS("a") BEGINS("b"), 3, 1, 0, NULL },
	{ "between two, with a word", HEAD "ok 1 a\nok 2 b\n", BEGINS("a") BEGINS("b") OOPS, 3, 0,
	  1, "b" },
	{ "between two, without one", HEAD "ok 1 a\nok 2 b\n", BEGINS("a") BEGINS("b"), 3, 0, 1,
	  "b" },
};

static void take(const struct sample *sample, struct again *again)
{
	struct guest_result result = {
		.output = (char *)sample->output, .log = (char *)sample->log, .status = -1,
	};

	again_init(again, 0);
	again->out = fopen("/dev/null", "w");
	assert_true(again_take(again, &result));
	fclose(again->out);
}

static void check_sample(const struct sample *sample)
{
	struct judgement judgement;
	struct again again;

	print_message("%s\n", sample->about);
	take(sample, &again);
	assert_int_equal(again.from, sample->from);
	judge_init(&judgement);
	judge_ktap(&judgement, again.output.data);
	assert_int_equal(judgement.failed, sample->failed);
	judge_log(&judgement, again.judged.data);
	assert_int_equal(judgement.splats, sample->splats);
	if (sample->tested)
		assert_string_equal(judgement.splat_test, sample->tested);
	judge_free(&judgement);
	again_free(&again);
}

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		check_sample(&samples[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_samples) };

	return cmocka_run_group_tests_name("again", tests, NULL, NULL);
}
