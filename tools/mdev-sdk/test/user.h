/* SPDX-License-Identifier: GPL-2.0-only */
/* test --user: the driver as a process, and the suite as its client. */
#ifndef MDEV_SDK_TEST_USER_H
#define MDEV_SDK_TEST_USER_H

#include "common/args.h"
#include "session.h"

/* What was announced to the session is run; its program is built already. */
int session_run_user(struct session *session, const char *tree, const struct args *args);

#endif
