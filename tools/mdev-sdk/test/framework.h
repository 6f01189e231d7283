/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules of the framework that a guest gets. */
#ifndef MDEV_SDK_FRAMEWORK_H
#define MDEV_SDK_FRAMEWORK_H

#include "session.h"

/* Is --bus one that the framework knows? An answer of no comes with its message. */
int session_check_bus(const char *bus);

/* Adds the framework's modules, built for this kernel. */
int session_add_framework(struct session *session);

/* Adds those that only some drivers use, where one of the modules does. */
void session_add_on_demand(struct session *session);

#endif
