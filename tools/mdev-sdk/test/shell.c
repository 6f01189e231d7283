// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk shell: a guest with the driver loaded, a device created, and a prompt. */
#include <stdlib.h>
#include <unistd.h>

#include "common/args.h"
#include "framework.h"
#include "lab/console.h"
#include "prepare.h"
#include "run.h"
#include "session.h"
#include "test.h"

#define SCRIPT_NAME "commands"

/* Standard input to its end, into a file for the guest. */
static int take_commands(const char *dir, struct lab_list *files)
{
	char *path = lab_fmt("%s/" SCRIPT_NAME, dir), chunk[4096];
	struct lab_buf text = { 0 };
	ssize_t got;
	int ret;

	lab_buf_add(&text, "", 0);
	while ((got = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
		lab_buf_add(&text, chunk, got);
	if (lab_interrupted())
		ret = LAB_CANNOT;
	else
		ret = lab_write_file(path, text.data, text.len, 0600);
	lab_list_addf(files, "%s:/lab/" SCRIPT_NAME, path);
	lab_buf_free(&text);
	free(path);
	return ret;
}

static int check_type(const struct args *args, const char **type)
{
	*type = args->types.count ? args->types.items[0] : "";
	for (const char *p = *type; *p; p++)
		if (*p == '\'' || *p == '/') {
			lab_error("--type %s: no type has such a name", *type);
			return LAB_USAGE;
		}
	if (args->types.count < 2)
		return LAB_OK;
	lab_error("--type is given %zu times; one device is created, so once is enough",
		  args->types.count);
	return LAB_USAGE;
}

/* The command that the guest runs. */
static char *command(bool tty, const char *type)
{
	unsigned int rows, columns;

	console_size(&rows, &columns);
	return lab_fmt("exec sh /lab/shell %s '%s' 0 %u %u", tty ? "tty" : "script", type, rows,
		       columns);
}

static int run(const struct args *args, const char *type, bool tty, const char *dir)
{
	struct lab_list files = { 0 };
	char *run = command(tty, type);
	struct session session = {
		.files = &files, .run = run, .log = args->log, .timeout = args->timeout,
		.shell = !tty, .interactive = tty, .bus = args->bus,
	};
	int ret = session_check_bus(args->bus);

	if (!ret)
		ret = session_add_shell(&files);
	if (!ret && !tty)
		ret = take_commands(dir, &files);
	if (!ret)
		ret = session_prepare(&session, args->operand ? args->operand : ".", args->kernel);
	if (!ret)
		ret = session_run(&session);
	session_free(&session);
	lab_list_free(&files);
	free(run);
	return ret;
}

int cmd_shell(const struct args *args)
{
	const char *type;
	bool tty = console_possible();
	int ret = check_type(args, &type);
	char *dir;

	if (ret)
		return ret;
	dir = lab_scratch_tmp("mdev-sdk-");
	if (!dir)
		return LAB_CANNOT;
	ret = run(args, type, tty, dir);
	lab_scratch_drop(dir);
	return ret;
}
