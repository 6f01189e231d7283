/* SPDX-License-Identifier: GPL-2.0-only */
/* What `new` was asked for: a kind with its BARs, interrupts and identity, checked as a whole. */
#ifndef MDEV_SDK_DESIGN_H
#define MDEV_SDK_DESIGN_H

#include "common/kinds.h"
#include "lab/lab.h"

struct design {
	const char *name;
	const struct kind *kind;
	const struct lab_list *bar_flags, *irq_flags;
	const char *pci_flag;	/* NULL: not given */
	const char *parent_flag;	/* likewise */
	struct bar bars[PCI_BARS];
	unsigned int intx, msi, msix, err;	/* vectors; 0: none */
	unsigned int vendor, device;
	unsigned int parent_vendor, parent_device;	/* on PCI */
	unsigned int parent_bar, parent_vectors, parent_dma;
	unsigned int msix_bar, msix_table, msix_pba;
};

/*
 * Fills all but name and the flags from these. LAB_USAGE after a message that names the flag, what
 * is wrong with it, and the way out.
 */
int design_make(struct design *design, const char *kind);

/* The flags as words of a command line. */
void design_flags(const struct design *design, struct lab_list *words);

#endif
