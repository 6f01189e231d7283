// SPDX-License-Identifier: GPL-2.0-only
/* What the command knows of itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

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

const char *sdk_command(void)
{
	return program_invocation_name;
}
