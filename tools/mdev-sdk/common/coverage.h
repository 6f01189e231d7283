/* SPDX-License-Identifier: GPL-2.0-only */
/* Which lines of a driver in user space were reached, as text and HTML. */
#ifndef MDEV_SDK_COVERAGE_H
#define MDEV_SDK_COVERAGE_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct coverage - what programs of one tree have counted
 * @tree: the driver's folder, whole
 * @framework: the files of framework/run/access too
 * @counts: where they count, of this run alone
 * @pages: the folder of the HTML
 * @part: another command started this one, and reports what both have counted
 * @wants_folders: gcovr ends where it does not find the folder of a compilation, unless told not to
 */
struct coverage {
	const char *tree;
	bool framework;
	char *counts, *pages;
	bool part, wants_folders;
};

/*
 * What this process starts from now on counts into a folder of this run's own, if it was built for
 * that. LAB_*.
 */
int coverage_begin(struct coverage *coverage, const char *tree, bool framework);
/* A table goes to @out, and where the HTML is. LAB_*. */
int coverage_report(const struct coverage *coverage, FILE *out);
void coverage_end(struct coverage *coverage);

/* Of the framework this folder is looked at. */
#define COVERAGE_FRAMEWORK "framework/run/access"

/* coverage_table.c: the table of gcovr's JSON; of the framework too, unless that is NULL. LAB_* */
int coverage_table(const char *driver, const char *framework, FILE *out);

#endif
