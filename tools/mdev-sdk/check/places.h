/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found, what was not looked at, and what of it counts. */
#ifndef MDEV_SDK_CHECK_PLACES_H
#define MDEV_SDK_CHECK_PLACES_H

#include "check.h"

/* Takes all strings. */
void check_found(struct check *check, struct place place);
void check_gap(struct check *check, const char *path, unsigned int line, const struct rule *rule,
	       char *why);

/* Sorts, drops what was found twice, and marks what comments allow. */
void check_sort(struct check *check);

/* Marks what is known, or writes what is to be known. */
int check_baseline_read(struct check *check, const char *path);
int check_baseline_write(const struct check *check, const char *path);

size_t check_count(const struct check *check, enum severity severity);
size_t check_partly(const struct check *check);
int check_status(const struct check *check);
void place_free(struct place *place);

#endif
