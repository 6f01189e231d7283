/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * .mdev-sdk in a tree: the version, kind and flags it was generated with, a line each, and all
 * files as they were then, as a tar.gz in base64, so that a later SDK can say what changed.
 */
#ifndef MDEV_SDK_RECORD_H
#define MDEV_SDK_RECORD_H

#include "design.h"

struct record_file {
	char *name;
	char *text;
};

struct record {
	char *version, *name, *kind, *pci, *parent;
	struct lab_list bars, irqs;
	struct record_file *files;
	size_t nr_files;
};

/* Records the files of the folder tree, names relative to it. */
int record_write(const struct design *design, const char *tree, const struct lab_list *names);

/* LAB_USAGE after a message where tree has none. */
int record_read(const char *tree, struct record *record);
void record_free(struct record *record);

/* The text of a file then, or NULL. */
const char *record_text(const struct record *record, const char *name);

#endif
