// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that fail. A thread may have its n-th call that can fail do so, to take the paths of a
 * driver that no test takes. Meanwhile its log is not written: what it says of the failure is as it
 * should be. Calls in a card's world are none of the driver's.
 */
#include <pthread.h>

#include <user/sched.h>

#include "private.h"

static __thread struct {
	unsigned int left;
	const char *file;
	int line;
} failing;

void user_fail_begin(unsigned int nr)
{
	failing.left = nr;
	failing.file = NULL;
}

bool user_fail_end(void)
{
	failing.left = 0;
	return failing.file != NULL;
}

bool user_fails(const char *file, int line)
{
	if (likely(!failing.left) || failing.file || current->outside || --failing.left)
		return false;
	failing.file = file;
	failing.line = line;
	/* Until the end, so that the log stays silent. */
	failing.left = 1;
	return true;
}

bool user_failing(const char **file, int *line)
{
	*file = failing.file;
	*line = failing.line;
	return failing.left;
}
