/* SPDX-License-Identifier: GPL-2.0-only */
/* The kinds of drivers, and the BARs that each begins with. */
#ifndef MDEV_SDK_KINDS_H
#define MDEV_SDK_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define PAGE (4 * KIB)

#define PCI_BARS 6
#define DEFAULT_KIND "minimal"

enum bar_kind { BAR_REGS, BAR_MEM, BAR_CALLBACK, BAR_STATS };

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
	struct bar bars[PCI_BARS];
	const char *irq;	/* without --irq; NULL: none */
	unsigned int msix_used;	/* vectors that its code triggers, where it has MSI-X */
	bool keeps_intx;	/* its code needs the pin */
	bool on_pci;		/* for --parent pci, and only there */
	bool is_virtio;		/* BAR, interrupts and identity are the specification's */
	bool has_monitor;	/* a region of VFIO's for it, which has a capability */
	bool migrates;		/* its model has MDK_SAVES */
	bool has_dma;		/* so it can be put to sleep too, which ends it */
	unsigned int message;	/* MSI-X vector of the message that its tests ask for */
};

extern const struct kind driver_kinds[];	/* ends with a row without a name */

#endif
