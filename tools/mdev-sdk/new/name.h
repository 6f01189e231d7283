/* SPDX-License-Identifier: GPL-2.0-only */
/* Which names a driver may have. */
#ifndef MDEV_SDK_NAME_H
#define MDEV_SDK_NAME_H

#include <stdbool.h>

/* NULL if the form of the name is right, else what is wrong with it, to be freed. */
char *name_wrong(const char *name);

/*
 * Where a kernel module of that name is listed (a path, to be freed), or NULL. Looks at the kernels
 * in the cache and those of this machine; '-' and '_' are the same in a module's name.
 */
char *name_taken(const char *name);

/* Does a list of modules in the format of modules.dep or modules.builtin have the name? */
bool name_listed(const char *list, const char *name);

#endif
