/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card for a driver of real hardware that runs as a process: tests/parent.c of its tree describes
 * the card as a model, with the rows and callbacks that a driver describes a device with.
 */
#ifndef USER_CARD_H
#define USER_CARD_H

#include <mdk/mdk.h>

struct user_card;

struct user_card *user_card_plug(const struct mdk_model *model, const struct mdk_registration *reg);
void user_card_unplug(struct user_card *card);

/**
 * user_card() - a model is a card
 * @_model: struct mdk_model: its .pci has the ids that the driver looks for, its regions are the
 *	BARs, its interrupts those that the driver can ask for; of its types the first is taken
 *
 * The card is there before the driver is loaded, and goes after it. It reaches the driver's memory
 * by mdk_dma_read() and mdk_dma_write() with the bus addresses that the driver gave it: what is not
 * mapped for it at that time, or not in that direction, fails there and is told. Rings and pins it
 * has none. A file has one card.
 */
#define user_card(_model)                                                                          \
	static struct user_card *_model##_card;                                                    \
	static int _model##_plug(void)                                                             \
	{                                                                                          \
		_model##_card = user_card_plug(&(_model), &MDK_REGISTRATION);                      \
		return PTR_ERR_OR_ZERO(_model##_card);                                             \
	}                                                                                          \
	static void _model##_unplug(void)                                                          \
	{                                                                                          \
		user_card_unplug(_model##_card);                                                   \
	}                                                                                          \
	module_init(_model##_plug);                                                                \
	module_exit(_model##_unplug)

#endif /* USER_CARD_H */
