/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tables of a driver's model say of its devices, for who does not compile them. */
#ifndef MDK_USER_DESCRIBE_H
#define MDK_USER_DESCRIBE_H

#include <stdbool.h>

/*
 * As JSON (docs/schema/describe.json), in pieces: @put gets each with @data. Between user_start()
 * and user_stop(). False: the driver has no model, only layer 1, and nothing was said.
 */
bool user_describe(void (*put)(void *data, const char *text), void *data);

#endif /* MDK_USER_DESCRIBE_H */
