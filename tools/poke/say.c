// SPDX-License-Identifier: GPL-2.0-only
/* What goes wrong, in a sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "poke.h"

static const char *program = "mdev-poke";
static char **now;		/* the command that runs */
static int nr_now;

void say_program(const char *name)
{
	const char *slash = strrchr(name, '/');

	program = slash ? slash + 1 : name;
}

void say_command(int count, char **word)
{
	nr_now = count;
	now = word;
}

int say(const char *id, const char *fmt, ...)
{
	va_list args;

	/* What the commands before have printed comes first, also where both go into one file. */
	fflush(stdout);
	fprintf(stderr, "%s: ", program);
	for (int i = 0; i < nr_now; i++)
		fprintf(stderr, "%s%s", now[i], i + 1 < nr_now ? " " : ": ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " [%s]\n", id);
	return EXIT_FOUND;
}

const char *errno_words(int ret)
{
	static char text[128];
	const char *name = strerrorname_np(-ret);

	snprintf(text, sizeof(text), "%s (%s)", name ? name : "?", strerror(-ret));
	return text;
}
