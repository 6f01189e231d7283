/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs that make and renew a driver's tree, each in the file of its name. */
#ifndef MDEV_SDK_NEW_H
#define MDEV_SDK_NEW_H

#include "common/args.h"

int cmd_new(const struct args *args);
int cmd_upgrade(const struct args *args);

#endif
