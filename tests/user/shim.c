// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads a driver that tests what is below it, and unloads it. usage: PROGRAM [PARAMETER=VALUE...]
 * exit 1: it did not load, or something gave a warning
 */
#include <device.h>

#include <stdio.h>
#include <string.h>

static int set(char *argument)
{
	char *value = strchr(argument, '=');

	if (!value)
		return -1;
	*value++ = 0;
	return user_param_set(argument, value);
}

int main(int argc, char **argv)
{
	int i, ret;

	for (i = 1; i < argc; i++) {
		if (set(argv[i])) {
			fprintf(stderr, "%s: no such parameter\n", argv[i]);
			return 2;
		}
	}
	ret = user_start();
	if (!ret)
		user_stop();
	fprintf(stderr, "errno %d, %u warnings\n", -ret, user_warnings());
	return ret || user_warnings();
}
