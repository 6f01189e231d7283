// SPDX-License-Identifier: GPL-2.0-only
/* A part of the work in a child, of which nothing but shared memory is left. */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "player.h"

/* libFuzzer's clock interrupts the wait. */
static bool wait_for(pid_t child, int *status)
{
	pid_t ret;

	do
		ret = waitpid(child, status, 0);
	while (ret < 0 && errno == EINTR);
	return ret == child;
}

bool player_apart(void (*play)(void *data), void *data)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		player_verbose = false;
		play(data);
		_exit(0);
	}
	if (child < 0 || !wait_for(child, &status))
		return false;
	/* Its report is printed. */
	if (status)
		player_found();
	return true;
}
