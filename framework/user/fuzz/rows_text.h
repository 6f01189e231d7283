/* SPDX-License-Identifier: GPL-2.0-only */
/* What a model says of a device, as text: for a program that has not the driver in it. */
#ifndef FUZZ_ROWS_TEXT_H
#define FUZZ_ROWS_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "rows.h"

/* Characters of the name of a type. */
#define ROWS_TYPE 64

/* @rows: NULL where the driver has no model. False: it could not be written. */
bool rows_write(FILE *file, const char *type, const struct user_rows *rows);
/*
 * What that has written. *rows: NULL where the driver has no model; it stays for the life of the
 * process. False: the file is not whole.
 */
bool rows_read(FILE *file, char type[ROWS_TYPE], struct user_rows **rows);

#endif /* FUZZ_ROWS_TEXT_H */
