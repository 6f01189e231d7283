/* SPDX-License-Identifier: GPL-2.0-only */
/* From a driver's folder, or its built module, to a session that can boot. */
#ifndef MDEV_SDK_PREPARE_H
#define MDEV_SDK_PREPARE_H

#include "session.h"

/*
 * Takes a driver, a folder or a built module, for this kernel (NULL: the default): builds it, adds
 * its modules, its expected skips and its test.conf.
 */
int session_prepare(struct session *session, const char *what, const char *kernel);

/* Is there a folder or file of that name? An answer of no comes with its message. */
int session_check_what(const char *what);

/* The list of skips of a driver's folder, if it has one. */
int session_expect_beside(struct session *session, const char *folder);

/* Takes over what folder/test.conf says. */
int session_read_conf(struct session *session, const char *folder);

#endif
