// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk test: from a driver's folder, or its built module, to a verdict. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "session.h"

/* Quoted for a shell where that is needed. */
static char *quoted(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+=:,@";
	struct lab_buf out = { 0 };

	if (*text && !text[strspn(text, plain)])
		return lab_strdup(text);
	lab_buf_addf(&out, "'");
	for (; *text; text++)
		if (*text == '\'')
			lab_buf_addf(&out, "'\\''");
		else
			lab_buf_add(&out, text, 1);
	lab_buf_addf(&out, "'");
	return out.data;
}

static void add_option(struct lab_buf *out, const char *name, const char *value)
{
	char *word = quoted(value);

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
	char *word = quoted(what), *types = options_of("--type", &args->types);
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

static int list_tests(const struct args *args)
{
	struct lab_list names = { 0 };
	int ret = session_list_tests(&args->only, &names);

	for (size_t i = 0; i < names.count; i++)
		puts(names.items[i]);
	lab_list_free(&names);
	return ret;
}

static int check_only(const struct args *args, struct session *session)
{
	int ret = session_list_tests(&args->only, &session->names);

	/* A name with a type in brackets is known in the guest only. */
	for (size_t i = 0; i < args->only.count; i++)
		if (strchr(args->only.items[i], '['))
			return LAB_OK;
	if (ret || session->names.count)
		return ret;
	lab_error("--only %s: there is no such test; mdev-sdk test --list has them all",
		  args->only.count ? args->only.items[0] : "");
	return LAB_USAGE;
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
	char *only = options_of("--only", &args->only);
	struct lab_list files = { 0 };
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = what, .timeout = args->timeout, .only = only,
		.conform_args = lab_fmt("%s%s", types, only), .interactive = args->keep_vm,
		.files = &files, .bus = args->bus,
		.repeat = repeat_command(args, what),
	};
	int ret = check_keep(args);

	if (!ret)
		ret = session_check_bus(args->bus);
	if (!ret)
		ret = session_check_outputs(&session);
	if (!ret)
		ret = check_only(args, &session);
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
	const char *odd = args->operand ? args->operand : args->kernel ? "--kernel" :
			  args->types.count ? "--type" : args->bus ? "--bus" :
			  args->keep_vm ? "--keep-vm" : NULL;

	if (!odd)
		return LAB_OK;
	lab_error("--uuid tests a device of this host as it is: %s does not go with it", odd);
	return LAB_USAGE;
}

static int run_live(const struct args *args)
{
	char *only = options_of("--only", &args->only);
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = args->uuid, .timeout = args->timeout, .only = only,
		.repeat = lab_fmt("%s test --uuid %s", sdk_command(), args->uuid),
	};
	int ret = check_live(args);

	if (!ret)
		ret = session_check_host(args->uuid);
	if (!ret)
		ret = check_only(args, &session);
	if (!ret)
		ret = session_run_live(&session, args->uuid, &args->only);
	session_free(&session);
	return ret;
}

int cmd_test(const struct args *args)
{
	const char *what = args->operand ? args->operand : ".";

	if (args->list)
		return list_tests(args);
	return args->uuid ? run_live(args) : run(args, what);
}
