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

static bool is_sdk(const char *folder)
{
	char *path = lab_fmt("%s/framework/build.sh", folder);
	bool is = lab_exists(path);

	free(path);
	return is;
}

/* The folder of this program. */
static char *own_folder(void)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		return lab_strdup(".");
	path[len] = '\0';
	return lab_strdup(dirname(path));
}

/*
 * In the source tree it is the program's own; an installed tree may have been moved as a whole. For
 * a bindir that is far from the files the makefile says where these are.
 */
static char *find_root(void)
{
	char *own = own_folder(), *beside = lab_fmt("%s/../share/mdev-sdk", own);
	const char *const places[] = { own, beside, SDK_PKGDATADIR };
	char *root = NULL;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(places) && !root; i++)
		if (is_sdk(places[i]))
			root = realpath(places[i], NULL);
	free(beside);
	if (root)
		free(own);
	return root ? root : own;
}

const char *sdk_root(void)
{
	static char *found;
	const char *set = getenv("MDEV_SDK_ROOT");

	if (set && *set)
		return set;
	if (!found)
		found = find_root();
	return found;
}

int sdk_check(void)
{
	const char *set = getenv("MDEV_SDK_ROOT");

	if ((set && *set) || is_sdk(sdk_root()))
		return LAB_OK;
	lab_error("the files of mdev-sdk are not in %s, where this program is, nor in "
		  "../share/mdev-sdk, nor in %s; install it anew (make install), or name their "
		  "folder: MDEV_SDK_ROOT=FOLDER", sdk_root(), SDK_PKGDATADIR);
	return LAB_CANNOT;
}

/* What make install has built is in a folder of its own, which the tree has a link to. */
static char *installed_programs(void)
{
	char *path = lab_fmt("%s/programs", sdk_root());

	if (lab_is_dir(path))
		return path;
	free(path);
	return NULL;
}

bool sdk_is_installed(void)
{
	char *programs = installed_programs();
	bool there = programs;

	free(programs);
	return there;
}

/* framework/build-folder.sh has the same name for it. */
static char *cache_folder(void)
{
	char *folder = lab_fmt("%s/build/%s%s", kernel_cache(), sdk_version(), sdk_root());

	for (char *p = folder + strlen(kernel_cache()) + strlen("/build/"); *p; p++)
		if (*p == '/')
			*p = '-';
	return folder;
}

const char *sdk_build(void)
{
	static char *folder;
	char *programs;

	if (folder)
		return folder;
	programs = installed_programs();
	folder = programs ? cache_folder() : lab_fmt("%s/build", sdk_root());
	free(programs);
	return folder;
}

char *sdk_program(const char *name)
{
	char *programs = installed_programs(), *path;

	if (programs)
		path = lab_fmt("%s/%s", programs, name);
	else
		path = lab_fmt("%s/build/host/conform/%s", sdk_root(), name);
	free(programs);
	return path;
}

int sdk_check_program(const char *path)
{
	if (lab_exists(path))
		return LAB_OK;
	lab_error("no program %s; build it with: make -C %s", path, sdk_root());
	return LAB_CANNOT;
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
