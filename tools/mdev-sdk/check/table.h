/* SPDX-License-Identifier: GPL-2.0-only */
/* tools/cocci/names, as check reads it: which names rules know, and lists of them. */
#ifndef MDEV_SDK_CHECK_TABLE_H
#define MDEV_SDK_CHECK_TABLE_H

#include <stdbool.h>

#include "lab/lab.h"

struct table_row {
	char *family, *role;
	struct lab_list names;
};

struct table {
	struct table_row *rows;
	size_t count;
};

/* LAB_CANNOT after a message. */
int table_load(struct table *table);
void table_free(struct table *table);

/* Adds the names of a family's rows to list, each once; false: there is no such family. */
bool table_names(const struct table *table, const char *family, struct lab_list *list);

/*
 * The text of a rule, with the names of families in the place of "names(FAMILY, FAMILY...)" and the
 * separator between them; to be freed. NULL: it asks for a family that there is not.
 */
char *table_expand(const char *text, const char *separator);

#endif
