// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bus mastering. A guest that clears that bit of the command register, or sends the function to
 * D3hot, has switched its device off: a kernel does so before it starts another one, and what is
 * written afterwards hits the memory of that. So nothing is pinned, copied or fetched until it is
 * switched on again, and no message is sent, whatever the driver does. INTx, ERR and REQ are no
 * writes to memory: they go on.
 *
 * mdk_inst.off changes under mdk_inst.callbacks; who acts looks at it without a lock, and the three
 * copies of it close the gaps: that of the pin cache under its lock, that of the interrupts beside
 * the listener, and this one under mdk_inst.copies.
 */
#include <linux/pci_regs.h>

#include <mdk/pins.h>

#include "helpers/irqs_private.h"
#include "helpers/pins_private.h"
#include "run/instance/instance.h"
#include "bus_master.h"
#include "quiesce.h"

static bool mdk_master_off_now(const struct mdk_inst *inst)
{
	const struct mdk_config_map *map = inst->plan->config;
	u32 pmcsr = 0;

	if (!inst->plan->host->obeys)
		return false;
	if (map->pmcsr != MDK_CONFIG_NOWHERE)
		pmcsr = atomic_read(&inst->config[map->pmcsr / 4]);
	return mdk_config_is_off(atomic_read(&inst->config[PCI_COMMAND / 4]), pmcsr);
}

/* Those that have their capability: others no guest has set up, and it has no say in them. */
static unsigned long mdk_master_messages(const struct mdk_inst *inst)
{
	return inst->off ? inst->plan->messages : 0;
}

/*
 * Under mdk_inst.callbacks, after a change of configuration space. Return: it was on and is off:
 * nothing new begins from now on, and config_store.c ends what runs.
 */
bool mdk_master_follow(struct mdk_inst *inst)
{
	bool off = mdk_master_off_now(inst);

	if (off == inst->off)
		return false;
	WRITE_ONCE(inst->off, off);
	mdk_irqs_mute(inst->irqs, mdk_master_messages(inst));
	if (inst->pins)
		mdk_pin_cache_set_off(inst->pins, off);
	return off;
}

/*
 * Copies that found it on have ended. One may be in a fault that only our caller's process can
 * serve: if that process is killed, it has to go.
 */
void mdk_master_copies_end(struct mdk_inst *inst)
{
	if (!down_write_killable(&inst->copies))
		up_write(&inst->copies);
}

/* After ops.reset: a reset clears the bit too, and no pin outlives it. */
void mdk_master_drop_pins(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	if (!inst->off)
		return;
	mdk_master_copies_end(inst);
	if (!inst->pins)
		return;
	/* There was no ops.reset, and mdk_gone() may not have come here yet. */
	if (READ_ONCE(inst->gone))
		mdk_inst_stop_dma(inst);
	mdk_pin_cache_release_all(inst->pins);
}
