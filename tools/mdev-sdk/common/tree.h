/* SPDX-License-Identifier: GPL-2.0-only */
/* A driver's tree: a working copy for each kernel, and its build. */
#ifndef MDEV_SDK_TREE_H
#define MDEV_SDK_TREE_H

#include "lab/kernel.h"

/* What `new` and `upgrade` keep in a tree that they have made, new/record.h. */
#define RECORD_NAME ".mdev-sdk"

/*
 * Brings a copy of tree below build/RELEASE/trees up to date, without build products, builds the
 * framework and the copy, and adds the modules that came out to modules: copies of this run, which
 * go when it ends. *copy: where the tree's is, to be freed.
 */
int tree_build(const char *tree, const struct kernel *kernel, struct lab_list *modules,
	       char **copy);

/*
 * Builds the copy with sparse on every source. *copy: where it is, *log: what make printed; both to
 * be freed. A failure is no message: *why has it.
 */
int tree_sparse(const char *tree, const struct kernel *kernel, char **copy, char **log, char **why);

/*
 * Can kbuild take that path? An answer of no is LAB_USAGE after a message; what is its owner, such
 * as "the driver's folder". A tree that is only tested is copied below the SDK: that one matters.
 */
int tree_check_path(const char *what, const char *path);
int tree_check_sdk(void);

/* Is tree the folder of a driver? An answer of no comes with its message. */
int tree_check(const char *tree);

/* Makes the folder to a copy of from; what was built in it stays. */
int tree_sync(const char *from, const char *to);

/* The folder in trees for a copy of path, to be freed; trees of one name may lie in many places. */
char *tree_copy_of(const char *trees, const char *path);

/* What a make above this one was told is not meant for a tree's build. */
void tree_forget_outer_make(void);

/* The compiler's complaints in a log, with the tree's path for that of its copy. */
void tree_print_failure(const char *tree, const char *copy, const char *log);

/* Is this a file that a build makes? */
bool tree_is_product(const char *name);

#endif
