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
#include <sys/resource.h>
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

/* Which ends of pipes the child gets; -1: none. */
struct child_fds {
	int in, out;
};

static void child_output(const struct lab_cmd *cmd, struct child_fds fds)
{
	int fd;

	if (cmd->output) {
		fd = open(cmd->output, O_WRONLY | O_CREAT | O_APPEND, 0666);
		if (fd < 0)
			_exit(127);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	if (fds.out >= 0)
		dup2(fds.out, STDOUT_FILENO);
	if (fds.out >= 0 && cmd->capture_stderr)
		dup2(fds.out, STDERR_FILENO);
	fd = fds.in >= 0 ? fds.in : open("/dev/null", O_RDONLY);
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
}

/* SIGXCPU ends it at the limit; what ignores that is killed a little later. */
static void child_limits(const struct lab_cmd *cmd)
{
	struct rlimit limit = { .rlim_cur = cmd->cpu, .rlim_max = cmd->cpu + 2 };

	if (cmd->cpu)
		setrlimit(RLIMIT_CPU, &limit);
}

static void __attribute__((noreturn)) child(const struct lab_cmd *cmd, struct child_fds fds,
					    pid_t parent)
{
	setpgid(0, 0);
	/* Should this process be killed without a chance to clean up, the child goes with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	child_signals();
	child_limits(cmd);
	child_output(cmd, fds);
	if (cmd->cwd && chdir(cmd->cwd))
		_exit(127);
	execvp(cmd->argv[0], cmd->argv);
	_exit(127);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static pid_t start(const struct lab_cmd *cmd, int *read_fd)
{
	int out[2] = { -1, -1 }, in[2] = { -1, -1 };
	pid_t parent = getpid();
	pid_t pid;

	if ((cmd->capture || cmd->relay) && pipe2(out, O_CLOEXEC))
		return -1;
	if (cmd->relay && pipe2(in, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return -1;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(cmd, (struct child_fds){ .in = in[0], .out = out[1] }, parent);
	if (pid > 0)
		setpgid(pid, pid);
	close_fd(out[1]);
	close_fd(in[0]);
	*read_fd = out[0];
	if (cmd->relay)
		cmd->relay->input = in[1];
	return pid;
}

/* What is typed is read only when the program can take it: a full pipe must not stop the rest. */
static bool relay_keys(const struct lab_cmd *cmd)
{
	struct pollfd room = { .fd = cmd->relay->input, .events = POLLOUT };
	char chunk[1024];
	ssize_t got;

	if (poll(&room, 1, POLL_MS) <= 0 || !(room.revents & POLLOUT))
		return true;
	got = read(cmd->relay->keys, chunk, sizeof(chunk));
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	/* The terminal is gone. */
	return got > 0 && cmd->relay->typed(cmd->relay, chunk, got);
}

static bool take_output(const struct lab_cmd *cmd, int *read_fd)
{
	char chunk[65536];
	ssize_t got = read(*read_fd, chunk, sizeof(chunk));

	if (got > 0 && cmd->relay)
		return cmd->relay->printed(cmd->relay, chunk, got);
	if (got > 0) {
		lab_buf_add(cmd->capture, chunk, got);
	} else if (!got || errno != EINTR) {
		close(*read_fd);
		*read_fd = -1;
	}
	return true;
}

enum step { STEP_ON, STEP_ENDED, STEP_STOP };

/* One look at the child: has it ended, and is its output, if wanted, all read? */
static enum step step(const struct lab_cmd *cmd, int pidfd, int *read_fd)
{
	struct pollfd fds[] = {
		{ .fd = *read_fd, .events = POLLIN },
		{ .fd = *read_fd >= 0 ? -1 : pidfd, .events = POLLIN },
		{ .fd = cmd->relay ? cmd->relay->keys : -1, .events = POLLIN },
	};

	if (poll(fds, LAB_ARRAY_SIZE(fds), POLL_MS) <= 0)
		return STEP_ON;
	if (fds[1].revents)
		return STEP_ENDED;
	if (fds[0].revents && !take_output(cmd, read_fd))
		return STEP_STOP;
	if (fds[2].revents && !relay_keys(cmd))
		return STEP_STOP;
	return STEP_ON;
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

/* What the child has used of the processor, and since when it is no more. */
struct idle {
	pid_t pid;
	double used, since;
};

/* A machine with much to do gives it little, but not nothing. */
static bool is_idle(struct idle *idle, double limit)
{
	struct timespec used;
	clockid_t clock;
	double now;

	if (!limit || clock_getcpuclockid(idle->pid, &clock) || clock_gettime(clock, &used))
		return false;
	now = used.tv_sec + used.tv_nsec / 1e9;
	if (now > idle->used || !idle->since) {
		idle->used = now;
		idle->since = lab_now();
	}
	return lab_now() > idle->since + limit;
}

/* Goes on until the child has ended, or until it has to be. */
static enum lab_end watch(const struct lab_cmd *cmd, pid_t pid, int pidfd, int *read_fd)
{
	double limit = cmd->timeout ? lab_now() + cmd->timeout : 0;
	struct idle idle = { .pid = pid };
	enum step now;

	while ((now = step(cmd, pidfd, read_fd)) == STEP_ON) {
		bool talking = cmd->relay && cmd->relay->keys >= 0;

		if (lab_interrupted())
			return LAB_END_INTERRUPTED;
		if (limit && !talking && lab_now() > limit)
			return LAB_END_TIMEOUT;
		if (is_idle(&idle, cmd->idle))
			return LAB_END_IDLE;
	}
	return now == STEP_STOP ? LAB_END_RELAY : LAB_END_EXIT;
}

enum lab_end lab_run(const struct lab_cmd *cmd, int *code)
{
	enum lab_end forced;
	int read_fd, pidfd, status = 0;
	pid_t pid;

	*code = -1;
	if (lab_interrupted())
		return LAB_END_INTERRUPTED;
	pid = start(cmd, &read_fd);
	if (pid < 0)
		return LAB_END_NOSTART;
	pidfd = pidfd_open(pid, 0);
	forced = watch(cmd, pid, pidfd, &read_fd);
	if (forced != LAB_END_EXIT)
		end_group(pid, &status);
	close_fd(read_fd);
	if (cmd->relay)
		close_fd(cmd->relay->input);
	close(pidfd);
	if (forced != LAB_END_EXIT) {
		decode(status, code);
		return forced;
	}
	forced = reap(pid, code);
	return cmd->cpu && forced == LAB_END_SIGNAL && *code == SIGXCPU ? LAB_END_TIMEOUT : forced;
}
