/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz --kernel, inside: a run of the fuzzer in a guest, and what has come of it. */
#ifndef MDEV_SDK_TEST_FUZZ_H
#define MDEV_SDK_TEST_FUZZ_H

#include "common/args.h"
#include "session.h"

/**
 * struct fuzz_boot - what one boot has left
 * @output: of the guest's program
 * @log: of its kernel
 * @report: the first report of the kernel against itself, or NULL
 * @status: of the program; -1: it did not come to its end
 * @slow: the time of the guest was up
 */
struct fuzz_boot {
	char *output;
	char *log;
	char *report;
	int status;
	bool slow;
};

/**
 * struct fuzz_run - a run of the verb
 * @args: of the command line
 * @tree: the driver's folder, whole
 * @type: of the device, or NULL
 * @dir: below build/: what is found goes to its folder crashes
 * @scratch: for files of the guest
 * @seed: of the inputs
 * @seconds: at most, 0: no limit
 * @boot: of the guest that has played
 */
struct fuzz_run {
	const struct args *args;
	char *tree;
	const char *type;
	char *dir;
	char *scratch;
	unsigned int seed;
	double seconds;
	struct fuzz_boot boot;
};

void fuzz_boot_free(struct fuzz_boot *boot);

/* Has the run shown that something is wrong? */
bool fuzz_is_bad(const struct fuzz_boot *boot);

/* The events that the program has printed as "an input", "all inputs"; NULL, or to be freed. */
char *fuzz_events_of(const char *output, const char *what);

/* Number of the last input that was begun by the kernel's log; false: none was. */
bool fuzz_last_input(const char *log, unsigned long *nr);

/* How much was done, and who has watched. */
void fuzz_tell(const struct fuzz_boot *boot);

/* Writes the events of @output with which something was found, and says how they are played. */
int fuzz_write_found(const struct fuzz_run *run, const char *output);

#endif
