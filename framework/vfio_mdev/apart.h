/* SPDX-License-Identifier: GPL-2.0-only */
/* Pins and copies that their caller can leave. */
#ifndef MDK_VFIO_MDEV_APART_H
#define MDK_VFIO_MDEV_APART_H

int mdk_apart_module_init(void);
void mdk_apart_module_exit(void);

#endif /* MDK_VFIO_MDEV_APART_H */
