// SPDX-License-Identifier: GPL-2.0-only
/* What the command knows of itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/kernel.h"
#include "sdk.h"

const char sdk_about[] = "Drivers of mediated devices: generate them, build them, prove them in a virtual "
			 "machine.";
const char sdk_exit_status[] = "0 done, 1 a test failed, 2 usage, 3 could not run, 4 skipped.";

const char *sdk_root(void)
{
	static char path[4096];
	const char *set = getenv("MDEV_SDK_ROOT");
	ssize_t len;

	if (set && *set)
		return set;
	len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len < 0)
		return ".";
	path[len] = '\0';
	return dirname(path);
}

const char *sdk_version(void)
{
	static char *version;
	char *path;

	if (version)
		return version;
	path = lab_fmt("%s/VERSION", sdk_root());
	version = lab_read_file(path, NULL);
	if (!version)
		version = lab_strdup("unknown");
	version[strcspn(version, "\n")] = '\0';
	free(path);
	return version;
}

/* One reader of .config for builds and for us; what is wrong with the file, it has said. */
static int configured(const char *name, const char *option, struct lab_buf *line)
{
	char *script = lab_fmt("%s/framework/config.sh", sdk_root());
	char *argv[] = { script, (char *)name, NULL };
	struct lab_cmd cmd = { .argv = argv, .capture = line };
	int code = -1, ret = LAB_OK;
	enum lab_end end = lab_run(&cmd, &code);

	if (end == LAB_END_NOSTART)
		lab_error("cannot run %s, which says what the default is; give --%s", script,
			  option);
	if (end != LAB_END_EXIT || code || !line->len)
		ret = LAB_CANNOT;
	else
		line->data[strcspn(line->data, "\n")] = '\0';
	free(script);
	return ret;
}

int sdk_kernel_get(const char *wanted, bool update, struct kernel *kernel)
{
	struct lab_buf line = { 0 };
	int ret = LAB_OK;

	if (!wanted)
		ret = configured("MDK_DEFAULT_KERNEL", "kernel", &line);
	if (!ret)
		ret = kernel_get(wanted ? wanted : line.data, update, kernel);
	lab_buf_free(&line);
	return ret;
}

int sdk_kernel_peek(const char *wanted, struct kernel *kernel)
{
	struct lab_buf line = { 0 };
	int ret = LAB_OK;

	if (!wanted)
		ret = configured("MDK_DEFAULT_KERNEL", "kernel", &line);
	if (!ret)
		ret = kernel_peek(wanted ? wanted : line.data, kernel);
	lab_buf_free(&line);
	return ret;
}

int sdk_bus_is_kernel(const char *bus, bool *is)
{
	struct lab_buf line = { 0 };
	int ret = LAB_OK;

	if (!bus)
		ret = configured("MDK_DEFAULT_BUS", "bus", &line);
	*is = !ret && !strcmp(bus ? bus : line.data, "kernel");
	lab_buf_free(&line);
	return ret;
}

const char *sdk_command(void)
{
	return program_invocation_name;
}
