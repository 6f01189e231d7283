/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has which mediated device open. */
#ifndef MDEV_SDK_DOCTOR_USERS_H
#define MDEV_SDK_DOCTOR_USERS_H

#include "doctor.h"

/*
 * What processes have open, "PID TARGET" each. Return: false if somebody else's descriptors are
 * hidden from us.
 */
bool users_find(const struct doctor *doctor, struct lab_list *users);

/* "qemu (pid 7)", to be freed. */
char *users_process(const struct doctor *doctor, const char *pid);

/* The processes that hold the device, with commas, to be freed; NULL: none. */
char *users_of_device(const struct doctor *doctor, const struct lab_list *users, const char *uuid);

#endif
