/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What sysfs is for a kernel's devices, for those of a server of vfio-user: a socket beside the
 * devices' own, PATH.control, takes commands of one line: framework/user/server/control.h.
 * A server of somebody else has none; then the device at PATH is all that there is.
 */
#ifndef CONFORM_CONTROL_H
#define CONFORM_CONTROL_H

#include "mdev.h"

#define CONTROL_PATH	108
/* What the device of a server without commands is called. */
#define CONTROL_ALONE	"the device at the socket"

/* The device at @path, and commands beside it if there are any. */
void control_use(const char *path);
/* Devices are those of a server; and it takes commands. */
bool control_active(void);
bool control_commands(void);
/* The server that took them is not there any more. */
bool control_gone(void);

/* As those of mdev.h, bytes, a number, 0, or -errno. */
int control_find(struct parent *p, char *why, size_t len);
ssize_t control_create(const char *type, const char *uuid);
int control_remove(const char *uuid);
/* It has a socket, whose path is PATH, a dot and the UUID. */
bool control_exists(const char *uuid);
int control_socket(const char *uuid, char path[CONTROL_PATH]);
long control_available(const char *type);
ssize_t control_attr_read(const char *uuid, const char *file, char *buf, size_t len);
ssize_t control_attr_write(const char *uuid, const char *file, const void *buf, size_t len);
/* A file of debugfs: the parent's registers, a device's counters. */
ssize_t control_page(const char *name, char *buf, size_t len);
/* The process that takes commands, or -1. */
pid_t control_pid(void);
/* A line for the server's log. */
void control_say(const char *what, const char *name);

/* Why a test does not apply to a server's devices; NULL: it does. */
const char *control_without(const char *test);

#endif
