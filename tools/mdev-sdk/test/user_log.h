/* SPDX-License-Identifier: GPL-2.0-only */
/* What sanitizers say, in the form in which a kernel would have said it. */
#ifndef MDEV_SDK_USER_LOG_H
#define MDEV_SDK_USER_LOG_H

/* A copy of the log, to be freed, in which each report begins with "BUG: " and its place in the tree. */
char *user_log(const char *log, const char *tree);

#endif
