/* SPDX-License-Identifier: GPL-2.0-only */
/* A card that is bound by a description, and its driver: see mdk/card.h. */
#ifndef MDK_RUN_CARD_H
#define MDK_RUN_CARD_H

#include <linux/pci.h>

#include <mdk/card.h>

struct mdk_host;

/* What a registered description has become. */
struct mdk_pci_driver {
	struct pci_driver base;
	struct mdk_pci_parent parent;
	struct mdk_pci_kind *kinds;
	u32 nr_kinds;
	const struct mdk_model *model;
	struct mdk_registration reg;
};

/* An interrupt line, and what its handler is told. */
struct mdk_card_line {
	struct mdk_card_bound *card;
	u32 vector;
};

/*
 * @away: bits of enum mdk_card_away, changed under the lock of the device: the driver core holds it
 * over each callback that comes here.
 * @lost: .wake has failed; until remove
 * @lines: as many as base.vectors
 * @requested: lines whose handler is in place
 */
struct mdk_card_bound {
	struct mdk_card base;
	struct mdk_pci_driver *driver;
	const struct mdk_pci_kind *kind;
	struct mdk_host *host;
	unsigned int away;
	bool lost;
	struct mdk_card_line *lines;
	u32 requested;
};

/* May what @parent points to be read? Return: 0, or an errno with a message. */
int mdk_card_check_abi(const struct mdk_pci_parent *parent, const struct mdk_registration *reg,
		       const char *name);

/* Faults are named in the log. Return: their number. */
unsigned int mdk_card_faults(const struct mdk_pci_driver *driver);

void mdk_card_irqs_hold(struct mdk_card_bound *card);
void mdk_card_irqs_let(struct mdk_card_bound *card);

extern const struct pci_error_handlers mdk_card_errors;
extern const struct dev_pm_ops mdk_card_pm;

#endif /* MDK_RUN_CARD_H */
