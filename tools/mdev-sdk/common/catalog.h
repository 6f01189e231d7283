/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries of errors.txt, which is built into the program. */
#ifndef MDEV_SDK_CATALOG_H
#define MDEV_SDK_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

struct entry {
	const char *chapter;
	char *id, *title, *cause, *mend;
	char *says;		/* its message, with * for what changes; NULL: it has none */
	char *rule;		/* of mdev-sdk check, that finds it before it happens; or NULL */
	char *also;		/* parts of more messages, with " | " between them, or NULL */
};

struct catalog {
	struct entry *items;
	size_t count;
	char *text;		/* what chapters point into */
};

void catalog_load(struct catalog *catalog);
void catalog_free(struct catalog *catalog);

/* By id, whatever its case; NULL: there is none. */
const struct entry *catalog_find(const struct catalog *catalog, const char *id);

/* By a line of a log: the id in brackets at its end or, failing that, its words. */
const struct entry *catalog_match(const struct catalog *catalog, const char *line);

/* The id of a message of the command's own, NULL: it has none. */
const char *catalog_label(const char *line);

/* Entries of an errno, such as ENOSPC: *from is where to go on, 0 at first. */
const struct entry *catalog_errno(const struct catalog *catalog, const char *name, size_t *from);

#endif
