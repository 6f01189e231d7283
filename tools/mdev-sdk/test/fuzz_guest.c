// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz --kernel: the fuzzer in a guest, on descriptors of VFIO. What it makes inputs of comes from
 * the driver as a process, which says what its model has.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/duration.h"
#include "common/sdk.h"
#include "common/userspace.h"
#include "framework.h"
#include "fuzz.h"
#include "lab/judge.h"
#include "lab/oops.h"
#include "prepare.h"
#include "run.h"
#include "test.h"
#include "verdict.h"

#define DEFAULT_SECONDS 600
/* Of a boot, and of what comes before the first input and behind the last one. */
#define MORE_SECONDS 600
/* A kernel with all instruments plays so many events in a second: 14 when the machine is busy. */
#define SLOWEST 5
/* What libFuzzer has kept: more would only make the guest's image larger. */
#define KEPT_MOST 2000
#define ROWS_SECONDS 60

/* In the guest; what is said of a line of it names the end of the tree's path. */
#define STRUCTURES "/lab/tests/structures.txt"

/* A kernel that has stopped somewhere says so, and ends. */
#define APPEND "softlockup_panic=1 hung_task_panic=1"

static int check(const struct args *args, struct fuzz_run *run)
{
	const char *odd = args->jobs ? "--jobs" : args->merge ? "--merge" : args->gdb ? "--gdb" :
			  args->coverage ? "--coverage" : args->stream ? "--stream" : NULL;

	if (odd) {
		lab_error("--kernel looks in a guest: %s does not go with it; leave out one of the two", odd);
		return LAB_USAGE;
	}
	if (args->types.count > 1) {
		lab_error("fuzz drives a device of one type, and --type was given %zu times; leave out "
			  "all but one", args->types.count);
		return LAB_USAGE;
	}
	if (args->replay && (args->time || args->events || args->seed)) {
		lab_error("--replay plays one file: %s does not go with it; leave it out",
			  args->time ? "--time" : args->events ? "--events" : "--seed");
		return LAB_USAGE;
	}
	if (args->replay && access(args->replay, R_OK)) {
		lab_errno("cannot read the file of events %s", args->replay);
		return LAB_USAGE;
	}
	run->seconds = args->events ? 0 : DEFAULT_SECONDS;
	return args->time ? duration_of(args->time, &run->seconds) : LAB_OK;
}

/* What the driver's model says */

static int write_rows(const struct fuzz_run *run, const char *player, const char *path)
{
	struct lab_list argv = { 0 };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .capture = &text, .timeout = ROWS_SECONDS, .output = "/dev/null" };
	int code = 0, ret = LAB_CANNOT;

	lab_list_add(&argv, player);
	if (run->type) {
		lab_list_add(&argv, "--type");
		lab_list_add(&argv, run->type);
	}
	lab_list_add(&argv, "--rows");
	cmd.argv = argv.items;
	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code)
		ret = lab_write_file(path, text.data, text.len, 0644);
	else if (!lab_interrupted())
		lab_error("the driver as a process says nothing of its device; its lines are those of: %s run %s",
			  sdk_command(), run->tree);
	lab_list_free(&argv);
	lab_buf_free(&text);
	return ret;
}

static int add_rows(const struct fuzz_run *run, struct lab_list *files)
{
	char *player = NULL, *path = lab_fmt("%s/rows", run->scratch);
	int ret = userspace_build_player(run->tree, NULL, &player);

	if (!ret)
		ret = write_rows(run, player, path);
	lab_list_addf(files, "%s:/lab/rows", path);
	free(player);
	free(path);
	return ret;
}

/* Inputs */

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The files of a folder, if it is there, as PREFIX-NAME in the guest. */
static int add_folder(const char *folder, const char *prefix, size_t most, struct lab_list *files)
{
	struct dirent **list = NULL;
	int nr = scandir(folder, &list, is_input, alphasort), ret = LAB_OK;

	for (int i = 0; i < nr; i++) {
		const char *name = list[i]->d_name;

		if (strchr(name, ':')) {
			lab_error("%s/%s: a name with a colon cannot be given to a guest; rename the file",
				  folder, name);
			ret = LAB_USAGE;
		} else if ((size_t)i < most) {
			lab_list_addf(files, "%s/%s:/lab/inputs/%s-%s", folder, name, prefix, name);
		}
		free(list[i]);
	}
	free(list);
	return ret;
}

static int add_inputs(const struct fuzz_run *run, struct lab_list *files)
{
	char *seeds = lab_fmt("%s/tests/seeds", run->tree), *kept = lab_fmt("%s/corpus", run->dir);
	char *crashes = lab_fmt("%s/tests/crashes", run->tree);
	int ret = add_folder(kept, "corpus", KEPT_MOST, files);

	if (!ret)
		ret = add_folder(crashes, "crashes", -1, files);
	if (!ret)
		ret = add_folder(seeds, "seeds", -1, files);
	free(crashes);
	free(kept);
	free(seeds);
	return ret;
}

/* What the device reads from guest memory, if the tree says it. */
static char *structures_of(const struct fuzz_run *run)
{
	char *path = lab_fmt("%s/tests/structures.txt", run->tree);

	if (lab_exists(path))
		return path;
	free(path);
	return NULL;
}

static void add_structures(const struct fuzz_run *run, struct lab_list *files)
{
	char *path = structures_of(run);

	if (path)
		lab_list_addf(files, "%s:" STRUCTURES, path);
	free(path);
}

static int add_replay(const struct fuzz_run *run, struct lab_list *files)
{
	char *path = lab_fmt("%s/replay.txt", run->scratch);
	int ret = lab_copy_file(run->args->replay, path, 0644);

	lab_list_addf(files, "%s:/lab/replay.txt", path);
	free(path);
	return ret;
}

static int add_files(const struct fuzz_run *run, struct lab_list *files)
{
	char *program = sdk_program("mdk-fuzz-guest");
	int ret = sdk_check_program(program);

	lab_list_addf(files, "%s:/bin/mdk-fuzz-guest", program);
	lab_list_addf(files, "%s/tools/mdev-sdk/test/fuzz-guest.sh:/lab/fuzz", sdk_root());
	add_structures(run, files);
	if (!ret)
		ret = add_rows(run, files);
	if (!ret)
		ret = run->args->replay ? add_replay(run, files) : add_inputs(run, files);
	free(program);
	return ret;
}

/* Boots */

/* No module, no device, another file than one of events: the program's words, as ours. */
static int say_cannot(const struct session *session, const struct module_plan *plan,
		      const struct guest_result *result, const char *log)
{
	static const char own[] = "mdk-fuzz: ";
	const char *words = strstr(result->output, own);

	if (strstr(result->output, "Bail out!"))
		return session_judge(session, plan, result, log);
	lab_error("the guest's fuzzer has not begun: %.*s", words ? (int)strcspn(words, "\n") : 0,
		  words ? words + strlen(own) : "");
	return result->status == LAB_USAGE ? LAB_USAGE : LAB_CANNOT;
}

static int take(const struct session *session, const struct module_plan *plan,
		const struct guest_result *result, const char *log)
{
	struct oops_source source = { NULL, session->tree };
	struct fuzz_boot *boot = session->arg;
	struct judgement judgement;
	struct lab_list paths = { 0 };

	judge_init(&judgement);
	judgement.of_suite = true;
	judge_log(&judgement, result->log);
	*boot = (struct fuzz_boot){
		.output = lab_strdup(result->output), .log = lab_strdup(result->log),
		.report = judgement.splat ? lab_strdup(judgement.splat) : NULL,
		.status = result->status, .slow = result->timed_out,
	};
	judge_free(&judgement);
	if (!fuzz_is_bad(boot) && boot->status)
		return say_cannot(session, plan, result, log);
	session_module_paths(plan, &paths);
	source.modules = &paths;
	if (boot->report)
		oops_print(boot->report, &source, stdout);
	lab_list_free(&paths);
	return LAB_OK;
}

static unsigned int limit_of(const struct fuzz_run *run)
{
	double events = (double)run->args->events / SLOWEST;
	double seconds = run->seconds > 0 ? run->seconds : run->args->replay ? 0 : events;

	return (unsigned int)seconds + MORE_SECONDS;
}

/* @mode: what the program is to do. */
static char *command_of(const struct fuzz_run *run, const char *mode)
{
	char *path = structures_of(run);
	char *command = lab_fmt("exec sh /lab/fuzz --rows /lab/rows%s --inputs /lab/inputs --seed %u %s",
				path ? " --structures " STRUCTURES : "", run->seed, mode);

	free(path);
	return command;
}

static int boot(const struct fuzz_run *run, const char *mode, struct fuzz_boot *left)
{
	struct lab_list files = { 0 };
	struct session session = {
		.files = &files, .judge = take, .arg = left, .what = run->tree,
		.timeout = limit_of(run),
		.run = command_of(run, mode),
	};
	char *append = NULL;
	int ret = add_files(run, &files);

	if (!ret)
		ret = session_prepare(&session, run->tree, run->args->kernel);
	if (!ret) {
		append = lab_fmt("%s%s" APPEND, session.append ? session.append : "",
				 session.append ? " " : "");
		session.append = append;
		ret = session_run(&session);
	}
	free((char *)session.run);
	free(append);
	session_free(&session);
	lab_list_free(&files);
	return ret;
}

/* The kernel has ended the program before it could say what it played: another guest tells. */
static int ask_input(const struct fuzz_run *run, struct fuzz_boot *shown)
{
	unsigned long nr;
	char *mode;
	int ret;

	if (run->args->replay || !fuzz_last_input(run->boot.log, &nr))
		return LAB_OK;
	printf("another guest, for the events of input %lu\n", nr);
	mode = lab_fmt("--show %lu", nr);
	ret = boot(run, mode, shown);
	free(mode);
	return ret;
}

/* What came of each event of a replay. */
static void print_events(const char *output)
{
	for (size_t len; *output && !lab_has_prefix(output, "mdk-fuzz: begin of"); output += len) {
		len = strcspn(output, "\n");
		len += output[len] == '\n';
		if (!lab_has_prefix(output, "mdk-fuzz: "))
			printf("%.*s", (int)len, output);
	}
}

static int conclude(const struct fuzz_run *run)
{
	struct fuzz_boot shown = { 0 };
	char *input;
	int ret = LAB_OK;

	if (run->args->replay)
		print_events(run->boot.output);
	fuzz_tell(&run->boot);
	if (!fuzz_is_bad(&run->boot)) {
		printf("nothing was found\n");
		return LAB_OK;
	}
	input = fuzz_events_of(run->boot.output, "an input");
	if (!input)
		ret = ask_input(run, &shown);
	if (!ret)
		ret = fuzz_write_found(run, shown.output && !input ? shown.output :
								     run->boot.output);
	fuzz_boot_free(&shown);
	free(input);
	return ret;
}

static char *mode_of(const struct fuzz_run *run)
{
	if (run->args->replay)
		return lab_strdup("--replay /lab/replay.txt");
	return lab_fmt("--play %u %.0f", run->args->events, run->seconds);
}

static void announce(const struct fuzz_run *run)
{
	if (run->args->replay)
		return;
	printf("fuzz    in a guest, seed %u, at most ", run->seed);
	if (run->args->events)
		printf("%u events%s", run->args->events, run->seconds > 0 ? " and " : "\n");
	if (run->seconds > 0)
		printf("%.0f s\n", run->seconds);
	fflush(stdout);
}

static int run_in(struct fuzz_run *run)
{
	char *mode = mode_of(run);
	int ret;

	announce(run);
	ret = boot(run, mode, &run->boot);
	if (!ret)
		ret = conclude(run);
	free(mode);
	return ret;
}

int fuzz_in_guest(const struct args *args)
{
	const char *tree = args->operand ? args->operand : ".";
	struct fuzz_run run = { .args = args };
	int ret = check(args, &run);

	if (!ret)
		ret = session_check_what(tree);
	if (ret)
		return ret;
	run.tree = realpath(tree, NULL);
	run.type = args->types.count ? args->types.items[0] : NULL;
	run.dir = userspace_fuzz_folder(run.tree, run.type);
	run.seed = args->seed ? args->seed : (unsigned int)time(NULL);
	run.scratch = lab_scratch_tmp("mdev-sdk-fuzz-");
	ret = run.scratch ? run_in(&run) : LAB_CANNOT;
	fuzz_boot_free(&run.boot);
	lab_scratch_drop(run.scratch);
	free(run.dir);
	free(run.tree);
	return ret;
}
