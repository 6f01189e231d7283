/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The tests of a driver's tree, MDK_TEST(), as a part of the suite. */
#ifndef CONFORM_VENDOR_TESTS_H
#define CONFORM_VENDOR_TESTS_H

#include "suite.h"

/*
 * Makes groups of them. Return: 0, or -1 with a sentence in @why: a file named like a group of
 * @suite, two tests of one name, too many.
 */
int vendor_load(const struct group *suite, char *why, size_t len);
/* One for each file, in the order of the source; ends with one without a name. */
const struct group *vendor_groups(void);

#endif
