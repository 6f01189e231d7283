// SPDX-License-Identifier: GPL-2.0-only
/*
 * A card that cannot be used for a while: sleep, a reset, an error of the bus. Instances are fenced
 * first and come back last, so in between nobody but the card's own driver speaks to it.
 *
 * These overlap: between an error and its end the bus may be reset or the machine put to sleep, and
 * an error that nobody mends has no end at all. So there is a bit for each, and interrupts are held
 * off by the first and let in by the end of the last.
 */
#include <mdk/parent.h>

#include "card.h"

enum mdk_card_away {
	MDK_CARD_SLEEPS = BIT(0),
	MDK_CARD_RESET = BIT(1),
	MDK_CARD_ERROR = BIT(2),
};

/* Its instances are fenced. */
static void mdk_card_leave(struct mdk_card_bound *card, enum mdk_card_away why)
{
	const struct mdk_pci_parent *parent = &card->driver->parent;
	bool first = !card->away && !card->lost;

	card->away |= why;
	if (!first)
		return;
	mdk_card_irqs_hold(card);
	if (why != MDK_CARD_ERROR && parent->sleep)
		parent->sleep(&card->base);
}

static void mdk_card_lose(struct mdk_card_bound *card, int errno)
{
	card->lost = true;
	pci_clear_master(card->base.pdev);
	dev_err(&card->base.pdev->dev, "lost: the driver's .wake failed (errno %d), so all instances are gone; its own lines before say why, if it gave any. Bind it again [K208]\n",
		-errno);
	mdk_gone(card->host);
}

/* Instances get their hardware back afterwards. */
static int mdk_card_return(struct mdk_card_bound *card, unsigned int why)
{
	const struct mdk_pci_parent *parent = &card->driver->parent;
	bool was_away = card->away;
	int ret;

	card->away &= ~why;
	if (!was_away || card->away || card->lost)
		return 0;
	/* A card that its driver took off the bus, as it did not stop, is back after a reset. */
	if (why != MDK_CARD_SLEEPS || card->base.pdev->is_busmaster)
		pci_set_master(card->base.pdev);
	ret = parent->wake ? parent->wake(&card->base) : 0;
	if (ret) {
		mdk_card_lose(card, ret);
		return ret;
	}
	/* Early kernels restore it once only, and they have: an error to come needs it again. */
	pci_save_state(card->base.pdev);
	mdk_card_irqs_let(card);
	return 0;
}

static int mdk_card_suspend(struct device *dev)
{
	struct mdk_card_bound *card = dev_get_drvdata(dev);

	mdk_suspend(card->host);
	mdk_card_leave(card, MDK_CARD_SLEEPS);
	return 0;
}

static int mdk_card_resume(struct device *dev)
{
	struct mdk_card_bound *card = dev_get_drvdata(dev);
	int ret = mdk_card_return(card, MDK_CARD_SLEEPS);

	mdk_resume(card->host);
	return ret;
}

DEFINE_SIMPLE_DEV_PM_OPS(mdk_card_pm, mdk_card_suspend, mdk_card_resume);

static void mdk_card_reset_prepare(struct pci_dev *pdev)
{
	struct mdk_card_bound *card = pci_get_drvdata(pdev);

	mdk_reset_prepare(card->host);
	mdk_card_leave(card, MDK_CARD_RESET);
}

/* A reset that has worked ends an error too. */
static void mdk_card_back(struct pci_dev *pdev)
{
	struct mdk_card_bound *card = pci_get_drvdata(pdev);

	mdk_card_return(card, MDK_CARD_RESET | MDK_CARD_ERROR);
	mdk_reset_done(card->host);
}

static pci_ers_result_t mdk_card_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct mdk_card_bound *card = pci_get_drvdata(pdev);

	mdk_error(card->host);
	mdk_card_leave(card, MDK_CARD_ERROR);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t mdk_card_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

const struct pci_error_handlers mdk_card_errors = {
	.reset_prepare = mdk_card_reset_prepare,
	.reset_done = mdk_card_back,
	.error_detected = mdk_card_error_detected,
	.slot_reset = mdk_card_slot_reset,
	.resume = mdk_card_back,
};
