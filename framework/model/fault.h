/* SPDX-License-Identifier: GPL-2.0-only */
/* How the files of this folder report a fault of a model. */
#ifndef MDK_FAULT_H
#define MDK_FAULT_H

#include <mdk/types.h>

struct mdk_desc;

/*
 * Reports one fault. @id: M and a number, with an entry in tools/mdev-sdk/common/errors.txt.
 * Defined by the program that links these files: run/fault.c prints to the kernel's log.
 * Return: 1, so that faults can be added up.
 */
__printf(3, 4) int mdk_fault(const struct mdk_desc *desc, const char *id, const char *fmt, ...);

#endif /* MDK_FAULT_H */
