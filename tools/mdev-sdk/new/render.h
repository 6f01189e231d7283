/* SPDX-License-Identifier: GPL-2.0-only */
/* From a design to the files of a tree. */
#ifndef MDEV_SDK_RENDER_H
#define MDEV_SDK_RENDER_H

#include "design.h"

/*
 * Writes the tree of a design to the folder into: templates, pages, and the record of what was
 * written. The names of the files, relative to the folder and sorted, go to made.
 */
int render_tree(const struct design *design, const char *into, struct lab_list *made);

/* Where the SDK is on this machine: nothing of the tree, which travels, and in no record of it. */
#define LOCAL_NAME "local.mk"
int render_local(const char *into);

#endif
