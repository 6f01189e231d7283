/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of the machine that doctor looks at, below $MDK_ROOT. */
#ifndef MDEV_SDK_DOCTOR_ROOT_H
#define MDEV_SDK_DOCTOR_ROOT_H

#include "doctor.h"

/* Paths begin with a slash; what is returned is allocated. */
char *root_path(const struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool root_exists(const struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Without its last line break; NULL: it cannot be read. */
char *root_read(const struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Where a link points to, or the last part of that; NULL: there is no link. */
char *root_link(const struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *root_link_name(const struct doctor *doctor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Names in a folder, sorted, without those that begin with a dot. Returns 0 or an errno. */
int root_list(const struct doctor *doctor, struct lab_list *names, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A program by $PATH below the root, or NULL. */
char *root_program(const struct doctor *doctor, const char *name);
void names_sort(struct lab_list *names);
/* "a, b and c"; "" for none. */
char *names_joined(const struct lab_list *names);

#endif
