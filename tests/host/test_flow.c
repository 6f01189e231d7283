// SPDX-License-Identifier: GPL-2.0-only
/* What flow says of numbers, sizes and ways, of a few lines of source each. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "flow/flow.h"
#include "flow/values.h"

static const char table[] =
	"memory get = null kmalloc kzalloc\n"
	"copyin use 0 copy_from_user get_user\n"
	"userdata get = err memdup_user\n"
	"copyout use 1 copy_to_user\n"
	"fetch use 2 mdk_dma_read vfio_dma_rw\n"
	"capability use 1 vfio_info_add_capability\n"
	"mutex get 0 never mutex_lock\n"
	"mutex put 0 mutex_unlock\n"
	"harmless use 0 memcpy copy_from_user\n";

static struct flow *flow_of(const char *text)
{
	char path[] = "/tmp/test_flow.XXXXXX";
	int fd = mkstemp(path);
	struct flow *flow;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, table, sizeof(table) - 1), sizeof(table) - 1);
	close(fd);
	flow = flow_new(path);
	unlink(path);
	assert_non_null(flow);
	flow_add(flow, "driver.c", text);
	flow_learn(flow);
	return flow;
}

static void count_line(void *data, const char *path, unsigned int line, const char *message)
{
	unsigned int *lines = data;

	(void)path;
	(void)message;
	lines[0]++;
	lines[1] = line;
}

/* How often the question is answered; *line: the last place. */
static unsigned int asked_of(const char *text, const char *question, unsigned int *line)
{
	struct flow *flow = flow_of(text);
	unsigned int lines[2] = { 0 };

	assert_true(flow_ask(flow, question, count_line, lines));
	flow_free(flow);
	if (line)
		*line = lines[1];
	return lines[0];
}

/* The most of what f() returns, where its x is at most so much. */
static long long most(const char *expression, long long x)
{
	char text[512];
	struct flow *flow;
	struct bound bound = { .most = x };
	long long value = -2;

	snprintf(text, sizeof(text),
		 "#define SIX 6\n#define WIDE (SIX << 4)\nstruct s { u8 bytes[12]; u32 words[SIX]; };\n"
		 "int f(struct s *s, u32 x) { return %s; }\n", expression);
	flow = flow_of(text);
	bound.name = keep(flow, "x", 1);
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		bound.fn = fn;
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_RETURN)
				value = most_of(flow, fn->file, fn->nodes[n].span, &bound);
	}
	flow_free(flow);
	return value;
}

static void test_number(void **state)
{
	static const struct {
		const char *expression;
		long long x, most;
	} rows[] = {
		{ "7", 0, 7 }, { "0x10", 0, 16 }, { "SIX", 0, 6 }, { "WIDE", 0, 96 },
		{ "x", 9, 9 }, { "x + 1", 9, 10 }, { "x - 1", 9, 8 }, { "x * 4", 9, 36 },
		{ "x >> 1", 9, 4 }, { "x & 3", 9, 3 }, { "x % 4", 9, 3 }, { "x / 2", 9, 4 },
		{ "x << 2", 3, 12 }, { "(x + 1) * 2", 3, 8 }, { "(u8)x", 1000, 255 },
		{ "BIT(4) - 1", 0, 15 }, { "GENMASK(7, 0)", 0, 255 },
		{ "min(x, SIX)", 100, 6 }, { "min_t(u32, x, 8)", 100, 8 }, { "max(x, 8)", 3, 8 },
		{ "le16_to_cpu(x)", 1 << 20, 65535 }, { "array_index_nospec(x, SIX)", 100, 5 },
		{ "sizeof(s->bytes)", 0, 12 }, { "ARRAY_SIZE(s->words)", 0, 6 },
		{ "sizeof(struct s)", 0, 36 }, { "sizeof(u32)", 0, 4 },
		/* Nobody knows. */
		{ "y", 0, -1 }, { "f(x)", 1, -1 }, { "x - y", 9, -1 }, { "100 / x", 9, -1 },
		{ "8 - x", 9, -1 }, { "(x ? 1 : 2) + 1", 9, -1 },
	};

	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(rows); i++)
		if (most(rows[i].expression, rows[i].x) != rows[i].most)
			fail_msg("'%s' is %lld, not %lld", rows[i].expression,
				 most(rows[i].expression, rows[i].x), rows[i].most);
}

static void test_sizes(void **state)
{
	struct flow *flow = flow_of("struct in { u8 a; u64 b; };\n"
				    "struct out { struct in in[3]; u16 c; char *d; };\n"
				    "static u32 table[7];\n"
				    "void f(struct out *out) { unsigned int n; s16 m; use(n, m); }\n");
	const struct function *fn = flow->functions[0];

	(void)state;
	assert_int_equal(size_of_record(flow, keep(flow, "in", 2)), 16);
	assert_int_equal(size_of_record(flow, keep(flow, "out", 3)), 64);
	assert_int_equal(size_of_record(flow, keep(flow, "none", 4)), -1);
	assert_int_equal(bytes_of(flow, fn, keep(flow, "out.in", 6)), 48);
	assert_int_equal(elements_of(flow, fn, keep(flow, "out.in", 6)), 3);
	assert_int_equal(elements_of(flow, fn, keep(flow, "table", 5)), 7);
	assert_int_equal(type_of(flow, fn, keep(flow, "out.in[2].b", 11)).bits, 64);
	assert_int_equal(type_of(flow, fn, keep(flow, "n", 1)).bits, 32);
	assert_false(type_of(flow, fn, keep(flow, "n", 1)).is_signed);
	assert_true(type_of(flow, fn, keep(flow, "m", 1)).is_signed);
	assert_int_equal(most_of_type(type_of(flow, fn, keep(flow, "m", 1))), 32767);
	assert_int_equal(type_of(flow, fn, keep(flow, "out.d", 5)).bits, 0);
	flow_free(flow);
}

#define READ(TEST) \
	"static u8 memory[64];\n" \
	"ssize_t f(struct d *d, char *buf, size_t count, loff_t *pos)\n{\n" TEST \
	"	memcpy(buf, memory + *pos, count);\n	return count;\n}\n"

static void test_range(void **state)
{
	unsigned int line;

	(void)state;
	assert_int_equal(asked_of(READ(""), "range", &line), 1);
	assert_int_equal(line, 4);
	assert_int_equal(asked_of(READ("	if (*pos >= 64)\n		return 0;\n"), "range", NULL), 1);
	assert_int_equal(asked_of(READ("	if (count > 64 - *pos)\n		return 0;\n"), "range",
				  NULL), 0);
	assert_int_equal(asked_of(READ("	if (*pos + count > 64)\n		return 0;\n"), "range",
				  NULL), 0);
}

#define FETCH(TYPE, USE) \
	"struct r { u32 n, m; s32 i; u16 h; u64 w; };\nstruct d { u32 a[8]; u32 *p; u8 b[16]; };\n" \
	"static bool fits(struct r *r) { return r->n < 8; }\n" \
	"static int judge(u32 n) { if (n > 7) return -EINVAL; return 0; }\n" \
	"long f(struct d *d, void *arg)\n{\n	struct r r;\n	" TYPE " n;\n\n" \
	"	if (copy_from_user(&r, arg, sizeof(r)))\n		return -EFAULT;\n" USE "}\n"

/* The number of the request in many ways; found: it can be beyond the array. */
static void test_subscripts(void **state)
{
	static const struct {
		const char *text;
		bool found;
	} rows[] = {
		{ FETCH("u32", "	return d->a[r.n];\n"), true },
		{ FETCH("u32", "	n = r.n;\n	return d->a[n];\n"), true },
		{ FETCH("u32", "	return d->p[r.w];\n"), true },
		{ FETCH("u32", "	return d->a[r.n & 7];\n"), false },
		{ FETCH("u32", "	return d->a[r.n & 15];\n"), true },
		{ FETCH("u32", "	return d->a[min(r.n, 7)];\n"), false },
		{ FETCH("u32", "	if (r.n >= 8)\n		return 0;\n	return d->a[r.n];\n"), false },
		{ FETCH("u32", "	if (r.n > 8)\n		return 0;\n	return d->a[r.n];\n"), true },
		{ FETCH("u32", "	if (r.n >= 8)\n		warn();\n	return d->a[r.n];\n"), true },
		{ FETCH("u32", "	return r.n < 8 ? d->a[r.n] : 0;\n"), false },
		{ FETCH("u32", "	if (!fits(&r))\n		return 0;\n	return d->a[r.n];\n"), false },
		{ FETCH("u32", "	if (fits(&r))\n		return 0;\n	return d->a[r.n];\n"), true },
		{ FETCH("int", "	n = judge(r.n);\n	if (n)\n		return n;\n	return d->a[r.n];\n"),
		  false },
		{ FETCH("u32", "	if (unseen(r.n))\n		return 0;\n	return d->a[r.n];\n"), false },
		/* Negative. */
		{ FETCH("u32", "	if (r.i >= 8)\n		return 0;\n	return d->a[r.i];\n"), true },
		{ FETCH("u32", "	if (r.i >= 8U)\n		return 0;\n	return d->a[r.i];\n"), false },
		{ FETCH("u32", "	if (r.i < 0 || r.i >= 8)\n		return 0;\n	return d->a[r.i];\n"),
		  false },
		{ FETCH("int", "	n = r.n;\n	if (n > 7)\n		return 0;\n	return d->a[n];\n"), true },
		{ FETCH("int", "	n = r.h;\n	if (n > 7)\n		return 0;\n	return d->a[n];\n"), false },
		/* Sums that wrap. */
		{ FETCH("u32", "	if (r.n + r.m > 8)\n		return 0;\n	return d->a[r.n];\n"), true },
		{ FETCH("u32", "	if ((u64)r.n + r.m > 8)\n		return 0;\n	return d->a[r.n];\n"),
		  false },
		{ FETCH("u32", "	n = r.n + r.m;\n	if (n > 8)\n		return 0;\n	return d->a[r.n];\n"),
		  true },
		/* Counters. */
		{ FETCH("u32", "	for (n = 0; n < r.m; n++)\n		d->a[n] = 0;\n	return 0;\n"), true },
		{ FETCH("u32", "	for (n = 0; n < r.m && n < 8; n++)\n		d->a[n] = 0;\n	return 0;\n"),
		  false },
	};

	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(rows); i++)
		if (!!asked_of(rows[i].text, "guest-number", NULL) != rows[i].found)
			fail_msg("row %zu is %sfound: %s", i, rows[i].found ? "not " : "",
				 rows[i].text);
}

static void test_lengths(void **state)
{
	(void)state;
	assert_int_equal(asked_of(FETCH("u32", "	return copy_from_user(d->b, arg, r.n);\n"),
				  "guest-length", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	if (r.n > sizeof(d->b))\n		return 0;\n"
					"	return copy_from_user(d->b, arg, r.n);\n"),
				  "guest-length", NULL), 0);
	assert_int_equal(asked_of(FETCH("u32", "	if (r.n > sizeof(d->a))\n		return 0;\n"
					"	return copy_from_user(d->b, arg, r.n);\n"),
				  "guest-length", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	if (r.i > 16)\n		return 0;\n"
					"	return copy_from_user(d->b, arg, r.i);\n"),
				  "guest-length", NULL), 1);
}

static void test_sums(void **state)
{
	(void)state;
	assert_int_equal(asked_of(FETCH("u32", "	return 100 / r.n;\n"), "guest-sum", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	return r.n ? 100 / r.n : 0;\n"), "guest-sum", NULL),
			 0);
	assert_int_equal(asked_of(FETCH("u32", "	if (r.n > 9)\n		return 0;\n	return 9 % r.n;\n"),
				  "guest-sum", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	return 1U << r.n;\n"), "guest-sum", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	return 1U << (r.n & 31);\n"), "guest-sum", NULL), 0);
	assert_int_equal(asked_of(FETCH("u32", "	d->p = kmalloc(r.n * r.m, 0);\n	return 0;\n"),
				  "guest-sum", NULL), 1);
	assert_int_equal(asked_of(FETCH("u32", "	d->p = kmalloc(r.h * r.h, 0);\n	return 0;\n"),
				  "guest-sum", NULL), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_range), cmocka_unit_test(test_subscripts),
		cmocka_unit_test(test_lengths), cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
