/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets that have a name in the file system, for their owner alone. */
#ifndef MDK_USER_SOCKETS_H
#define MDK_USER_SOCKETS_H

#include "log.h"

/* What may be added to a path, such as ".control" or a dot and a UUID. */
#define SOCKET_PATH	108
#define SOCKET_SUFFIX	37

/*
 * Listens there. What a dead server has left is replaced; a live one's, and what is no socket, is
 * not. -1: @why is set.
 */
int socket_listen(const char *path, struct why *why);

#endif
