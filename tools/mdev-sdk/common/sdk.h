/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command knows of itself, and of what .config chooses. */
#ifndef MDEV_SDK_SDK_H
#define MDEV_SDK_SDK_H

#include <stdbool.h>

#include "lab/kernel.h"

/* The folder of the SDK: $MDEV_SDK_ROOT, or the source tree or installed one of this program. */
const char *sdk_root(void);
/* Is it there? */
int sdk_check(void);
/* By make install or a package: what it was built of is not there. */
bool sdk_is_installed(void);

/* What is built on the way: below the SDK's folder, of an installed one in the user's cache. */
const char *sdk_build(void);
/* A program that comes with the command, such as mdev-poke; its path. */
char *sdk_program(const char *name);
int sdk_check_program(const char *path);

/* Its version, without a line break. */
const char *sdk_version(void);

/* kernel_get() of @wanted; NULL: of what .config chooses. */
int sdk_kernel_get(const char *wanted, bool update, struct kernel *kernel);
/* The same of the cache only: LAB_SKIPPED where it is not there. */
int sdk_kernel_peek(const char *wanted, struct kernel *kernel);
/* Are the framework's devices on the kernel's bus? @bus NULL: as .config says. */
int sdk_bus_is_kernel(const char *bus, bool *is);
/* What --help and the man page say of the whole command. */
extern const char sdk_about[], sdk_exit_status[];

/* How this program was called, for commands that the user can repeat. */
const char *sdk_command(void);

#endif
