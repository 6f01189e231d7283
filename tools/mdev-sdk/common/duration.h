/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MDEV_SDK_DURATION_H
#define MDEV_SDK_DURATION_H

/* What --time says: "90", "90s", "10m", "2h". An answer of no comes with its message. */
int duration_of(const char *text, double *seconds);

#endif
