// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Each test in a process of its own, with a time limit: a test that hangs or crashes is one
 * failure, not the end. Nothing that may block in a driver is called from the runner's own process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "kmsg.h"
#include "suite.h"

#define KILL_WAIT_MS	3000
#define MOST_LIMITS	10	/* for a test that goes on and on: so many times its limit */

struct job {
	struct env *env;
	const struct test *test;
};

void sleep_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&ts, NULL);
}

static bool long_races;

void race_long(void)
{
	long_races = true;
}

unsigned int race_ms(unsigned int ms)
{
	return control_active() && !long_races ? ms / 8 : ms;
}

unsigned int quiet_ms(unsigned int ms)
{
	return control_active() && !long_races ? ms / 4 : ms;
}

/* "-EINVAL" for a negative errno, "0 (done)" or the number for anything else. */
const char *err_name(long ret)
{
	static char buf[4][64];
	static unsigned int turn;
	char *b = buf[turn++ % 4];

	if (ret < 0 && strerrorname_np((int)-ret))
		snprintf(b, sizeof(buf[0]), "-%s", strerrorname_np((int)-ret));
	else
		snprintf(b, sizeof(buf[0]), "%ld", ret);
	return b;
}

/*
 * What is left of @ms since the test's last step: one with many steps takes long on a slow kernel,
 * and hangs no more than a fast one.
 */
static int time_left(uint64_t start, unsigned int ms)
{
	uint64_t step = report->did_at, now = now_ms();
	uint64_t last = start + (uint64_t)ms * MOST_LIMITS;
	uint64_t end = (step > start ? step : start) + ms;

	if (end > last)
		end = last;
	return end > now ? (int)(end - now) : 0;
}

/* Waits for @pid at most @ms since its last step; true when it has been reaped. */
static bool reap(pid_t pid, unsigned int ms, int *status)
{
	struct pollfd pfd = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	uint64_t start = now_ms();
	bool done = false;

	if (pfd.fd < 0) {		/* kernels before 5.3, or no descriptor left */
		for (; !done && time_left(start, ms); sleep_ms(2))
			done = waitpid(pid, status, WNOHANG) == pid;
		return done;
	}
	while (!done && time_left(start, ms)) {
		poll(&pfd, 1, time_left(start, ms));
		done = waitpid(pid, status, WNOHANG) == pid;
	}
	close(pfd.fd);
	return done || waitpid(pid, status, WNOHANG) == pid;
}

/* @number: of the signal or of the exit. */
enum ending run_process(void (*fn)(void *arg), void *arg, unsigned int timeout, int *number)
{
	int status;
	pid_t pid;

	fflush(stdout);
	report->finished = false;
	pid = fork();
	if (pid < 0) {
		perror("mdev-conform: fork");
		exit(3);
	}
	if (pid == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn(arg);
		test_end();
	}
	setpgid(pid, pid);
	if (!reap(pid, timeout * 1000, &status)) {
		kill(-pid, SIGKILL);
		return reap(pid, KILL_WAIT_MS, &status) ? ENDED_BY_TIMEOUT : ENDED_NEVER;
	}
	kill(-pid, SIGKILL);		/* the test's own helpers, if it left any */
	*number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		return ENDED_BY_SIGNAL;
	return report->finished ? ENDED : ENDED_EARLY;
}

static void judge_ending(enum ending end, int number, unsigned int timeout)
{
	switch (end) {
	case ENDED:
		break;
	case ENDED_EARLY:
		failed("a test that goes to its end, or says why it does not",
		       "its process called exit(%d) in the middle", number);
		break;
	case ENDED_BY_SIGNAL:
		failed("the test's process ends by itself",
		       "the process was killed by signal %d (%s); an oops in the kernel does that too: "
		       "see the kernel log", number, strsignal(number));
		break;
	case ENDED_BY_TIMEOUT:
		failed("an answer, whatever it is", "no answer within %u s; the process was killed",
		       timeout);
		break;
	case ENDED_NEVER:
		failed("an answer, whatever it is",
		       "no answer within %u s, and SIGKILL did not end the process: it is stuck in "
		       "the kernel", timeout);
		break;
	}
}

/* The device that tests with USES_DEVICE share */

/* An errno says little of why; the kernel's log since @log may say more. */
static void no_device(int log, int err)
{
	failed("a device to test with", "%s", err_name(err));
	kmsg_notes(log);
}

static void do_create(void *arg)
{
	struct env *env = arg;
	char line[UUID_LEN + 2];
	int log = kmsg_begin();
	ssize_t n;

	snprintf(line, sizeof(line), "%s\n", env->dev.uuid);
	did("create of a device of type %s", env->type);
	n = mdev_create_raw(env->parent, env->type, line, strlen(line));
	if (n < 0)
		no_device(log, n);
	kmsg_end(log);
}

static void do_remove(void *arg)
{
	struct env *env = arg;

	mdev_remove(&env->dev);
}

static void drop_shared(struct env *env)
{
	int sig;

	if (env->given)
		return;
	if (env->dev.uuid[0])
		run_process(do_remove, env, DEFAULT_TIMEOUT, &sig);
	env->dev.uuid[0] = '\0';
}

static bool have_shared(struct env *env)
{
	enum ending end;
	int sig = 0;

	if (env->dev.uuid[0])
		return true;
	env->dev.parent = env->parent;
	env->dev.type = env->type;
	uuid_new(env->dev.uuid);
	end = run_process(do_create, env, DEFAULT_TIMEOUT, &sig);
	judge_ending(end, sig, DEFAULT_TIMEOUT);
	if (report->verdict == VERDICT_PASS)
		return true;
	env->dev.uuid[0] = '\0';
	return false;
}

/* One test */

static void do_test(void *arg)
{
	struct job *job = arg;

	if (job->test->flags & USES_DEVICE)
		need_open(job->env, &job->env->dev, &job->env->vfio);
	report->opened = true;
	job->env->test = job->test;
	job->test->run(job->env);
}

static void do_clean_up(void *arg)
{
	struct env *env = arg;
	struct mdev m = { .parent = env->parent, .type = env->type };

	for (unsigned int i = 0; i < report->nr_uuids && i < MAX_UUIDS; i++) {
		memcpy(m.uuid, report->uuids[i], sizeof(m.uuid));
		if (mdev_exists(&m))
			mdev_remove(&m);
	}
}

static enum ending run_once(struct env *env, const struct test *test)
{
	unsigned int timeout = test->timeout ? test->timeout : DEFAULT_TIMEOUT;
	struct job job = { env, test };
	enum ending end;
	int sig = 0;

	report_reset();
	if (test->flags & USES_DEVICE && !have_shared(env))
		return ENDED;
	end = run_process(do_test, &job, timeout, &sig);
	judge_ending(end, sig, timeout);
	return end;
}

void run_test(struct env *env, const struct test *test)
{
	bool reused = test->flags & USES_DEVICE && env->dev.uuid[0] && !env->given;
	enum ending end;
	int sig = 0;

	if (env->given && !(test->flags & (USES_DEVICE | LOOKS_ONLY))) {
		report_reset();
		skipped("it makes and removes devices of its own, which --uuid does not allow");
		return;
	}
	if (!(test->flags & USES_DEVICE))
		drop_shared(env);
	end = run_once(env, test);
	/* Whether a device can be opened a second time is for a test of its own. */
	if (reused && end == ENDED && !report->opened) {
		drop_shared(env);
		end = run_once(env, test);
	}
	/* A stuck process holds its device for ever: to wait for it would only take time. */
	if (end == ENDED_NEVER) {
		if (!env->given)
			env->dev.uuid[0] = '\0';
		return;
	}
	/* A device on which a test failed is not for the next test: it may be in any state. */
	if (report->verdict == VERDICT_FAIL)
		drop_shared(env);
	run_process(do_clean_up, env, DEFAULT_TIMEOUT, &sig);
}

void run_end(struct env *env)
{
	drop_shared(env);
}

/* Preconditions of tests */

void need_mdev(struct env *env, struct mdev *m)
{
	int log = kmsg_begin(), ret;

	did("create of a device of type %s", env->type);
	ret = mdev_create(m, env->parent, env->type);
	if (ret) {
		no_device(log, ret);
		test_end();
	}
	kmsg_end(log);
}

void need_open(struct env *env, const struct mdev *m, struct vfio *v)
{
	const char *step = "iommu_group link";
	int group = mdev_group(m), ret;

	(void)env;
	did("open of device %s through its group", m->uuid);
	ret = group < 0 ? group : vfio_open(v, group, m->uuid, &step);
	if (ret) {
		failed("an open device", "%s: %s", step, err_name(ret));
		test_end();
	}
}

void need_closed_and_removed(const struct mdev *m, struct vfio *v)
{
	int ret;

	if (v)
		vfio_close(v);
	did("removal of device %s, which is not open", m->uuid);
	ret = mdev_remove(m);
	if (ret)
		failed("a removed device", "%s", err_name(ret));
	else if (mdev_exists(m))
		failed("no trace of it in sysfs", "its directory is still there");
}

void need_device_info(const struct env *env, struct vfio_device_info *info)
{
	int ret;

	did("VFIO_DEVICE_GET_INFO with argsz %d", DEVICE_INFO_MINSZ);
	ret = vfio_device_info(env->vfio.device, info);
	if (ret) {
		failed("0", "%s", err_name(ret));
		test_end();
	}
}
