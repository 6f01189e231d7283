/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boots of one run. A test that ends the guest's kernel gets that as its verdict, and the guest
 * is booted again to go on behind it: so each test has a verdict, and the results read as if all of
 * them came from one boot.
 */
#ifndef MDEV_SDK_AGAIN_H
#define MDEV_SDK_AGAIN_H

#include "lab/guest.h"
#include "lab/oops.h"

/* A guest may break off so many times; the tests behind that are not run. */
#define AGAIN_CRASHES 20

struct again {
	struct lab_buf output;		/* the KTAP of all boots, as of one */
	struct lab_buf log;		/* what all their kernels said */
	struct lab_buf judged;		/* the same, without what a test is blamed for */
	struct lab_list without;	/* "PATTERN=REASON" of tests not to be run */
	size_t from;			/* number of the test to go on with */
	unsigned int boots, crashes, most;
	bool whole;			/* the last test ended the kernel: that is all */
	const struct lab_list *names;	/* of the tests, where the log does not tell */
	const struct oops_source *source;
	FILE *out;			/* for people */
	const char *what;		/* that a test ends: "the kernel" */
};

/* @most: 0 stands for AGAIN_CRASHES. */
void again_init(struct again *again, unsigned int most);
void again_free(struct again *again);

/* Takes over what one boot has left. Return: boot again, with the options of again_options(). */
bool again_take(struct again *again, const struct guest_result *result);

/* Lines of the suite's KTAP: what stands before the first test, and behind the last one. */
bool again_is_head(const char *line);
bool again_is_end(const char *line);

/* The options that make mdev-conform go on, to be freed. */
char *again_options(const struct again *again);

/* The result of all boots, of which last was the last one; it holds nothing that is to be freed. */
struct guest_result again_result(const struct again *again, const struct guest_result *last);

#endif
