// SPDX-License-Identifier: GPL-2.0-only
/* The suite on this host, against a device that an administrator has created. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/args.h"
#include "common/device.h"
#include "lab/judge.h"
#include "live.h"
#include "report.h"
#include "session.h"

/* From here on; -1 where the log cannot be read. */
static int open_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		lab_errno("cannot read the kernel's log, so an oops or a warning will not be seen");
	else
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* A record is "PRIORITY,NUMBER,TIME,FLAGS;MESSAGE\n KEY=VALUE\n..." */
static void read_log(int fd, struct lab_buf *log)
{
	char record[8192];
	ssize_t len;

	lab_buf_add(log, "", 0);
	while (fd >= 0) {
		char *text;

		len = read(fd, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)		/* some were overwritten */
			continue;
		if (len <= 0)
			break;
		record[len] = '\0';
		text = strchr(record, ';');
		if (text)
			lab_buf_addf(log, "%.*s\n", (int)strcspn(text + 1, "\n"), text + 1);
	}
	if (fd >= 0)
		close(fd);
}

/* Skips are not judged: nobody has written down which ones this device may have. */
static int judge(const struct session *session, const struct guest_result *result)
{
	static const struct lab_list none;
	struct judgement judgement;
	int ret;

	judge_init(&judgement);
	judge_ktap(&judgement, result->output);
	judge_log(&judgement, result->log);
	if (result->timed_out)
		lab_list_addf(&judgement.problems, "the suite hung: ended after %u s",
			      session->timeout);
	else if (result->status > 1 && !judgement.problems.count)
		lab_list_addf(&judgement.problems, "mdev-conform ended with status %d",
			      result->status);
	ret = session_report(session, &judgement, &none);
	if (judgement.splat || result->timed_out)
		lab_error("a kernel that has reported against itself is not to be trusted with the "
			 "tests behind that, and --uuid cannot boot this host again: reboot it, or "
			 "let mdev-sdk test TREE test the driver in a guest, which it boots again");
	judge_free(&judgement);
	return ret;
}

static int run_suite(struct session *session, const struct lab_list *argv)
{
	struct lab_buf output = { 0 }, log = { 0 };
	struct lab_cmd cmd = { .argv = argv->items, .capture = &output,
			       .timeout = session->timeout };
	struct guest_result result = { 0 };
	int kmsg = open_log(), ret;
	enum lab_end end = lab_run(&cmd, &result.status);

	read_log(kmsg, &log);
	result.output = output.data;
	result.log = log.data;
	result.timed_out = end == LAB_END_TIMEOUT;
	/* It has said why itself. */
	if (end == LAB_END_INTERRUPTED || end == LAB_END_NOSTART || !output.len)
		ret = LAB_CANNOT;
	else
		ret = session_write(session, &result);
	if (!ret)
		ret = judge(session, &result);
	lab_buf_free(&output);
	lab_buf_free(&log);
	return ret;
}

int session_run_live(struct session *session, const char *uuid, const struct args *args)
{
	struct lab_list argv = { 0 };
	struct utsname host;
	int ret = session_check_outputs(session);

	if (!ret)
		ret = device_check(uuid, "the tests would get in its way");
	if (ret)
		return ret;
	uname(&host);
	session->kernel.release = lab_strdup(host.release);
	fprintf(session_out(session), "kernel  %s (of this host)\n", host.release);
	lab_list_add(&argv, session->program);
	lab_list_addf(&argv, "--uuid=%s", uuid);
	for (size_t i = 0; i < args->only.count; i++)
		lab_list_addf(&argv, "--only=%s", args->only.items[i]);
	for (size_t i = 0; i < args->skip.count; i++)
		lab_list_addf(&argv, "--skip=%s", args->skip.items[i]);
	ret = run_suite(session, &argv);
	lab_list_free(&argv);
	return ret;
}
