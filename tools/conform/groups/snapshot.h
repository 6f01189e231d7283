/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a device shows of itself, and whether it still does. */
#ifndef CONFORM_SNAPSHOT_H
#define CONFORM_SNAPSHOT_H

#include "region_access.h"

/* Of the start of each region. There is one set of them, the last. */
void take_snapshots(const struct regions *rs);

/* Compares with what the device behind @fd shows now. */
void compare_snapshots(int fd, const char *need);

/* The device must still be what it was, also if memory that was freed has been used again. */
void check_alive(const struct regions *rs, int fd);

#endif
