/* SPDX-License-Identifier: GPL-2.0-only */
/* What `new` was asked for: a kind with its BARs, interrupts and identity, checked as a whole. */
#ifndef MDEV_SDK_DESIGN_H
#define MDEV_SDK_DESIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "lab.h"

#define DESIGN_BARS 6
#define DEFAULT_KIND "minimal"

enum bar_kind { BAR_REGS, BAR_MEM, BAR_CALLBACK };

#define BAR_MMAP	0x1
#define BAR_PREFETCH	0x2
#define BAR_64		0x4
#define BAR_IO		0x8

struct bar {
	uint64_t size;		/* 0: there is none of this index */
	enum bar_kind kind;
	unsigned int flags;
	const char *name;	/* NULL: generated, "barN" */
	const char *symbol;	/* its table or ops, behind the driver's name; NULL: generated */
	const char *more;	/* further members of its row, or NULL */
	unsigned int used;	/* bytes that the kind's own code needs of it */
};

struct kind {
	const char *name;
	const char *about;	/* a sentence for the tree's README */
	unsigned int class, prog_if;
	struct bar bars[DESIGN_BARS];
	const char *irq;	/* without --irq; NULL: none */
	unsigned int msix_used;	/* vectors that its code triggers, where it has MSI-X */
	bool keeps_intx;	/* its code needs the pin */
	bool on_pci;		/* for --parent pci, and only there */
};

extern const struct kind design_kinds[];	/* ends with a row without a name */

struct design {
	const char *name;
	const struct kind *kind;
	const struct lab_list *bar_flags, *irq_flags;
	const char *pci_flag;	/* NULL: not given */
	const char *parent_flag;	/* likewise */
	struct bar bars[DESIGN_BARS];
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

/* Is the parent QEMU's edu and no device of the user's? */
bool design_parent_is_edu(const struct design *design);

/* The flags as words of a command line. */
void design_flags(const struct design *design, struct lab_list *words);

#endif
