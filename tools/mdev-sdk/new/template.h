/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates: folders of files in which a few words stand for others. */
#ifndef MDEV_SDK_TEMPLATE_H
#define MDEV_SDK_TEMPLATE_H

#include <stddef.h>

#include "lab/lab.h"

/*
 * A word without a replacement (to is NULL) drops each line that holds it, so a word that stands
 * for nothing ("") at the start of a line is a condition. A replacement may have several lines.
 */
struct word {
	const char *from, *to;
};

/* The text with each word replaced, to be freed; its length is in *len, before and after. */
char *template_expand(const char *text, size_t *len, const struct word *words, size_t count);

/* Writes the folder from to the new folder to; names of files go to made, relative to it. */
int template_copy(const char *from, const char *to, const struct word *words, size_t count,
		  struct lab_list *made);

#endif
