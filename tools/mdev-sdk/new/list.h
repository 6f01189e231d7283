/* SPDX-License-Identifier: GPL-2.0-only */
/* What new can start from. */
#ifndef MDEV_SDK_LIST_H
#define MDEV_SDK_LIST_H

#include <stdbool.h>

/* To standard output, a line each or as docs/schema/new-list.json has it. */
void kinds_list(bool json);

#endif
