// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * mdk/test.h: tests and expectations. A test of a tree becomes one of the suite's, so that it is
 * named, listed, chosen, timed and reported as those are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "vendor_tests.h"

#define MAX_TESTS	1024u
#define MAX_GROUPS	64u
#define NAME_SIZE	128

static const struct mdk_test *declared[MAX_TESTS];
static unsigned int nr_declared;

static struct group groups[MAX_GROUPS + 1];
static char group_names[MAX_GROUPS][NAME_SIZE];
static unsigned int nr_groups;
/* With an entry without a name behind each group. */
static struct test tests[MAX_TESTS + MAX_GROUPS];
static char test_names[MAX_TESTS][NAME_SIZE];
static unsigned int nr_tests;

void mdk_test_add(const struct mdk_test *test)
{
	if (nr_declared < MAX_TESTS)
		declared[nr_declared] = test;
	nr_declared++;
}

static unsigned int nr_compared;

static void run(struct env *env)
{
	static struct mdk_client client;

	client_init(&client, env);
	env->test->vendor->run(&client);
	if (!nr_compared)
		note("it expects nothing: no MDK_EXPECT_ or MDK_ASSERT_ of it was reached");
	client_end_all();
}

/* tests/ring.c is "ring". */
static void group_of(const struct mdk_test *test, char *name)
{
	const char *slash = strrchr(test->file, '/'), *base = slash ? slash + 1 : test->file;

	snprintf(name, NAME_SIZE, "%.*s", (int)strcspn(base, "."), base);
}

static bool begin_group(const char *name)
{
	if (nr_groups && !strcmp(groups[nr_groups - 1].name, name))
		return true;
	if (nr_groups == MAX_GROUPS)
		return false;
	if (nr_groups)
		nr_tests++;
	strcpy(group_names[nr_groups], name);
	groups[nr_groups].name = group_names[nr_groups];
	groups[nr_groups++].tests = &tests[nr_tests];
	return true;
}

static void add_test(const struct mdk_test *test, unsigned int i)
{
	snprintf(test_names[i], NAME_SIZE, "%s.%s", groups[nr_groups - 1].name, test->name);
	tests[nr_tests++] = (struct test){
		.name = test_names[i], .what = test->what ? test->what : "a test of this driver",
		.run = run, .flags = USES_DEVICE, .timeout = test->timeout, .vendor = test,
	};
}

static bool is_group_of(const struct group *suite, const char *name)
{
	for (; suite->name; suite++)
		if (!strcmp(suite->name, name))
			return true;
	return false;
}

static bool is_twice(unsigned int i)
{
	for (unsigned int j = 0; j < i; j++)
		if (!strcmp(test_names[i], test_names[j]))
			return true;
	return false;
}

int vendor_load(const struct group *suite, char *why, size_t len)
{
	char name[NAME_SIZE];

	if (nr_declared > MAX_TESTS) {
		snprintf(why, len, "the tree has %u tests, at most %u are possible", nr_declared,
			 MAX_TESTS);
		return -1;
	}
	for (unsigned int i = 0; i < nr_declared; i++) {
		group_of(declared[i], name);
		if (is_group_of(suite, name)) {
			snprintf(why, len, "%s: '%s' is a group of the suite, and the tests of a file "
				 "are a group of its name; call it otherwise", declared[i]->file, name);
			return -1;
		}
		if (!begin_group(name)) {
			snprintf(why, len, "the tests are in more than %u files", MAX_GROUPS);
			return -1;
		}
		add_test(declared[i], i);
		if (is_twice(i)) {
			snprintf(why, len, "%s: there are two tests %s; two files of one name?",
				 declared[i]->file, test_names[i]);
			return -1;
		}
	}
	return 0;
}

const struct group *vendor_groups(void)
{
	return groups;
}

/* Expectations */

static bool holds(const struct mdk_compare *c)
{
	static const char *const ops[] = { "==", "!=", "<", "<=", ">", ">=" };
	const bool is_less = c->is_signed ? (s64)c->needed < (s64)c->found : c->needed < c->found;
	const bool is_equal = c->needed == c->found;
	const bool results[] = { is_equal, !is_equal, is_less, is_less || is_equal,
				 !is_less && !is_equal, !is_less };

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (!strcmp(c->op, ops[i]))
			return results[i];
	return false;
}

/* "CONTROL & 3 is 0x2", and the number alone where the source has that too. */
static void describe(char *out, size_t size, const char *text, u64 value, bool is_signed)
{
	char number[64], *end;

	if (is_signed && (s64)value < 0)
		snprintf(number, sizeof(number), "%lld", (s64)value);
	else
		snprintf(number, sizeof(number), value > 9 ? "%#llx (%llu)" : "%llu", value, value);
	strtoull(text, &end, 0);
	if (*text && !*end)
		snprintf(out, size, "%s", number);
	else
		snprintf(out, size, "%s is %s", text, number);
}

bool mdk_test_compare(const struct mdk_compare *c)
{
	static const char *const relations[][2] = {
		{ "==", "" }, { "!=", "anything but " }, { "<", "more than " }, { "<=", "at least " },
		{ ">", "less than " }, { ">=", "at most " } };
	char needed[300], found[300], need[400];
	const char *relation = "";

	nr_compared++;
	if (holds(c))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(relations); i++)
		if (!strcmp(c->op, relations[i][0]))
			relation = relations[i][1];
	describe(needed, sizeof(needed), c->needed_text, c->needed, c->is_signed);
	describe(found, sizeof(found), c->found_text, c->found, c->is_signed);
	snprintf(need, sizeof(need), "%s%s", relation, needed);
	if (c->ends)
		client_fail(need, "%s:%d: %s", c->file, c->line, found);
	failed(need, "%s:%d: %s", c->file, c->line, found);
	return false;
}

void mdk_test_skip(const char *fmt, ...)
{
	char reason[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	client_end_all();
	skip("%s", reason);
}

void mdk_test_did(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	did_at(text);
}

void mdk_test_note(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	note("%s", text);
}
