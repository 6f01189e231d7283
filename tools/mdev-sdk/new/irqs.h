/* SPDX-License-Identifier: GPL-2.0-only */
/* --irq: parsed and checked, and a place for the MSI-X table. */
#ifndef MDEV_SDK_IRQS_H
#define MDEV_SDK_IRQS_H

#include "design.h"

/* Takes all of --irq or, where there is none, what the kind has. */
int irqs_add(struct design *design);

/* After the BARs: the table and its pending bits go to one of registers. */
int irqs_place_msix(struct design *design);

#endif
