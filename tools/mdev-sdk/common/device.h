/* SPDX-License-Identifier: GPL-2.0-only */
/* A device that an administrator has created on this host, for the verbs that open one. */
#ifndef MDEV_SDK_DEVICE_H
#define MDEV_SDK_DEVICE_H

/*
 * What this host must have for a device of its own to be opened: before anything else is asked.
 * @what opens it, for the sentence. Return: LAB_OK, or an exit status after that.
 */
int device_check_host(const char *what, const char *uuid);

/* Is the device there, and not open? @why it must not be, for the sentence. Return: likewise. */
int device_check(const char *uuid, const char *why);

#endif
