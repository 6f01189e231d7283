/* SPDX-License-Identifier: GPL-2.0-only */
/* --parent: virtual, or a PCI device and what is known of it. */
#ifndef MDEV_SDK_PARENT_H
#define MDEV_SDK_PARENT_H

#include "design.h"

/* *on_pci: the parent is a PCI device. */
int parent_parse(struct design *design, bool *on_pci);

/* Is the parent QEMU's edu and no device of the user's? */
bool parent_is_edu(const struct design *design);

#endif
