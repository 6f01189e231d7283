// SPDX-License-Identifier: GPL-2.0-only
/* Child processes: each in a group of its own, so that one signal ends it with all it started. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

#define POLL_MS		100
#define GRACE_SECONDS	3.0

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

void lab_signals_init(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	static const int handled[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(handled); i++)
		sigaction(handled[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int lab_interrupted(void)
{
	return caught;
}

static void child_signals(void)
{
	static const int reset[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(reset); i++)
		signal(reset[i], SIG_DFL);
}

static void child_output(const struct lab_cmd *cmd, int pipe_fd)
{
	int fd;

	if (cmd->output) {
		fd = open(cmd->output, O_WRONLY | O_CREAT | O_APPEND, 0666);
		if (fd < 0)
			_exit(127);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	if (pipe_fd >= 0)
		dup2(pipe_fd, STDOUT_FILENO);
	if (pipe_fd >= 0 && cmd->capture_stderr)
		dup2(pipe_fd, STDERR_FILENO);
	fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
}

static void __attribute__((noreturn)) child(const struct lab_cmd *cmd, int pipe_fd, pid_t parent)
{
	setpgid(0, 0);
	/* Should this process be killed without a chance to clean up, the child goes with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	child_signals();
	child_output(cmd, pipe_fd);
	if (cmd->cwd && chdir(cmd->cwd))
		_exit(127);
	execvp(cmd->argv[0], cmd->argv);
	_exit(127);
}

static pid_t start(const struct lab_cmd *cmd, int *read_fd)
{
	int fds[2] = { -1, -1 };
	pid_t parent = getpid();
	pid_t pid;

	if (cmd->capture && pipe2(fds, O_CLOEXEC))
		return -1;
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(cmd, fds[1], parent);
	if (pid > 0)
		setpgid(pid, pid);
	if (fds[1] >= 0)
		close(fds[1]);
	*read_fd = fds[0];
	return pid;
}

/* One look at the child; true when it has ended (and its output, if wanted, is all read). */
static bool step(const struct lab_cmd *cmd, int pidfd, int *read_fd)
{
	struct pollfd fds[2] = {
		{ .fd = *read_fd, .events = POLLIN },
		{ .fd = *read_fd >= 0 ? -1 : pidfd, .events = POLLIN },
	};
	char chunk[65536];
	ssize_t got;

	if (poll(fds, 2, POLL_MS) <= 0)
		return false;
	if (!fds[0].revents)
		return fds[1].revents != 0;
	got = read(*read_fd, chunk, sizeof(chunk));
	if (got > 0) {
		lab_buf_add(cmd->capture, chunk, got);
	} else if (!got || errno != EINTR) {
		close(*read_fd);
		*read_fd = -1;
	}
	return false;
}

/* Takes whoever of the group has ended; true when nobody is left. */
static bool group_ended(pid_t leader, int *status)
{
	pid_t pid;
	int one;

	while ((pid = waitpid(-leader, &one, WNOHANG)) > 0)
		if (pid == leader)
			*status = one;
	return pid < 0 && errno == ECHILD;
}

/*
 * The leader is not enough: make may be gone while a compiler still removes its scratch files.
 * Those whose parent ended are children of this process, a subreaper.
 */
static void end_group(pid_t leader, int *status)
{
	static const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	double limit = lab_now() + GRACE_SECONDS;
	bool killed = false;

	killpg(leader, SIGTERM);
	while (!group_ended(leader, status)) {
		if (!killed && lab_now() > limit) {
			killpg(leader, SIGKILL);
			killed = true;
		}
		nanosleep(&pause, NULL);
	}
}

static enum lab_end decode(int status, int *code)
{
	*code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	if (WIFEXITED(status) && *code == 127)
		return LAB_END_NOSTART;
	return WIFEXITED(status) ? LAB_END_EXIT : LAB_END_SIGNAL;
}

static enum lab_end reap(pid_t pid, int *code)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return LAB_END_NOSTART;
	return decode(status, code);
}

enum lab_end lab_run(const struct lab_cmd *cmd, int *code)
{
	double limit = cmd->timeout ? lab_now() + cmd->timeout : 0;
	enum lab_end forced = LAB_END_EXIT;
	int read_fd, pidfd, status = 0;
	pid_t pid;

	*code = -1;
	if (lab_interrupted())
		return LAB_END_INTERRUPTED;
	pid = start(cmd, &read_fd);
	if (pid < 0)
		return LAB_END_NOSTART;
	pidfd = pidfd_open(pid, 0);
	while (forced == LAB_END_EXIT && !step(cmd, pidfd, &read_fd)) {
		if (lab_interrupted())
			forced = LAB_END_INTERRUPTED;
		else if (limit && lab_now() > limit)
			forced = LAB_END_TIMEOUT;
	}
	if (forced != LAB_END_EXIT)
		end_group(pid, &status);
	if (read_fd >= 0)
		close(read_fd);
	close(pidfd);
	if (forced == LAB_END_EXIT)
		return reap(pid, code);
	decode(status, code);
	return forced;
}
