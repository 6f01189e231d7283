/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of a tree that stand for one that rules know, such as os_copy_from_user. Rules of all kinds
 * get the tree with the known names in the place of these, in the same lines.
 */
#ifndef MDEV_SDK_CHECK_ALIASES_H
#define MDEV_SDK_CHECK_ALIASES_H

#include <stdbool.h>

#include "lab/lab.h"
#include "known.h"
#include "sources.h"
#include "table.h"

enum alias_by { ALIAS_GIVEN, ALIAS_BODY, ALIAS_NAME };

struct alias {
	char *name, *api;
	enum alias_by by;
	bool plain;		/* what comes back is what the API returned */
	char *path;		/* ALIAS_BODY: where, in lines line to end */
	unsigned int line, end;
	size_t uses;
};

struct aliases {
	struct alias *items;
	size_t count;
	char *folder;		/* where rewritten sources are to be, or NULL */
};

/* "WRAPPER=API"; where says what it stands in, for messages. LAB_USAGE after one. */
int aliases_add(struct aliases *aliases, const char *text, const char *where);
int aliases_add_pair(struct aliases *aliases, const char *name, const char *api, const char *where);
int aliases_read(struct aliases *aliases, const char *path);

/* NULL: it is none. */
struct alias *aliases_find_name(const struct aliases *aliases, const char *name, size_t len);

/* Is each API known? Where one is not: LAB_USAGE after a message. */
int aliases_check(const struct aliases *aliases, const struct known *known);

/* Finds more, by names and by bodies. */
void aliases_find(struct aliases *aliases, const struct table *table, const struct known *known,
		  const struct sources *sources);

/* Writes what rules are to see below aliases->folder, and indexes it. */
int aliases_apply(struct aliases *aliases, struct sources *sources);

/* The text with known names; bodies: also where the tree has what an alias does. To be freed. */
char *aliases_text(struct aliases *aliases, const char *text, bool bodies);

/* A column of the rewritten line as one of the line. */
unsigned int aliases_column(const struct source *source, unsigned int line, unsigned int column);

/* The aliases that a line has, or, for an API that the message names, its function; or NULL. */
char *aliases_note(const struct aliases *aliases, const struct source *source, unsigned int line,
		   const char *message);

/* Is the line in the body of an alias, or does it use one that does not concern such a rule? */
bool aliases_excuse(const struct aliases *aliases, const struct source *source, unsigned int line,
		    enum rule_aliases which);

void aliases_free(struct aliases *aliases);

#endif
