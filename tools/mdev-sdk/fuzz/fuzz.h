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
 * @fuzzer: libFuzzer with the driver
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

/* merge.c: the fewest inputs of all that reach the same, as files of the tree. */
int fuzz_merge(const struct fuzz *fuzz);

/* coverage.c: what tests and corpus reach together, with framework/run/access or without. */
int fuzz_coverage(const struct fuzz *fuzz, bool framework);

#endif
