/* SPDX-License-Identifier: GPL-2.0-only */
/* A device of this host, tested as it is. */
#ifndef MDEV_SDK_LIVE_H
#define MDEV_SDK_LIVE_H

#include "common/args.h"
#include "session.h"

/*
 * Tests the device uuid of this host, which is there and not open, with mdev-conform's options in
 * conform_args: no guest, and the kernel that runs.
 */
int session_run_live(struct session *session, const char *uuid, const struct args *args);

#endif
