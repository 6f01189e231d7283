/* SPDX-License-Identifier: GPL-2.0-only */
/* The boots of a session. */
#ifndef MDEV_SDK_RUN_H
#define MDEV_SDK_RUN_H

#include "session.h"

/* Boots, writes the files, judges, prints. */
int session_run(struct session *session);

#endif
