/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel has in sysfs and debugfs, over a socket beside the devices' own: lines of text, for
 * the conformance suite, and for a person with socat.
 *
 *   parent                      the parent's name
 *   parent EVENT                what happens to it: user_parent_event() of device.h
 *   types                       a line each
 *   available TYPE              how many more can be created
 *   create TYPE UUID            its socket's path is the answer
 *   remove UUID
 *   socket UUID                 its socket's path
 *   devices                     a line each: UUID, type, socket
 *   read UUID FILE              one of the driver's own files
 *   write UUID FILE LENGTH      so many bytes follow the line
 *   page NAME                   a file of the parent in debugfs
 *   say LENGTH                  so many bytes follow the line, for the log
 *
 * The answer is a line, "ok LENGTH" and so many bytes, or "error ERRNO".
 */
#ifndef MDK_USER_CONTROL_H
#define MDK_USER_CONTROL_H

#include "log.h"

/* @path: of the first device's socket; that of another one is @path, a dot, and its UUID. */
bool control_start(const char *path, struct why *why);
void control_end(void);

#endif
