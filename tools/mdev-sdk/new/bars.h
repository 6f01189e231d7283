/* SPDX-License-Identifier: GPL-2.0-only */
/* --bar: parsed and checked. */
#ifndef MDEV_SDK_BARS_H
#define MDEV_SDK_BARS_H

#include "design.h"

/* Takes the value of one --bar. *given: the indexes so far, a bit each. */
int bars_add(struct design *design, const char *text, unsigned int *given);

/* Of 64 bits: each has an upper half, and nobody else is in it. */
int bars_check_neighbours(const struct design *design);

/* Is the index free, and not the upper half of its neighbour? */
bool bars_free(const struct design *design, unsigned int index);

#endif
