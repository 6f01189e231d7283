/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a machine has its mediated devices: on the kernel's bus, and on that of bus=private. */
#ifndef MDEV_SDK_DOCTOR_MDEV_H
#define MDEV_SDK_DOCTOR_MDEV_H

#include "doctor.h"

#define PARENTS "/sys/class/mdev_bus"
#define DEVICES "/sys/bus/mdev/devices"

/* The folder that the parent or the device is in. */
const char *mdev_parents_dir(const struct doctor *doctor, const char *parent);
const char *mdev_devices_dir(const struct doctor *doctor, const char *uuid);

/* Adds those of both buses. Return: how many parents there are. */
size_t mdev_list_parents(const struct doctor *doctor, struct lab_list *parents);
void mdev_list_devices(const struct doctor *doctor, struct lab_list *uuids);

#endif
