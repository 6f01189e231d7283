/* SPDX-License-Identifier: GPL-2.0-only */
/* test --user: the files of events of a tree, tests/crashes and tests/seeds, a result each. */
#ifndef MDEV_SDK_USER_FILES_H
#define MDEV_SDK_USER_FILES_H

#include <stdbool.h>

#include "common/args.h"

/* A suite of which no test was chosen. */
#define USER_FILES_ALONE "KTAP version 1\n1..0\n# mdev-conform: end\n"

/* Are there files whose tests --only and --skip choose? */
bool user_files_any(const char *tree, const struct args *args);

/* The suite's KTAP with their results behind its own, to be freed. */
char *user_files_play(const char *tree, const struct args *args, const char *ktap);

#endif
