/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of a kernel's log that say that something is wrong. Plain C: a guest's programs ask too. */
#ifndef LAB_SPLAT_H
#define LAB_SPLAT_H

#include <stdbool.h>
#include <stddef.h>

/* The message of a console line, without "[    1.234567] " and the task after it. */
const char *splat_message(const char *line);

/* Begins a report of the kernel against itself there? */
bool splat_begins(const char *line, size_t len);

/* Does the framework tell of a mistake in the driver's code there? */
bool splat_is_mistake(const char *line, size_t len);

#endif
