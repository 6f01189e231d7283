// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk fuzz: inputs for a driver in user space, made of its own model. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/duration.h"
#include "common/userspace.h"
#include "fuzz.h"

#define DEFAULT_SECONDS 600
#define JOBS_MOST 256

/* What looks for nothing has no time, and nothing to keep. */
static int check_alone(const struct args *args)
{
	const char *odd = args->time ? "--time" : args->jobs ? "--jobs" : args->seed ? "--seed" :
			  args->merge ? "--merge" : args->replay && args->coverage ? "--coverage" : NULL;

	if (!odd || (!args->replay && !args->coverage))
		return LAB_OK;
	if (args->replay)
		lab_error("--replay plays one file: %s does not go with it; leave it out", odd);
	else
		lab_error("--coverage plays what was found before: %s does not go with it; leave it out",
			  odd);
	return LAB_USAGE;
}

/* Streams of a migration have no seeds of events, and no table of lines. */
static int check_stream(const struct args *args)
{
	const char *odd = args->coverage ? "--coverage" : args->merge ? "--merge" : NULL;

	if (!args->stream || !odd)
		return LAB_OK;
	lab_error("--stream looks for streams of a migration: %s is for events; leave out one of the two",
		  odd);
	return LAB_USAGE;
}

static int check(const struct args *args, struct fuzz *fuzz)
{
	fuzz->seconds = DEFAULT_SECONDS;
	if (args->types.count > 1) {
		lab_error("fuzz drives a device of one type, and --type was given %zu times; leave out "
			  "all but one", args->types.count);
		return LAB_USAGE;
	}
	if (args->jobs > JOBS_MOST) {
		lab_error("--jobs %u: at most %d are possible; give fewer", args->jobs, JOBS_MOST);
		return LAB_USAGE;
	}
	if (args->events) {
		lab_error("--events is for a guest, and the process has --time: give it with --kernel, or "
			  "leave it out");
		return LAB_USAGE;
	}
	if (args->gdb && !args->replay) {
		lab_error("--gdb is for one file: give it with --replay");
		return LAB_USAGE;
	}
	if (args->framework && !args->coverage) {
		lab_error("--framework is for the table of --coverage: give both");
		return LAB_USAGE;
	}
	if (check_stream(args) || check_alone(args))
		return LAB_USAGE;
	return args->time ? duration_of(args->time, &fuzz->seconds) : LAB_OK;
}

/* Of the player: 0 nothing, 2 a file that cannot be played, 3 no start; all else is a finding. */
static int status_of_player(enum lab_end end, int code)
{
	if (end == LAB_END_INTERRUPTED || end == LAB_END_NOSTART)
		return LAB_CANNOT;
	if (end == LAB_END_EXIT && (!code || code == LAB_USAGE || code == LAB_CANNOT))
		return code;
	return LAB_FOUND;
}

static void replay_words(const struct fuzz *fuzz, const char *file, struct lab_list *argv)
{
	lab_list_add(argv, fuzz->stream ? fuzz->fuzzer : fuzz->player);
	if (fuzz->type && !fuzz->stream) {
		lab_list_add(argv, "--type");
		lab_list_add(argv, fuzz->type);
	}
	lab_list_add(argv, fuzz->stream ? "--replay" : "--here");
	lab_list_add(argv, file);
}

static int replay(const struct fuzz *fuzz, const struct args *args)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { 0 };
	enum lab_end end;
	int code = 0, ret;

	if (args->gdb)
		for (const char *const *word = (const char *const[]){ "gdb", "-q", "-ex", "run",
								      "--args", NULL }; *word; word++)
			lab_list_add(&argv, *word);
	replay_words(fuzz, args->replay, &argv);
	fflush(stdout);
	if (args->gdb) {
		/* An end by abort() is one at which a debugger stops. */
		setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=1", 1);
		setenv("UBSAN_OPTIONS", "print_stacktrace=1:abort_on_error=1", 1);
		setenv("MDK_FUZZ_ABORT", "1", 1);
		execvp("gdb", argv.items);
		lab_error("cannot run gdb: %s; install the package gdb", strerror(errno));
		lab_list_free(&argv);
		return LAB_CANNOT;
	}
	cmd.argv = argv.items;
	end = lab_run(&cmd, &code);
	ret = status_of_player(end, code);
	lab_list_free(&argv);
	return ret;
}

static int has_clang(void)
{
	char *argv[] = { "clang", "--version", NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .timeout = 20, .output = "/dev/null" };
	int code = 1;
	bool good = lab_run(&cmd, &code) == LAB_END_EXIT && !code;

	lab_buf_free(&text);
	if (good)
		return LAB_OK;
	lab_error("fuzz needs clang with libFuzzer, and there is no clang here; install the package clang");
	return LAB_CANNOT;
}

/* The driver's tables may be wrong: who asked is told by the terminal, and not by a log. */
static int check_structures(const struct fuzz *fuzz)
{
	char *argv[] = { fuzz->fuzzer, "-help=1", NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .capture_stderr = true,
			       .timeout = 60 };
	int code = 0;
	bool good = !getenv("MDK_FUZZ_STRUCTURES") ||
		    (lab_run(&cmd, &code) == LAB_END_EXIT && !code);
	char *line = good || !text.data ? NULL : strstr(text.data, "mdk-fuzz: ");

	if (line) {
		line[strcspn(line, "\n")] = '\0';
		fprintf(stderr, "%s\n", line);
	}
	lab_buf_free(&text);
	/* What else keeps it from its start its log says. */
	return line ? LAB_USAGE : LAB_OK;
}

static int search(struct fuzz *fuzz, const struct args *args)
{
	struct lab_list found = { 0 };
	int ret = fuzz->stream ? fuzz_make_streams(fuzz) : check_structures(fuzz);

	if (!ret)
		ret = fuzz_run_jobs(fuzz, &found);

	for (size_t i = 0; !ret && i < found.count; i++) {
		if (fuzz->stream)
			fuzz_report_stream(fuzz, found.items[i]);
		else
			fuzz_report(fuzz, found.items[i], args->merge);
	}
	if (!ret && args->merge)
		ret = fuzz_merge(fuzz);
	if (!ret && found.count)
		ret = LAB_FOUND;
	else if (!ret)
		printf("nothing was found\n");
	lab_list_free(&found);
	return ret;
}

static int act(struct fuzz *fuzz, const struct args *args)
{
	if (args->coverage)
		return fuzz_coverage(fuzz, args->framework);
	return args->replay ? replay(fuzz, args) : search(fuzz, args);
}

static int build_programs(struct fuzz *fuzz, const char *tree, const struct args *args)
{
	bool searches = !args->replay && !args->coverage;
	int ret = searches || args->stream ? has_clang() : LAB_OK;

	if (!ret && args->stream)
		return userspace_build_streams(tree, &fuzz->fuzzer);
	if (!ret)
		ret = userspace_build_player(tree, args->coverage ? "coverage" : NULL,
					     &fuzz->player);
	if (!ret && searches)
		ret = userspace_build_player(tree, "fuzzer", &fuzz->fuzzer);
	return ret;
}

/* Below that of events, which knows what lies beside it. */
static char *folder_of(const struct fuzz *fuzz)
{
	char *events = userspace_fuzz_folder(fuzz->tree, fuzz->type), *streams;

	if (!fuzz->stream)
		return events;
	streams = lab_fmt("%s/streams", events);
	free(events);
	return streams;
}

static int prepare(struct fuzz *fuzz, const char *tree, const struct args *args)
{
	int ret = build_programs(fuzz, tree, args);

	if (ret)
		return ret;
	fuzz->stream = args->stream;
	fuzz->tree = realpath(tree, NULL);
	fuzz->type = args->types.count ? args->types.items[0] : NULL;
	fuzz->dir = folder_of(fuzz);
	fuzz->jobs = args->jobs ? args->jobs : (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	fuzz->seed = args->seed ? args->seed : (unsigned int)time(NULL);
	return LAB_OK;
}

int fuzz_in_process(const struct args *args)
{
	const char *tree = args->operand ? args->operand : ".";
	struct fuzz fuzz = { 0 };
	int ret = check(args, &fuzz);

	if (!ret)
		ret = prepare(&fuzz, tree, args);
	if (!ret)
		fuzz_environment(&fuzz);
	if (!ret)
		ret = act(&fuzz, args);
	free(fuzz.tree);
	free(fuzz.dir);
	free(fuzz.fuzzer);
	free(fuzz.player);
	return ret;
}
