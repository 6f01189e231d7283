// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays files of events, each in a process of its own. usage:
 *   PROGRAM [--type T] FILE...             a line for each: ok NAME, or not ok NAME and the report
 *   PROGRAM [--type T] --here FILE         in this process, for a debugger, with each event
 *   PROGRAM [--type T] --minimise FILE     prints the least part of it with the same report
 *   PROGRAM [--type T] --rows              prints what the model says of the device, rows_text.c
 * exit 0: nothing was found, 1: something was, 2: usage, or a file that cannot be played,
 * 3: could not run. With $MDK_FUZZ_ABORT --here ends by abort().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "minimise.h"
#include "player.h"
#include "rows_text.h"
#include "try.h"

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int play_here(const char *path)
{
	struct events events = { 0 };
	bool good = file_read(path, &events);

	try_here("finding: hang: an event takes more than 20 s; --gdb shows where\n");
	if (good) {
		player_play_twice(&events);
		later_user(&events);
	}
	events_free(&events);
	user_stop();
	return good ? 0 : 2;
}

static int play_file(const char *path)
{
	struct events events = { 0 };
	struct verdict verdict;
	int ret = 2;

	if (file_read(path, &events)) {
		try_play(&events, &verdict);
		printf("%sok %s%s%s\n", *verdict.key ? "not " : "", base_of(path),
		       *verdict.key ? ": " : "", verdict.key);
		fflush(stdout);
		fputs(verdict.report, stderr);
		ret = *verdict.key != 0;
		verdict_free(&verdict);
	} else {
		printf("not ok %s: it cannot be played\n", base_of(path));
	}
	events_free(&events);
	return ret;
}

static int minimise_file(const char *path)
{
	struct events events = { 0 };
	int ret = 2;

	if (file_read(path, &events))
		ret = minimise(&events) ? file_write(stdout, &events) : 1;
	events_free(&events);
	return ret;
}

static int print_rows(void)
{
	return rows_write(stdout, device_info.type, device_info.rows) ? 0 : 3;
}

int main(int argc, char **argv)
{
	const char *type = NULL;
	int (*each)(const char *path) = play_file;
	int i, ret = 0, one;
	bool rows = false;

	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--here"))
			each = play_here;
		else if (!strcmp(argv[i], "--minimise"))
			each = minimise_file;
		else if (!strcmp(argv[i], "--rows"))
			rows = true;
		else if (!strcmp(argv[i], "--type") && i + 1 < argc)
			type = argv[++i];
		else
			return 2;
	}
	if ((i == argc) != rows)
		return 2;
	if (!player_begin(type))
		return 3;
	if (rows)
		return print_rows();
	for (; i < argc; i++) {
		one = each(argv[i]);
		ret = one > ret ? one : ret;
	}
	return ret;
}
