// SPDX-License-Identifier: GPL-2.0-only
/* The suite on this host, against a device that an administrator has created. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/args.h"
#include "lab/judge.h"
#include "live.h"
#include "report.h"
#include "session.h"

#define DEVICES "/sys/bus/mdev/devices"
#define UUID_LEN 36

/* The second one is that of mdk_mdev.ko bus=private. */
static const char *const device_dirs[] = { DEVICES, "/sys/bus/mdk_mdev/devices" };

/* The device's folder, on the bus where it is. */
static char *device_path(const char *uuid)
{
	char *path = NULL;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_dirs); i++) {
		free(path);
		path = lab_fmt("%s/%s", device_dirs[i], uuid);
		if (lab_exists(path))
			break;
	}
	return path;
}

/* The last part of a link's target, or NULL. */
static char *link_name(const char *path)
{
	char target[4096];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return NULL;
	target[len] = '\0';
	return lab_strdup(strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

/* The nodes by which a user opens a device: its group's, and on newer kernels its own. */
static void nodes_of(const char *uuid, struct lab_list *nodes)
{
	char *device = device_path(uuid), *path = lab_fmt("%s/iommu_group", device);
	char *own = lab_fmt("%s/vfio-dev", device), *group = link_name(path);
	DIR *dir = opendir(own);
	struct dirent *entry;

	if (group)
		lab_list_addf(nodes, "/dev/vfio/%s", group);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lab_list_addf(nodes, "/dev/vfio/devices/%s", entry->d_name);
	if (dir)
		closedir(dir);
	free(group);
	free(path);
	free(own);
	free(device);
}

static bool process_holds(const char *pid, const struct lab_list *nodes)
{
	char *path = lab_fmt("/proc/%s/fd", pid), target[4096];
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool holds = false;

	while (dir && !holds && (entry = readdir(dir))) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (len <= 0)
			continue;
		target[len] = '\0';
		holds = lab_list_has(nodes, target);
	}
	if (dir)
		closedir(dir);
	free(path);
	return holds;
}

/* "PID (NAME)" of the first process that has the device open, or NULL. */
static char *holder(const char *uuid)
{
	struct lab_list nodes = { 0 };
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char *found = NULL;

	nodes_of(uuid, &nodes);
	while (dir && !found && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    process_holds(entry->d_name, &nodes)) {
			char *path = lab_fmt("/proc/%s/comm", entry->d_name);
			char *name = lab_read_file(path, NULL);

			found = lab_fmt("%s (%.*s)", entry->d_name,
					name ? (int)strcspn(name, "\n") : 1, name ? name : "?");
			free(name);
			free(path);
		}
	if (dir)
		closedir(dir);
	lab_list_free(&nodes);
	return found;
}

static bool is_uuid(const char *text)
{
	return strlen(text) == UUID_LEN && strspn(text, "0123456789abcdef-") == UUID_LEN;
}

int session_check_host(const char *uuid)
{
	if (!is_uuid(uuid)) {
		lab_error("--uuid '%s' is no UUID: 36 characters of 0-9, a-f and -, as in " DEVICES
			  ", are needed", uuid);
		return LAB_USAGE;
	}
	if (geteuid()) {
		lab_error("--uuid opens a device of this host, which takes root; you are user %u: "
			  "repeat it with sudo", geteuid());
		return LAB_CANNOT;
	}
	if (lab_exists("/dev/vfio/vfio"))
		return LAB_OK;
	lab_error("VFIO is not loaded on this host: there is no /dev/vfio/vfio; modprobe "
		  "vfio_iommu_type1, then load the driver and create the device");
	return LAB_CANNOT;
}

static int check_device(const char *uuid)
{
	char *path = device_path(uuid), *who;
	bool there = lab_exists(path);

	free(path);
	if (!there) {
		lab_error("there is no device %s in " DEVICES "; create it first: echo %s > "
			  "/sys/class/mdev_bus/PARENT/mdev_supported_types/TYPE/create", uuid, uuid);
		return LAB_USAGE;
	}
	who = holder(uuid);
	if (!who)
		return LAB_OK;
	lab_error("the device %s is open: process %s holds it; the tests would get in its way: end "
		  "that process first", uuid, who);
	free(who);
	return LAB_CANNOT;
}

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
	char *conform;
	int ret = session_check_outputs(session);

	if (!ret)
		ret = check_device(uuid);
	if (ret)
		return ret;
	conform = session_conform();
	if (!conform)
		return LAB_CANNOT;
	uname(&host);
	session->kernel.release = lab_strdup(host.release);
	fprintf(session_out(session), "kernel  %s (of this host)\n", host.release);
	lab_list_add(&argv, conform);
	lab_list_addf(&argv, "--uuid=%s", uuid);
	for (size_t i = 0; i < args->only.count; i++)
		lab_list_addf(&argv, "--only=%s", args->only.items[i]);
	for (size_t i = 0; i < args->skip.count; i++)
		lab_list_addf(&argv, "--skip=%s", args->skip.items[i]);
	ret = run_suite(session, &argv);
	lab_list_free(&argv);
	free(conform);
	return ret;
}
