// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * mdev-conform: judges a mediated device driver from user space, by what sysfs and the VFIO uapi
 * promise to their users. It knows nothing of how the driver was written.
 */
#include <argp.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/vendor_tests.h"
#include "control.h"
#include "kmsg.h"
#include "suite.h"

#include <mdk/test.h>

#define MAX_PATTERNS	64
#define TEST_NAME	(SYSFS_NAME + 128)

enum { EXIT_OK, EXIT_FOUND, EXIT_USAGE, EXIT_CANNOT_RUN };

static const struct group suite[] = {
	{ "sysfs", sysfs_tests },
	{ "sysfs", attribute_tests },
	{ "info", info_tests },
	{ "region", region_tests },
	{ "region", region_mmap_tests },
	{ "config", config_tests },
	{ "irq", irq_tests },
	{ "irq", irq_event_tests },
	{ "dma", dma_tests },
	{ "dma", dma_hook_tests },
	{ "dma", dma_hostile_tests },
	{ "migrate", migrate_tests },
	{ "migrate", migrate_arc_tests },
	{ "migrate", migrate_load_tests },
	{ "migrate", migrate_file_tests },
	{ "migrate", migrate_stop_tests },
	{ "lifetime", lifetime_tests },
	{ "lifetime", removal_tests },
	{ NULL, NULL }
};

static const struct group last[] = {
	{ "dma", dma_last_tests },
	{ NULL, NULL }
};

struct options {
	const char *parent, *uuid, *socket;
	const char *types[MAX_TYPES];
	unsigned int nr_types;
	const char *only[MAX_PATTERNS];
	unsigned int nr_only;
	const char *skip[MAX_PATTERNS];
	unsigned int nr_skip;
	const char *without[MAX_PATTERNS];	/* "PATTERN=REASON" */
	unsigned int nr_without;
	unsigned int from;
	unsigned int part, parts;	/* the first is 1; 0: all */
	bool list, verbose;
};

static const struct argp_option option_table[] = {
	{ "parent", 'p', "P", 0, "the parent's name in " CLASS_DIR " (default: the only one)", 0 },
	{ "type", 't', "T", 0, "a type of the parent to test, may be repeated (default: all)", 0 },
	{ "uuid", 'u', "U", 0, "test this device, which is there and not open, and make none "
	  "(default: make devices of each type)", 0 },
	{ "socket", 'S', "PATH", 0, "no kernel: devices of a server of vfio-user; with PATH.control beside "
	  "it they are made there, else the one at PATH is tested", 0 },
	{ "only", 'o', "PATTERN", 0, "a test, a group or a glob, may be repeated (default: all)", 0 },
	{ "skip", 's', "PATTERN", 0, "leave out these of them, may be repeated", 0 },
	{ "from", 'f', "N", 0, "go on with the Nth test, behind one in which the kernel crashed", 0 },
	{ "without", 'w', "PATTERN=REASON", 0, "do not run these tests, report them as skipped for "
	  "this reason, may be repeated", 0 },
	{ "part", 'P', "K/N", 0, "run only the Kth of N parts, which take about as long; the numbers are those of "
	  "all tests", 0 },
	{ "long-races", 'r', NULL, 0, "with --socket: run races as long as on a kernel, for a server that "
	  "looks for them (default: an eighth of that)", 0 },
	{ "list", 'l', NULL, 0, "list the tests", 0 },
	{ "verbose", 'v', NULL, 0, "with --list: say what each test is about", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 }
};

static void add(struct argp_state *state, const char **list, unsigned int *n, unsigned int max,
		const char *arg)
{
	if (*n == max)
		argp_error(state, "%s: an option is given more than %u times", arg, max);
	list[(*n)++] = arg;
}

static unsigned int number(struct argp_state *state, const char *arg)
{
	char *end;
	unsigned long value = strtoul(arg, &end, 10);

	if (*end || *arg < '0' || *arg > '9' || !value || value > 1000000)
		argp_error(state, "--from is '%s', the number of a test is needed", arg);
	return value;
}

static void set_part(struct argp_state *state, struct options *o, const char *arg)
{
	char end;

	if (sscanf(arg, "%u/%u%c", &o->part, &o->parts, &end) != 2 || !o->part ||
	    o->part > o->parts)
		argp_error(state, "--part is '%s', needed is K/N with K from 1 to N", arg);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'p':
		o->parent = arg;
		break;
	case 't':
		add(state, o->types, &o->nr_types, MAX_TYPES, arg);
		break;
	case 'u':
		o->uuid = arg;
		break;
	case 'S':
		o->socket = arg;
		break;
	case 'o':
		add(state, o->only, &o->nr_only, MAX_PATTERNS, arg);
		break;
	case 's':
		add(state, o->skip, &o->nr_skip, MAX_PATTERNS, arg);
		break;
	case 'f':
		o->from = number(state, arg);
		break;
	case 'w':
		if (!strchr(arg, '='))
			argp_error(state, "--without is '%s', PATTERN=REASON is needed", arg);
		add(state, o->without, &o->nr_without, MAX_PATTERNS, arg);
		break;
	case 'P':
		set_part(state, o, arg);
		break;
	case 'r':
		race_long();
		break;
	case 'l':
		o->list = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.doc = "Judges a mediated device driver from user space; KTAP on standard output.\v"
	       "Exit: 0 all passed or skipped, 1 a test failed, 2 usage, 3 could not run.",
};

static bool matches(const char *pattern, const char *group, const char *name, const char *full)
{
	/* fnmatch() alone would take the brackets around the type for a character class. */
	return !strcmp(pattern, group) || !strcmp(pattern, name) || !strcmp(pattern, full) ||
	       fnmatch(pattern, name, 0) == 0 || fnmatch(pattern, full, 0) == 0;
}

static bool any_matches(const char *const *patterns, unsigned int nr, const char *group,
			const char *name, const char *full)
{
	for (unsigned int i = 0; i < nr; i++)
		if (matches(patterns[i], group, name, full))
			return true;
	return false;
}

static bool selected(const struct options *o, const char *group, const char *name,
		     const char *full)
{
	if (any_matches(o->skip, o->nr_skip, group, name, full))
		return false;
	return !o->nr_only || any_matches(o->only, o->nr_only, group, name, full);
}

/* Why a test is not to be run, or NULL. */
static const char *reason_without(const struct options *o, const char *name, const char *full)
{
	char pattern[TEST_NAME];

	for (unsigned int i = 0; i < o->nr_without; i++) {
		size_t len = strcspn(o->without[i], "=");

		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, o->without[i]);
		if (matches(pattern, "", name, full))
			return o->without[i] + len + 1;
	}
	return NULL;
}

static bool applies(const struct test *t)
{
	const struct mdk_dma_hook *hook = &mdk_dma_hook;
	bool no_dma = hook && hook->none;

	if (t->flags & WITH_MESSAGE && hook && !hook->message)
		return false;
	return !(t->flags & (no_dma ? WITH_DMA : WITHOUT_DMA));
}

typedef void (*for_test)(const struct test *, const char *full, void *arg);

static unsigned int for_each_of(const struct options *o, const struct group *g, const char *type,
				for_test fn, void *arg)
{
	char full[TEST_NAME];
	unsigned int n = 0;

	for (; g->name; g++) {
		for (const struct test *t = g->tests; t->name; t++) {
			snprintf(full, sizeof(full), *type ? "%s[%s]" : "%s", t->name, type);
			if (!applies(t) || !selected(o, g->name, t->name, full))
				continue;
			n++;
			if (fn)
				fn(t, full, arg);
		}
	}
	return n;
}

/*
 * Calls @fn for every selected test, the suite's, those of the driver's tree, and what looks at the
 * end of both; @type: "", or
 * what stands in brackets behind the name. Return: how many there are.
 */
static unsigned int for_each_test(const struct options *o, const char *type, for_test fn, void *arg)
{
	const struct group *const all[] = { suite, vendor_groups(), last };
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		n += for_each_of(o, all[i], type, fn, arg);
	return n;
}

/* With several types each test has its type's name. */
static const char *brackets(const struct options *o, unsigned int i)
{
	return o->nr_types > 1 ? o->types[i] : "";
}

static void print_test(const struct test *t, const char *full, void *arg)
{
	const struct options *o = arg;

	if (o->verbose)
		printf("%-36s %s\n", full, t->what);
	else
		printf("%s\n", full);
}

struct tally {
	const struct options *o;
	struct env env;
	unsigned int nr;
	unsigned int failed;
	unsigned int begun;			/* tests of this part */
	unsigned int weight, weight_of_all;	/* of the tests up to this one */
};

/* How long a test of the group takes beside one of another. */
static unsigned int weight_of(const char *test)
{
	static const struct {
		const char *group;
		unsigned int weight;
	} slow[] = { { "dma.", 5 }, { "lifetime.", 5 }, { "irq.", 3 }, { "region.", 2 } };

	if (control_without(test))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(slow); i++)
		if (!strncmp(test, slow[i].group, strlen(slow[i].group)))
			return slow[i].weight;
	return 1;
}

static void weigh(const struct test *t, const char *full, void *arg)
{
	struct tally *tally = arg;

	(void)full;
	tally->weight_of_all += weight_of(t->name);
}

/* Is the test that the tally stands at, and whose weight is counted, one of this part? */
static bool in_part(const struct tally *tally)
{
	const struct options *o = tally->o;
	unsigned int before = tally->weight ? tally->weight - 1 : 0;

	return !o->parts || before * o->parts / tally->weight_of_all + 1 == o->part;
}

static void run_one(const struct test *t, const char *full, void *arg)
{
	struct tally *tally = arg;
	uint64_t start = now_ms();
	const char *reason;

	tally->nr++;
	tally->weight += weight_of(t->name);
	if (!in_part(tally) || tally->nr < tally->o->from)
		return;
	if (tally->o->parts && !tally->begun++)
		ktap_begin(tally->nr);
	reason = reason_without(tally->o, t->name, full);
	/* Whoever reads the log learns in which test the kernel said what it says. */
	if (!reason) {
		kmsg_say("test", full);
		reason = control_without(t->name);
	}
	if (reason) {
		report_reset();
		skipped(reason);
	} else {
		run_test(&tally->env, t);
	}
	/*
	 * A server that a sanitizer has ended: whoever started it gives this test its verdict. A
	 * passed test tells nothing then: to some, no answer is a refusal.
	 */
	if (control_gone())
		exit(EXIT_CANNOT_RUN);
	ktap_result(tally->nr, full, (unsigned int)(now_ms() - start));
	tally->failed += report->verdict == VERDICT_FAIL;
}

/* On standard output, so that whoever reads the results learns why there are none. */
static void say_types(const struct options *o, const struct parent *p, const char *want)
{
	if (o->list)
		return;
	printf("Bail out! the driver has no type '%s'; there are:", want);
	for (unsigned int i = 0; i < p->nr_types; i++)
		printf(" %s", p->types[i]);
	putchar('\n');
}

static int choose_types(struct options *o, const struct parent *p)
{
	for (unsigned int i = 0; i < o->nr_types; i++) {
		const char *type = parent_type(p, o->types[i]);

		if (!type) {
			say_types(o, p, o->types[i]);
			return EXIT_USAGE;
		}
		o->types[i] = type;
	}
	if (!o->nr_types)
		for (; o->nr_types < p->nr_types; o->nr_types++)
			o->types[o->nr_types] = p->types[o->nr_types];
	return EXIT_OK;
}

static int run_all(const struct options *o, const struct parent *p)
{
	static struct tally tally;
	unsigned int n = 0;

	for (unsigned int i = 0; i < o->nr_types; i++)
		n += for_each_test(o, brackets(o, i), NULL, NULL);
	report_init();
	ktap_plan(n);
	tally.o = o;
	tally.env.parent = p;
	tally.env.dev.parent = p;
	tally.weight_of_all = 1;
	for (unsigned int i = 0; i < o->nr_types; i++)
		for_each_test(o, brackets(o, i), weigh, &tally);
	if (o->socket && !control_commands()) {
		tally.env.given = true;
		tally.env.dev.type = o->types[0];
		snprintf(tally.env.dev.uuid, sizeof(tally.env.dev.uuid), CONTROL_ALONE);
	}
	if (o->uuid) {
		tally.env.given = true;
		tally.env.dev.type = o->types[0];
		snprintf(tally.env.dev.uuid, sizeof(tally.env.dev.uuid), "%s", o->uuid);
	}
	for (unsigned int i = 0; i < o->nr_types; i++) {
		tally.env.type = o->types[i];
		tally.env.vfio = (struct vfio)VFIO_CLOSED;
		for_each_test(o, brackets(o, i), run_one, &tally);
		run_end(&tally.env);
	}
	ktap_end();
	return tally.failed ? EXIT_FOUND : EXIT_OK;
}

/* With a parent at hand the names are those that a run prints; without one, those without type. */
static int list_all(struct options *o, const struct parent *p)
{
	if (!p || choose_types(o, p) || o->nr_types < 2) {
		for_each_test(o, "", print_test, o);
		return EXIT_OK;
	}
	for (unsigned int i = 0; i < o->nr_types; i++)
		for_each_test(o, o->types[i], print_test, o);
	return EXIT_OK;
}

static unsigned int count_selected(const struct options *o)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < o->nr_types; i++)
		n += for_each_test(o, brackets(o, i), NULL, NULL);
	return n;
}

/* Likewise for a driver in a guest: the reader adds what the kernel said of it. */
static void say_none(const struct options *o, const char *why)
{
	if (o->uuid)
		fprintf(stderr, "mdev-conform: %s\n", why);
	else
		printf("Bail out! %s\n", why);
}

/* The device's parent and type, and that nobody uses it: a test would get in his way. */
static int find_device(struct options *o, struct parent *p, char *why, size_t len)
{
	static char type[SYSFS_NAME];
	struct mdev m = { .parent = p };
	struct vfio v = VFIO_CLOSED;
	const char *step = "";
	int ret;

	if (parent_of_device(p, o->uuid, type, why, len))
		return -1;
	o->types[0] = type;
	o->nr_types = 1;
	snprintf(m.uuid, sizeof(m.uuid), "%s", o->uuid);
	ret = mdev_group(&m);
	if (ret >= 0)
		ret = vfio_open_group(&v, ret, &step);
	vfio_close(&v);
	if (ret == -EBUSY)
		snprintf(why, len, "device %s is open: somebody uses it; end him first", o->uuid);
	else if (ret < 0)
		snprintf(why, len, "device %s cannot be opened: %s %s", o->uuid, step, err_name(ret));
	return ret < 0 ? -1 : 0;
}

static int find(struct options *o, struct parent *p, char *why, size_t len)
{
	return o->uuid ? find_device(o, p, why, len) : parent_find(p, o->parent, why, len);
}

int main(int argc, char **argv)
{
	static struct options o;
	static struct parent p;
	char why[PATH_MAX + 256];
	struct stat st;
	int ret;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (o.socket && (o.uuid || o.parent)) {
		fprintf(stderr, "mdev-conform: --socket names a server: --uuid and --parent do not go "
			"with it\n");
		return EXIT_USAGE;
	}
	if (o.uuid && (o.parent || o.nr_types)) {
		fprintf(stderr, "mdev-conform: --uuid names one device: --parent and --type do not go "
			"with it\n");
		return EXIT_USAGE;
	}
	if (vendor_load(suite, why, sizeof(why))) {
		fprintf(stderr, "mdev-conform: %s\n", why);
		return EXIT_USAGE;
	}
	if (o.socket)
		control_use(o.socket);
	if (o.list)
		return list_all(&o, parent_find(&p, o.parent, why, sizeof(why)) ? NULL : &p);
	if (!o.socket && stat("/dev/vfio/vfio", &st)) {
		fprintf(stderr, "mdev-conform: /dev/vfio/vfio does not exist: load vfio and "
			"vfio_iommu_type1, and mount devtmpfs\n");
		return EXIT_CANNOT_RUN;
	}
	if (find(&o, &p, why, sizeof(why))) {
		say_none(&o, why);
		return EXIT_CANNOT_RUN;
	}
	ret = o.uuid ? EXIT_OK : choose_types(&o, &p);
	if (ret)
		return ret;
	if (!count_selected(&o)) {
		fprintf(stderr, "mdev-conform: --only and --skip leave no test; see --list\n");
		return EXIT_USAGE;
	}
	return run_all(&o, &p);
}
