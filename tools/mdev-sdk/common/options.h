/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with the options on a command line. */
#ifndef MDEV_SDK_OPTIONS_H
#define MDEV_SDK_OPTIONS_H

#include "args.h"

/* Are the options there, each with what it needs? LAB_USAGE comes after a sentence of why not. */
int options_check(const struct verb *verb, int argc, char **argv);

#endif
