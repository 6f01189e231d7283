/* SPDX-License-Identifier: GPL-2.0-only */
/* What has changed since a revision of git. */
#ifndef MDEV_SDK_CHECK_SINCE_H
#define MDEV_SDK_CHECK_SINCE_H

#include "sources.h"

/* Marks what has not changed; LAB_USAGE or LAB_CANNOT after a message. */
int since_read(struct sources *sources, const char *revision);

#endif
