/* SPDX-License-Identifier: GPL-2.0-only */
/* test --user --coverage: which lines of a driver its tests reached. */
#ifndef MDEV_SDK_TEST_COVERAGE_H
#define MDEV_SDK_TEST_COVERAGE_H

#include <stdio.h>

/* Forgets what earlier runs of the program counted. */
void coverage_begin(const char *program);
/* A table of the tree's files goes to @out, and where the HTML is. LAB_*. */
int coverage_report(FILE *out, const char *tree, const char *program);

#endif
