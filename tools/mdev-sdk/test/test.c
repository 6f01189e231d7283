// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk test: from a driver's folder, or its built module, to a verdict. */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "common/args.h"
#include "common/device.h"
#include "common/sdk.h"
#include "common/text.h"
#include "framework.h"
#include "lab/console.h"
#include "live.h"
#include "prepare.h"
#include "program.h"
#include "run.h"
#include "session.h"
#include "test.h"
#include "user.h"
#include "user_files.h"

static void add_option(struct lab_buf *out, const char *name, const char *value)
{
	char *word = text_quoted(value);

	lab_buf_addf(out, " %s %s", name, word);
	free(word);
}

static char *options_of(const char *name, const struct lab_list *values)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (size_t i = 0; i < values->count; i++)
		add_option(&out, name, values->items[i]);
	return out.data;
}

static char *repeat_command(const struct args *args, const char *what)
{
	char *word = text_quoted(what), *types = options_of("--type", &args->types);
	struct lab_buf out = { 0 };

	lab_buf_addf(&out, "%s test %s", sdk_command(), word);
	if (args->kernel)
		add_option(&out, "--kernel", args->kernel);
	if (args->bus)
		add_option(&out, "--bus", args->bus);
	lab_buf_addf(&out, "%s", types);
	free(types);
	free(word);
	return out.data;
}

/* Which tree's tests: that of the operand, a module's is its folder. */
static int get_program(const char *what, char **program)
{
	char *copy = lab_strdup(what), *folder;
	int ret;

	folder = lab_has_suffix(what, ".ko") ? dirname(copy) : copy;
	ret = program_get(folder, program);
	free(copy);
	return ret;
}

static int list_tests(const struct args *args)
{
	struct lab_list names = { 0 };
	char *program = NULL;
	int ret = get_program(args->operand ? args->operand : ".", &program);

	if (!ret)
		ret = session_list_tests(program, &args->only, &args->skip, &names);
	free(program);

	for (size_t i = 0; i < names.count; i++)
		puts(names.items[i]);
	lab_list_free(&names);
	return ret;
}

/* A name with a type in brackets is known in the guest only. */
static bool has_type(const struct lab_list *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (strchr(patterns->items[i], '['))
			return true;
	return false;
}

/* A test that is left out by a wrong name would run, and perhaps take the kernel with it. */
static int check_skip(const struct args *args, const char *program)
{
	int ret = LAB_OK;

	for (size_t i = 0; i < args->skip.count && !ret; i++) {
		struct lab_list one = { &args->skip.items[i], 1 }, names = { 0 };

		ret = session_list_tests(program, &one, NULL, &names);
		if (!ret && !names.count && !has_type(&one)) {
			lab_error("--skip %s: there is no such test; mdev-sdk test --list has them "
				  "all", args->skip.items[i]);
			ret = LAB_USAGE;
		}
		lab_list_free(&names);
	}
	return ret;
}

static int check_patterns(const struct args *args, struct session *session)
{
	int ret = check_skip(args, session->program);

	if (!ret)
		ret = session_list_tests(session->program, &args->only, &args->skip,
					 &session->names);
	if (ret || session->names.count || has_type(&args->only))
		return ret;
	if (args->user && user_files_any(args->operand ? args->operand : ".", args))
		return LAB_OK;
	if (args->skip.count)
		lab_error("--skip leaves no test to run; mdev-sdk test --list with the same --only "
			  "and --skip says what is left");
	else
		lab_error("--only %s: there is no such test; mdev-sdk test --list has them all",
			  args->only.count ? args->only.items[0] : "");
	return LAB_USAGE;
}

/* --only and --skip, as they were given. */
static char *patterns_of(const struct args *args)
{
	char *only = options_of("--only", &args->only), *skip = options_of("--skip", &args->skip);
	char *both = lab_fmt("%s%s", only, skip);

	free(only);
	free(skip);
	return both;
}

static int check_keep(const struct args *args)
{
	if (!args->keep_vm)
		return LAB_OK;
	if (!console_possible()) {
		lab_error("--keep-vm gives you a shell in the guest, so standard input must be a "
			  "terminal; without one: echo COMMANDS | mdev-sdk shell TREE");
		return LAB_USAGE;
	}
	if (args->json) {
		lab_error("--keep-vm does not go with --json: both want standard output; write the "
			  "results with --junit or --ktap");
		return LAB_USAGE;
	}
	return LAB_OK;
}

static int run(const struct args *args, const char *what)
{
	char *types = options_of("--type", &args->types);
	char *only = patterns_of(args);
	struct lab_list files = { 0 };
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = what, .timeout = args->timeout, .only = only,
		.conform_args = lab_fmt("%s%s", types, only), .interactive = args->keep_vm,
		.files = &files, .bus = args->bus, .crashes = args->crashes,
		.repeat = repeat_command(args, what),
	};
	int ret = check_keep(args);

	if (!ret)
		ret = session_check_bus(args->bus);
	if (!ret)
		ret = session_check_outputs(&session);
	if (!ret)
		ret = get_program(what, &session.program);
	if (!ret)
		ret = check_patterns(args, &session);
	free(types);
	if (!ret)
		ret = session_prepare(&session, what, args->kernel);
	if (!ret)
		ret = args->keep_vm ? session_add_shell(&files) : LAB_OK;
	if (!ret)
		ret = session_run(&session);
	session_free(&session);
	lab_list_free(&files);
	return ret;
}

/* The options that are about a guest. */
static int check_live(const struct args *args)
{
	const char *odd = args->kernel ? "--kernel" :
			  args->types.count ? "--type" : args->bus ? "--bus" :
			  args->keep_vm ? "--keep-vm" : args->crashes ? "--crashes" : NULL;

	if (!odd)
		return LAB_OK;
	lab_error("--uuid tests a device of this host as it is: %s does not go with it", odd);
	return LAB_USAGE;
}

static char *repeat_live(const struct args *args)
{
	char *tree = args->operand ? text_quoted(args->operand) : lab_strdup("");
	char *all = lab_fmt("%s test%s%s --uuid %s", sdk_command(), *tree ? " " : "", tree,
			    args->uuid);

	free(tree);
	return all;
}

static int run_live(const struct args *args)
{
	char *only = patterns_of(args);
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = args->uuid, .timeout = args->timeout, .only = only,
		.repeat = repeat_live(args),
	};
	int ret = check_live(args);

	if (!ret)
		ret = device_check_host("--uuid", args->uuid);
	if (!ret && args->operand)
		ret = session_check_what(args->operand);
	if (!ret)
		ret = args->operand ? get_program(args->operand, &session.program) :
		      program_get(NULL, &session.program);
	if (!ret)
		ret = check_patterns(args, &session);
	if (!ret)
		ret = session_run_live(&session, args->uuid, args);
	session_free(&session);
	return ret;
}

/* What is about a guest, or a device of this host. */
static int check_user(const struct args *args)
{
	const char *odd = args->kernel ? "--kernel" : args->bus ? "--bus" :
			  args->keep_vm ? "--keep-vm" : args->uuid ? "--uuid" : NULL;

	if (args->coverage && args->sanitizer) {
		lab_error("--coverage is built without a sanitizer: leave out --sanitizer");
		return LAB_USAGE;
	}
	if (!odd)
		return LAB_OK;
	lab_error("--user tests the driver as a process of this machine: %s does not go with it; leave "
		  "out one of the two", odd);
	return LAB_USAGE;
}

static char *repeat_user(const struct args *args, const char *what)
{
	char *word = text_quoted(what), *types = options_of("--type", &args->types);
	char *sanitizer = args->sanitizer ? lab_fmt(" --sanitizer %s", args->sanitizer) :
					    lab_strdup("");
	char *all = lab_fmt("%s test %s --user%s%s%s", sdk_command(), word, sanitizer,
			    args->coverage ? " --coverage" : "", types);

	free(sanitizer);
	free(types);
	free(word);
	return all;
}

static int run_user(const struct args *args, const char *what)
{
	char *only = patterns_of(args);
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = what, .timeout = args->timeout, .only = only,
		.crashes = args->crashes, .repeat = repeat_user(args, what),
	};
	int ret = check_user(args);

	if (!ret)
		ret = session_check_what(what);
	if (!ret)
		ret = get_program(what, &session.program);
	if (!ret)
		ret = check_patterns(args, &session);
	if (!ret)
		ret = session_expect_beside(&session, what);
	if (!ret)
		ret = session_run_user(&session, what, args);
	session_free(&session);
	return ret;
}

int cmd_test(const struct args *args)
{
	const char *what = args->operand ? args->operand : ".";

	if (args->list)
		return list_tests(args);
	if (args->sanitizer && !args->user) {
		lab_error("--sanitizer is for a driver in user space: add --user");
		return LAB_USAGE;
	}
	if (args->coverage && !args->user) {
		lab_error("--coverage is of a driver in user space: add --user");
		return LAB_USAGE;
	}
	if (args->framework && !args->coverage) {
		lab_error("--framework is for the table of --coverage: give both");
		return LAB_USAGE;
	}
	if (args->user)
		return run_user(args, what);
	return args->uuid ? run_live(args) : run(args, what);
}
