/* SPDX-License-Identifier: GPL-2.0-only */
/* mdev-sdk fuzz, inside: a run of libFuzzer, and what comes of it. */
#ifndef MDEV_SDK_FUZZ_H
#define MDEV_SDK_FUZZ_H

#include "common/args.h"
#include "lab/lab.h"

/* fuzz without --kernel: libFuzzer with the driver, or one file that is played. */
int fuzz_in_process(const struct args *args);

/**
 * struct fuzz - a run
 * @tree: the driver's folder, whole
 * @type: of the device, or NULL
 * @dir: below build/: where all of it is
 * @stream: inputs are streams of a migration
 * @fuzzer: libFuzzer with the driver; of streams it plays one, too
 * @player: plays files of events, under AddressSanitizer and UndefinedBehaviorSanitizer
 * @seconds: how long
 * @jobs: processes
 * @seed: of the first one
 * @executed: inputs
 * @edges: that were reached
 */
struct fuzz {
	char *tree;
	const char *type;
	char *dir;
	bool stream;
	char *fuzzer, *player;
	double seconds;
	unsigned int jobs;
	unsigned int seed;
	unsigned long executed;
	unsigned long edges;
};

/* jobs.c: runs libFuzzer. Files that it has found something with go to @found. */
int fuzz_run_jobs(struct fuzz *fuzz, struct lab_list *found);
/* Words of a call of libFuzzer that all have in common. */
void fuzz_words(const struct fuzz *fuzz, struct lab_list *argv);
/* Ditto for its surroundings, of this process and so of all that it starts. */
void fuzz_environment(const struct fuzz *fuzz);

/* A file or folder, if it is there. */
int fuzz_drop(const char *path);

/* crashes.c: says what it is, and writes the least part of it. Return: LAB_FOUND. */
int fuzz_report(const struct fuzz *fuzz, const char *found, bool merge);

/* streams.c: the same of a stream; and the seeds of a run. Return: LAB_FOUND if one is one. */
int fuzz_report_stream(const struct fuzz *fuzz, const char *found);
int fuzz_make_streams(const struct fuzz *fuzz);

/* What libFuzzer has found and its player has not. */
void fuzz_say_not_again(const char *found);

/* What it is called: words of a report as the name of a file. To be freed. */
char *fuzz_name_of(const char *key);

/* merge.c: the fewest inputs of all that reach the same, as files of the tree. */
int fuzz_merge(const struct fuzz *fuzz);

/* coverage.c: what tests and corpus reach together, with framework/run/access or without. */
int fuzz_coverage(const struct fuzz *fuzz, bool framework);

#endif
