/* SPDX-License-Identifier: GPL-2.0-only */
/* The program of the tests: mdev-conform, with the tests of a driver's tree behind the suite's. */
#ifndef MDEV_SDK_PROGRAM_H
#define MDEV_SDK_PROGRAM_H

/*
 * *path: the program, to be freed. tree: a folder whose tests/ has C files, which are built into
 * it; with any other, or NULL, it is the suite's alone.
 */
int program_get(const char *tree, char **path);

#endif
