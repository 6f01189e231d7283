// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk judge: the verdict on a run that was recorded before. */
#include <stdlib.h>

#include "common/args.h"
#include "lab/judge.h"
#include "report.h"
#include "session.h"
#include "test.h"

static int read_input(const char *option, const char *path, char **text)
{
	if (!path) {
		lab_error("judge needs %s FILE", option);
		return LAB_USAGE;
	}
	*text = lab_read_file(path, NULL);
	if (*text)
		return LAB_OK;
	lab_errno("cannot read %s", path);
	return LAB_USAGE;
}

int cmd_judge(const struct args *args)
{
	char *ktap = NULL, *log = NULL, *skips = NULL;
	struct session session = { .junit = args->junit, .json = args->json };
	struct judgement judgement;
	int ret = session_check_outputs(&session);

	judge_init(&judgement);
	judgement.of_suite = true;
	if (!ret)
		ret = read_input("--ktap", args->ktap, &ktap);
	if (!ret && args->log)
		ret = read_input("--log", args->log, &log);
	if (!ret && args->expected_skips)
		ret = read_input("--expected-skips", args->expected_skips, &skips);
	if (!ret) {
		judge_ktap(&judgement, ktap);
		judge_skips(&judgement, skips);
		if (log)
			judge_log(&judgement, log);
		ret = session_report(&session, &judgement, &args->modules);
	}
	judge_free(&judgement);
	free(ktap);
	free(log);
	free(skips);
	return ret;
}
