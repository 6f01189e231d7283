// SPDX-License-Identifier: GPL-2.0-only
/* A part of the work in a child, of which nothing but shared memory is left. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "player.h"

/* Of the time that an input has, which is over after 20: all others take a fraction of one. */
#define SECONDS 5

/* libFuzzer's clock interrupts the wait. */
static bool wait_for(pid_t child, int *status)
{
	pid_t ret;

	do
		ret = waitpid(child, status, 0);
	while (ret < 0 && errno == EINTR);
	return ret == child;
}

/* libFuzzer's handlers would allocate memory, and those of a program that has ended tell nobody. */
static void be_alone(unsigned int seconds)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	alarm(seconds);
}

/* @seconds: after which it is ended; 0: who waits for the input ends it. */
static bool play_in_child(void (*play)(void *data), void *data, unsigned int seconds, int *status)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		be_alone(seconds);
		player_verbose = false;
		play(data);
		_exit(0);
	}
	return child > 0 && wait_for(child, status);
}

bool player_apart(void (*play)(void *data), void *data)
{
	int status = 0;

	/*
	 * libFuzzer has a thread of its own. If that holds a lock of the sanitizer's at the fork,
	 * the child waits for it for ever: one that takes long is begun anew, and has more time.
	 */
	if (!play_in_child(play, data, SECONDS, &status))
		return false;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM &&
	    !play_in_child(play, data, 0, &status))
		return false;
	/* Its report is printed. */
	if (status)
		player_found();
	return true;
}
