/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of a server, one after the other, as KTAP. For a program that is one file. */
#ifndef USER_CHECKS_H
#define USER_CHECKS_H

#include <stdbool.h>
#include <stdio.h>

#include "client.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct check {
	const char *name;
	void (*run)(void);
};

static struct incoming in;		/* the last reply */
static const char *wrong;		/* of the check that runs; NULL: nothing */
static char found[256];

/* What must hold; the first that does not is the check's result. */
#define NEED(cond) need(cond, #cond, __LINE__)

static bool need(bool good, const char *what, int line)
{
	if (!good && !wrong) {
		snprintf(found, sizeof(found), "line %d: %s (last reply: flags %#x, error %u, %zu bytes)",
			 line, what, in.header.flags, in.header.error, in.len);
		wrong = found;
	}
	return good;
}

static int call(int fd, uint16_t command, const void *data, size_t len)
{
	int ret = client_call(fd, command, data, len, NULL, 0, &in);

	NEED(ret < 0 || ret == 0 || in.len == 0);
	return ret;
}

/* Return: how many have failed. */
static unsigned int checks_run(const struct check *checks, size_t nr)
{
	unsigned int failures = 0;

	for (size_t i = 0; i < nr; i++) {
		wrong = NULL;
		checks[i].run();
		if (wrong)
			printf("# found: %s\n", wrong);
		printf("%sok %zu %s\n", wrong ? "not " : "", i + 1, checks[i].name);
		fflush(stdout);
		failures += !!wrong;
	}
	return failures;
}

#endif
