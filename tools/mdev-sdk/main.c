// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk: finds the verb, lets it run, cleans up whatever way it ended. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/args.h"
#include "common/catalog.h"
#include "common/sdk.h"

static void help(FILE *out)
{
	fprintf(out, "Usage: mdev-sdk VERB [OPTION...]\n%s\n\n", sdk_about);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal)
			fprintf(out, "  %-10s %s\n", verb->name, verb->summary);
	fprintf(out, "\nmdev-sdk VERB --help lists the options of a verb, mdev-sdk man all of them.\n"
		"Exit status: %s\n", sdk_exit_status);
}

/* depmod and the like are not on everybody's path. */
static void extend_path(void)
{
	const char *path = getenv("PATH");
	char *longer = lab_fmt("%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");

	setenv("PATH", longer, 1);
	free(longer);
}

int main(int argc, char **argv)
{
	const struct verb *verb;
	int ret;

	lab_label = catalog_label;
	if (argc < 2) {
		help(stderr);
		return LAB_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-?") || !strcmp(argv[1], "help")) {
		help(stdout);
		return LAB_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("mdev-sdk %s\n", sdk_version());
		return LAB_OK;
	}
	verb = verb_find(argv[1]);
	if (!verb)
		return LAB_USAGE;
	if (sdk_check())
		return LAB_CANNOT;
	lab_signals_init();
	extend_path();
	atexit(lab_scratch_cleanup);
	ret = verb_run(verb, argc - 1, argv + 1);
	if (fflush(stdout) || ferror(stdout)) {
		/* Who reads it with head has seen enough. */
		if (errno != EPIPE)
			lab_errno("cannot write the output");
		ret = LAB_CANNOT;
	}
	if (!lab_interrupted())
		return ret;
	lab_note("mdev-sdk: interrupted; nothing was left behind");
	return 128 + lab_interrupted();
}
