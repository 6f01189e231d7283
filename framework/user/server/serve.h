/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices of the process, each with a socket of its own, and their clients. */
#ifndef MDK_USER_SERVE_H
#define MDK_USER_SERVE_H

#include <stddef.h>

#include "../device.h"
#include "log.h"
#include "sockets.h"

#define SERVE_UUID	37

/*
 * Creates a device, and listens for its clients at @path: one at a time, the next one when that is
 * gone. 0, or -errno with a sentence.
 */
int serve_create(const char *type, const char *uuid, const char *path, struct why *why);
/* -EBUSY while it has a client; -ENODEV: there is none. */
int serve_remove(const char *uuid);
/* Ends all clients and removes all devices. */
void serve_end(void);

/*
 * Calls @fn with the device, which stays meanwhile. What it returns, or -ENODEV.
 */
ssize_t serve_with(const char *uuid, ssize_t (*fn)(struct user_device *dev, void *arg), void *arg);
/* A line for each: UUID, type, socket. */
void serve_list(char *text, size_t size);
/* Where its socket is; -ENODEV. */
int serve_path(const char *uuid, char path[SOCKET_PATH]);

#endif
