// SPDX-License-Identifier: GPL-2.0-only
/* What flow makes of a piece of code: ways, names, times, locks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/code.h"
#include "lab/lab.h"

#define CODE(text) "struct a { struct b { int c; } b; void *p; };\n" text

struct seen {
	struct flow *flow;
	struct function *fn;
};

static struct seen read_code(const char *text, const char *name)
{
	char *table = lab_fmt("%s/tools/cocci/names", getenv("SDK") ? getenv("SDK") : ".");
	struct seen seen = { .flow = flow_new(table) };

	free(table);
	assert_non_null(seen.flow);
	flow_add(seen.flow, "dir/file.c", text);
	flow_learn(seen.flow);
	for (size_t i = 0; i < seen.flow->nr_functions; i++)
		if (!strcmp(seen.flow->functions[i]->name, name))
			seen.fn = seen.flow->functions[i];
	assert_non_null(seen.fn);
	return seen;
}

/* Returns of a way, and whether each is an error. */
struct ways {
	unsigned int errors, good, unknown;
};

static int way_visit(struct walk *walk, unsigned int at, int state)
{
	struct ways *ways = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	int error = node->kind == NODE_RETURN ? returns_error(walk, node) : -2;

	ways->errors += error == 1;
	ways->good += error == 0;
	ways->unknown += error == -1;
	return state;
}

static const struct way_sample {
	const char *about, *text;
	struct ways ways;
} way_samples[] = {
	{ "a constant", CODE("int f(int x)\n{\n\treturn 0;\n}\n"), { 0, 1, 0 } },
	{ "either of two", CODE("int f(int x)\n{\n\treturn x ? 0 : -ENOMEM;\n}\n"), { 1, 1, 0 } },
	{ "a choice in brackets", CODE("int f(int x)\n{\n\treturn (x > 1 ? -EINVAL : 0);\n}\n"),
	  { 1, 1, 0 } },
	{ "less than zero is an error",
	  CODE("int f(int x)\n{\n\tint r = g(x);\n\n\tif (r < 0)\n\t\treturn r;\n\treturn 0;\n}\n"),
	  { 1, 1, 0 } },
	{ "who is less than zero is not zero",
	  CODE("int f(int x)\n{\n\tint r = g(x);\n\n\tif (r < 0)\n\t\tgoto out;\n\treturn 0;\n"
	       "out:\n\tif (r)\n\t\treturn -EIO;\n\treturn 0;\n}\n"), { 1, 1, 0 } },
	{ "a goto back ends", CODE("int f(int x)\n{\nagain:\n\tif (g(x))\n\t\tgoto again;\n"
				   "\treturn h(x);\n}\n"), { 0, 0, 1 } },
};

static void test_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(way_samples); i++) {
		const struct way_sample *sample = &way_samples[i];
		struct seen seen = read_code(sample->text, "f");
		struct ways ways = { 0 };
		struct walk walk = {
			.flow = seen.flow, .fn = seen.fn, .visit = way_visit, .data = &ways,
		};

		walk_from(&walk, seen.fn->entry, 0);
		if (memcmp(&ways, &sample->ways, sizeof(ways)))
			fail_msg("%s: %u errors, %u good, %u unknown", sample->about, ways.errors,
				 ways.good, ways.unknown);
		free(walk.seen);
		flow_free(seen.flow);
	}
}

static void test_names(void **state)
{
	struct seen seen = read_code(CODE("void f(struct a *x)\n{\n\tstruct b *q = &x->b, *r;\n"
					  "\tvoid **s = &x->p;\n\n\tr = q;\n\tr = 0;\n"
					  "\tuse(q, r, s);\n}\n"), "f");
	const char *real = real_object(seen.flow, seen.fn, keep(seen.flow, "q.c", 3));

	(void)state;
	assert_string_equal(real, "x.b.c");
	assert_string_equal(real_object(seen.flow, seen.fn, keep(seen.flow, "*s", 2)), "x.p");
	assert_string_equal(plain_name(seen.flow, "*x.b[i].c"), "x.b.c");
	assert_string_equal(typed_name(seen.flow, seen.fn, keep(seen.flow, "x.p", 3)), "a.p");
	assert_string_equal(place_name(seen.flow, seen.fn, keep(seen.flow, "q.c", 3)), "b.c");
	flow_free(seen.flow);
}

static void test_when(void **state)
{
	static const char text[] =
		"static void low(void)\n{\n}\nstatic void f(void)\n{\n\tlow();\n}\n"
		"static int g(void)\n{\n\treturn 0;\n}\nvoid h(void)\n{\n}\n"
		"static const struct ops o = { .close_device = f, .ioctl = g };\n";
	struct seen seen = read_code(text, "low");

	(void)state;
	assert_true(runs_only(seen.fn, WHEN_END));
	assert_false(runs_only(seen.fn, WHEN_USED));
	flow_free(seen.flow);
	seen = read_code(text, "g");
	assert_true(runs_only(seen.fn, WHEN_USED));
	flow_free(seen.flow);
	seen = read_code(text, "h");
	assert_false(runs_only(seen.fn, WHEN_BEGIN | WHEN_USED | WHEN_END));
	flow_free(seen.flow);
}

static bool count_calls(void *data, struct function *fn, const struct node *node)
{
	(void)fn;
	*(unsigned int *)data += node->nr_calls;
	return true;
}

struct counted {
	struct flow *flow;
	unsigned int locks, calls;
};

static void count_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct counted *counted = data;

	counted->locks++;
	walk_below(counted->flow, fn, lock, count_calls, &counted->calls);
}

static const struct lock_sample {
	const char *about, *body;
	unsigned int locks, calls;
} lock_samples[] = {
	{ "between lock and unlock", "mutex_lock(&l);\n\tone();\n\tmutex_unlock(&l);\n\ttwo();\n",
	  1, 1 },
	{ "to the end of the block", "{\n\t\tguard(mutex)(&l);\n\t\tone();\n\t}\n\ttwo();\n", 1, 1 },
	{ "its own statement", "scoped_guard(spinlock, &l)\n\t\tone();\n\ttwo();\n", 1, 1 },
	{ "either way", "spin_lock(&l);\n\tif (x)\n\t\tone();\n\telse\n\t\ttwo();\n"
			"\tspin_unlock(&l);\n\tthree();\n", 1, 2 },
	{ "no lock", "one();\n", 0, 0 },
};

static void test_locks(void **state)
{
	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lock_samples); i++) {
		const struct lock_sample *sample = &lock_samples[i];
		char *text = lab_fmt("void f(int x)\n{\n\t%s}\n", sample->body);
		struct seen seen = read_code(text, "f");
		struct counted counted = { .flow = seen.flow };

		each_lock(seen.flow, seen.fn, count_lock, &counted);
		if (counted.locks != sample->locks || counted.calls != sample->calls)
			fail_msg("%s: %u locks, %u calls below", sample->about, counted.locks,
				 counted.calls);
		flow_free(seen.flow);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways), cmocka_unit_test(test_names),
		cmocka_unit_test(test_when), cmocka_unit_test(test_locks),
	};

	return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
