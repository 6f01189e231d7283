// SPDX-License-Identifier: GPL-2.0-only
/* Processes of libFuzzer, until the time is up or one of them has found something. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

/* An input has so many seconds, and what one process has room for in MiB. */
#define INPUT_SECONDS 20
#define MEMORY_MB 2048
/* Bytes of an input: text, or a stream as libFuzzer has it. */
#define INPUT_MOST 16384
#define STREAM_MOST 1048576
/* For an end, behind the time; leaks are looked for then. */
#define END_SECONDS 60
/* Its exit status after a signal that asks it to end. */
#define LIBFUZZER_INTERRUPTED 72
/* How often people are told how it goes. */
#define TELL_SECONDS 30

struct job {
	pid_t pid;
	char *log;
	bool ended;
	int status;
};

void fuzz_environment(const struct fuzz *fuzz)
{
	char *structures = lab_fmt("%s/tests/structures.txt", fuzz->tree);

	if (fuzz->type)
		setenv("MDK_FUZZ_TYPE", fuzz->type, 1);
	if (lab_exists(structures))
		setenv("MDK_FUZZ_STRUCTURES", structures, 1);
	else
		unsetenv("MDK_FUZZ_STRUCTURES");
	free(structures);
	setenv("ASAN_OPTIONS", "quarantine_size_mb=64:handle_abort=1:redzone=2048", 0);
	setenv("UBSAN_OPTIONS", "print_stacktrace=1", 0);
}

void fuzz_words(const struct fuzz *fuzz, struct lab_list *argv)
{
	lab_list_add(argv, fuzz->fuzzer);
	lab_list_addf(argv, "-max_len=%d", fuzz->stream ? STREAM_MOST : INPUT_MOST);
	lab_list_addf(argv, "-timeout=%d", INPUT_SECONDS);
	lab_list_addf(argv, "-rss_limit_mb=%d", MEMORY_MB);
}

/* A folder of the tree, if it has one. */
static void add_folder(const struct fuzz *fuzz, const char *name, struct lab_list *argv)
{
	char *path = lab_fmt("%s/tests/%s", fuzz->tree, name);

	if (lab_is_dir(path))
		lab_list_add(argv, path);
	free(path);
}

static void job_words(const struct fuzz *fuzz, unsigned int nr, struct lab_list *argv)
{
	fuzz_words(fuzz, argv);
	lab_list_addf(argv, "-seed=%u", fuzz->seed + nr);
	lab_list_addf(argv, "-max_total_time=%u", (unsigned int)fuzz->seconds);
	lab_list_addf(argv, "-artifact_prefix=%s/found/%u-", fuzz->dir, nr);
	lab_list_add(argv, "-print_final_stats=1");
	/* What the others have found, each second: one alone does not depend on the clock. */
	lab_list_addf(argv, "-reload=%d", fuzz->jobs > 1);
	lab_list_addf(argv, "%s/corpus", fuzz->dir);
	if (!fuzz->stream) {
		add_folder(fuzz, "seeds", argv);
		return;
	}
	/* A stream is no better for being short. */
	lab_list_add(argv, "-len_control=0");
	lab_list_addf(argv, "%s/seeds", fuzz->dir);
}

static int job_start(const struct fuzz *fuzz, struct job *job, unsigned int nr)
{
	struct lab_list argv = { 0 };
	int log;

	job->log = lab_fmt("%s/log-%u", fuzz->dir, nr);
	job_words(fuzz, nr, &argv);
	job->pid = fork();
	if (!job->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		/* libFuzzer knows places by their addresses: one seed is one run, then. */
		personality(ADDR_NO_RANDOMIZE);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		log = open(job->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (log >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0)
			execv(fuzz->fuzzer, argv.items);
		_exit(LAB_CANNOT);
	}
	lab_list_free(&argv);
	return job->pid < 0 ? LAB_CANNOT : LAB_OK;
}

static bool job_ended(struct job *job)
{
	if (!job->ended && job->pid > 0 && waitpid(job->pid, &job->status, WNOHANG) == job->pid)
		job->ended = true;
	return job->ended;
}

static bool any_ended(struct job *jobs, unsigned int nr)
{
	bool any = false;

	for (unsigned int i = 0; i < nr; i++)
		any |= job_ended(&jobs[i]);
	return any;
}

static bool all_ended(struct job *jobs, unsigned int nr)
{
	bool all = true;

	for (unsigned int i = 0; i < nr; i++)
		all &= job_ended(&jobs[i]);
	return all;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
}

/* The number behind the last @word of the log; 0: there is none. */
static unsigned long last_number(const char *log, const char *word)
{
	const char *hit = NULL;

	for (const char *at = log; (at = strstr(at, word)); at++)
		hit = at;
	return hit ? strtoul(hit + strlen(word), NULL, 10) : 0;
}

/* "#1234	NEW    cov: 77 ft: ...", and at the end "stat::number_of_executed_units: 1234" */
static void count(struct fuzz *fuzz, const struct job *jobs)
{
	fuzz->executed = 0;
	for (unsigned int i = 0; i < fuzz->jobs; i++) {
		char *log = lab_read_file(jobs[i].log, NULL);
		unsigned long executed = log ? last_number(log, "number_of_executed_units:") : 0;
		unsigned long edges = log ? last_number(log, " cov: ") : 0;

		fuzz->executed += executed ? executed : log ? last_number(log, "\n#") : 0;
		fuzz->edges = edges > fuzz->edges ? edges : fuzz->edges;
		free(log);
	}
}

/* Of processes that have ended. */
static double processor_seconds(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_CHILDREN, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* @processor: seconds of processors', if they are known by now. */
static void tell(struct fuzz *fuzz, const struct job *jobs, double begin, double processor)
{
	double seconds = lab_now() - begin;

	count(fuzz, jobs);
	printf("%5.0f s  %lu inputs, %.0f a second, %lu edges", seconds, fuzz->executed,
	       fuzz->executed / (seconds > 0 ? seconds : 1), fuzz->edges);
	if (processor)
		printf("; %.0f s of processor time", processor);
	printf("\n");
	fflush(stdout);
}

static void wait_for(struct fuzz *fuzz, struct job *jobs, double begin)
{
	double told = begin, end = begin + fuzz->seconds + END_SECONDS;

	while (!any_ended(jobs, fuzz->jobs) && !lab_interrupted() && lab_now() < end) {
		nap();
		if (lab_now() - told < TELL_SECONDS)
			continue;
		told = lab_now();
		tell(fuzz, jobs, begin, 0);
	}
	/* All have the same time, and one that has found something ends the others. */
	for (end = lab_now() + 2; !all_ended(jobs, fuzz->jobs) && lab_now() < end;)
		nap();
}

static void stop(struct job *jobs, unsigned int nr)
{
	double end = lab_now() + END_SECONDS;

	for (unsigned int i = 0; i < nr; i++)
		if (jobs[i].pid > 0 && !job_ended(&jobs[i]))
			kill(jobs[i].pid, SIGINT);
	while (!all_ended(jobs, nr) && lab_now() < end)
		nap();
	for (unsigned int i = 0; i < nr; i++) {
		if (jobs[i].pid <= 0 || job_ended(&jobs[i]))
			continue;
		kill(jobs[i].pid, SIGKILL);
		waitpid(jobs[i].pid, &jobs[i].status, 0);
	}
}

static void list_found(const struct fuzz *fuzz, struct lab_list *found)
{
	char *path = lab_fmt("%s/found", fuzz->dir);
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lab_list_addf(found, "%s/%s", path, entry->d_name);
	if (dir)
		closedir(dir);
	free(path);
}

/* One that neither found anything nor came to its end could not run. */
static int check_end(const struct job *jobs, unsigned int nr, const struct lab_list *found)
{
	for (unsigned int i = 0; i < nr && !found->count; i++) {
		int status = WIFEXITED(jobs[i].status) ? WEXITSTATUS(jobs[i].status) : -1;

		if (!jobs[i].ended || !status || status == LIBFUZZER_INTERRUPTED)
			continue;
		lab_error("libFuzzer has ended, and says no input that did it; its log is %s", jobs[i].log);
		return LAB_CANNOT;
	}
	return LAB_OK;
}

int fuzz_drop(const char *path)
{
	if (!lab_exists(path) || !lab_remove_tree(path))
		return LAB_OK;
	lab_errno("cannot remove %s", path);
	return LAB_CANNOT;
}

static int make_folders(const struct fuzz *fuzz)
{
	char *found = lab_fmt("%s/found", fuzz->dir), *corpus = lab_fmt("%s/corpus", fuzz->dir);
	int ret = fuzz_drop(found);

	if (!ret)
		ret = lab_mkdir_p(found);
	if (!ret)
		ret = lab_mkdir_p(corpus);
	free(corpus);
	free(found);
	return ret;
}

int fuzz_run_jobs(struct fuzz *fuzz, struct lab_list *found)
{
	struct job *jobs = calloc(fuzz->jobs, sizeof(*jobs));
	double begin = lab_now(), before = processor_seconds();
	int ret = jobs ? make_folders(fuzz) : LAB_CANNOT;

	if (!ret)
		printf("fuzz    %u %s, seed %u, at most %.0f s; corpus %s/corpus\n", fuzz->jobs,
		       fuzz->jobs == 1 ? "process" : "processes", fuzz->seed, fuzz->seconds, fuzz->dir);
	fflush(stdout);
	for (unsigned int i = 0; !ret && i < fuzz->jobs; i++)
		ret = job_start(fuzz, &jobs[i], i);
	if (!ret)
		wait_for(fuzz, jobs, begin);
	if (jobs)
		stop(jobs, fuzz->jobs);
	if (!ret) {
		tell(fuzz, jobs, begin, processor_seconds() - before);
		list_found(fuzz, found);
		ret = lab_interrupted() ? LAB_CANNOT : check_end(jobs, fuzz->jobs, found);
	}
	for (unsigned int i = 0; jobs && i < fuzz->jobs; i++)
		free(jobs[i].log);
	free(jobs);
	return ret;
}
