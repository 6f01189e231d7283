/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of events. */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include <stdio.h>

#include "event.h"

/* False, with a message: it cannot be read, or a line of it is wrong. */
bool file_read(const char *path, struct events *events);
/* Return: 0, or 3 with a message. */
int file_write(FILE *file, const struct events *events);

#endif /* FUZZ_FILES_H */
