/* SPDX-License-Identifier: GPL-2.0-only */
/* Which modules a guest needs, and in what order, by libkmod. */
#ifndef LAB_MODULES_H
#define LAB_MODULES_H

#include <stdbool.h>

#include "kernel.h"

struct module {
	char *name;		/* as lsmod shows it */
	char *path;		/* of the .ko, perhaps compressed */
	char *options;		/* "" if none */
};

struct module_plan {
	struct module *items;	/* in load order */
	size_t count;
};

/*
 * Plans the loading of given (files, each perhaps with options after a space) and wanted (names of
 * the kernel's own), with all that they need; what they would like (softdep) where it is there.
 */
int modules_plan(const struct kernel *kernel, const struct lab_list *wanted,
		 const struct lab_list *given, struct module_plan *plan);
void modules_plan_free(struct module_plan *plan);

/* The name of the module in a file: no folder, no .ko, '-' turned into '_'. */
char *module_name(const char *path);

/* One value of a module's information (vermagic, depends, ...), or NULL. */
char *module_info(const char *path, const char *key);

/* Does the module in a file name that one among those it needs? */
bool module_needs(const char *path, const char *module);

#endif
