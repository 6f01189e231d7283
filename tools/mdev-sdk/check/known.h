/* SPDX-License-Identifier: GPL-2.0-only */
/* The names that rules know. */
#ifndef MDEV_SDK_CHECK_KNOWN_H
#define MDEV_SDK_CHECK_KNOWN_H

#include "rules.h"
#include "sources.h"
#include "table.h"

struct known {
	struct lab_list names;		/* sorted */
	struct lab_list telling;	/* those that not each module of the kernel has */
};

void known_load(struct known *known, const struct table *table, const struct rules *rules);
void known_free(struct known *known);
bool known_has(const struct known *known, const char *name);

/* NULL: nothing is near. */
const char *known_nearest(const struct known *known, const char *name);

/* Is one of those that tell something in the code of any source, as rules see it? */
bool known_anywhere(const struct known *known, const struct sources *sources);

#endif
