/* SPDX-License-Identifier: GPL-2.0-only */
/* What the values of --bar, --irq, --pci-id and --parent are made of. */
#ifndef MDEV_SDK_FLAG_H
#define MDEV_SDK_FLAG_H

#include <stdbool.h>

#include "lab/lab.h"

/* The parts of a flag's value, divided by colons or the like; items of list. */
void flag_split(const char *text, const char *by, struct lab_list *list);

/* A decimal number up to max, all of the text; -1 for anything else. */
long flag_number(const char *text, long max);

/* Four hex digits, a colon and four hex digits. */
bool flag_pci_id(const char *text, unsigned int *vendor, unsigned int *device);

/* May a device have this vendor? */
bool flag_vendor_exists(unsigned int vendor);

#endif
