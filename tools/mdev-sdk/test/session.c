// SPDX-License-Identifier: GPL-2.0-only
/* What a run of a guest is told, and where its results go. */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/sdk.h"
#include "session.h"

FILE *session_out(const struct session *session)
{
	return session->json || session->shell ? stderr : stdout;
}

void session_free(struct session *session)
{
	kernel_free(&session->kernel);
	lab_list_free(&session->modules);
	lab_list_free(&session->wanted);
	lab_list_free(&session->names);
	free(session->conform_args);
	free(session->expected_skips);
	testconf_free(&session->conf);
	free(session->copy);
	free(session->program);
	free(session->repeat);
	free(session->only);
}

int session_expect(struct session *session, const char *path, bool must_exist)
{
	session->expected_skips = lab_read_file(path, NULL);
	if (session->expected_skips || !must_exist)
		return LAB_OK;
	lab_errno("cannot read the list of expected skips %s", path);
	return LAB_USAGE;
}

static void add_patterns(struct lab_list *argv, const char *option, const struct lab_list *patterns)
{
	for (size_t i = 0; patterns && i < patterns->count; i++)
		lab_list_addf(argv, "%s=%s", option, patterns->items[i]);
}

int session_list_tests(const char *program, const struct lab_list *only,
		       const struct lab_list *skip, struct lab_list *names)
{
	struct lab_list argv = { 0 };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .capture = &out, .timeout = 30 };
	char *save = NULL;
	int code = -1;

	lab_list_add(&argv, program);
	lab_list_add(&argv, "--list");
	add_patterns(&argv, "--only", only);
	add_patterns(&argv, "--skip", skip);
	cmd.argv = argv.items;
	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && out.data)
		for (char *name = strtok_r(out.data, "\n", &save); name;
		     name = strtok_r(NULL, "\n", &save))
			lab_list_add(names, name);
	lab_list_free(&argv);
	lab_buf_free(&out);
	return code ? LAB_CANNOT : LAB_OK;
}

int session_write(const struct session *session, const struct guest_result *result)
{
	int ret = LAB_OK;

	/* A command of the user's own: what it said is what he wants to see. */
	if (session->run && !session->ktap && !session->judge)
		fputs(result->output, stdout);
	if (session->ktap)
		ret = lab_replace_file(session->ktap, result->output, strlen(result->output));
	if (!ret && session->log)
		ret = lab_replace_file(session->log, result->log, strlen(result->log));
	return ret;
}

void session_module_paths(const struct module_plan *plan, struct lab_list *paths)
{
	for (size_t i = 0; i < plan->count; i++)
		lab_list_add(paths, plan->items[i].path);
}

int session_add_shell(struct lab_list *files)
{
	char *poke = sdk_program("mdev-poke");
	int ret = sdk_check_program(poke);

	lab_list_addf(files, "%s:/bin/mdev-poke", poke);
	lab_list_addf(files, "%s/tools/lab/guest-shell.sh:/lab/shell", sdk_root());
	free(poke);
	return ret;
}

/* Better known before the boot than after it. */
static int check_output(const char *option, const char *path)
{
	char *copy, *folder;
	int ret = LAB_OK;

	if (!path)
		return ret;
	copy = lab_strdup(path);
	folder = dirname(copy);
	if (access(folder, W_OK)) {
		lab_errno("%s %s: the folder %s cannot be written to", option, path, folder);
		ret = LAB_USAGE;
	}
	free(copy);
	return ret;
}

int session_check_outputs(const struct session *session)
{
	return check_output("--ktap", session->ktap) || check_output("--log", session->log) ||
	       check_output("--junit", session->junit) ? LAB_USAGE : LAB_OK;
}
