/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of the folder that is checked. */
#ifndef MDEV_SDK_CHECK_SOURCES_H
#define MDEV_SDK_CHECK_SOURCES_H

#include <stdbool.h>

#include "lab/lab.h"
#include "rules.h"

#define SOURCE_WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

struct line_range {
	unsigned int first, last;
};

/* A file below the folder that is checked. */
struct source {
	char *path;		/* as the user gets to see it */
	const char *name;	/* below the folder: a part of path */
	char *text;		/* NULL: cannot be read */
	char *seen;		/* as rules see it, where that is not the text: aliases.h */
	char *copy;		/* of those: a file with it */
	size_t len;
	char **words;		/* sorted, each once */
	size_t word_count;
	char *word_text;
	bool looked_at;		/* by any rule of ours */
	bool same;		/* it has not changed, and nothing is looked for in it */
	struct line_range *changed;	/* of one that has changed; NULL: all of it */
	size_t nr_changed;
	bool partly;		/* something of it was not */
};

struct sources {
	char *folder;		/* without a slash at its end; of a single file: where it is */
	struct lab_list links;	/* to folders, which are not followed */
	struct source *items;	/* sorted by path */
	size_t count;
};

/* Finds C files and headers; LAB_USAGE or LAB_CANNOT after a message. */
int sources_load(struct sources *sources, const char *operand);

/* The folder, also of a single file that was named without one. */
const char *sources_dir(const struct sources *sources);

struct source *sources_find(const struct sources *sources, const char *path);
void sources_free(struct sources *sources);

/* May the rule find something there? */
bool source_concerns(const struct source *source, const struct rule *rule);

/* By the name of its copy. */
struct source *sources_find_copy(const struct sources *sources, const char *path);

/* Is the line one to look at? 0: any of the file. */
bool source_changed(const struct source *source, unsigned int line);

/* Rules see that in the place of its text; it is the source's then. */
void source_set_seen(struct source *source, char *seen);

/* Line from 1 on; to be freed. Blanks are squeezed. */
char *source_line(const struct source *source, unsigned int line);

/* The function that a line is in, "" if none; to be freed. */
char *source_function(const struct source *source, unsigned int line);

/* What rules see, with comments blanked, of the same length; to be freed. */
char *source_code(const struct source *source);

#endif
