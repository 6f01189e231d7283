/* SPDX-License-Identifier: GPL-2.0-only */
/* TREE/check.conf: what would else be typed at each check of a tree. */
#ifndef MDEV_SDK_CHECK_CONF_H
#define MDEV_SDK_CHECK_CONF_H

#include <stdbool.h>

#include "aliases.h"

/* "allow = RULE FILE: REASON"; FILE, below the folder, may have * and ?. */
struct allowance {
	char *rule, *file;
};

struct checkconf {
	struct allowance *allowances;
	size_t count;
	char *baseline, *kernel;
};

/* Reads folder/check.conf; where there is none, nothing is set. */
int checkconf_read(const char *folder, const struct rules *rules, struct aliases *aliases,
		   struct checkconf *conf);
bool checkconf_allows(const struct checkconf *conf, const char *rule, const char *file);
void checkconf_free(struct checkconf *conf);

#endif
