// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bus mastering. A guest that clears that bit of the command register, or puts the function into
 * D3hot, has switched its device off: a kernel does so before it starts another kernel (kexec), and
 * later DMA would write to the memory of that one. So nothing is pinned, copied or fetched until
 * the guest switches the device on again, and no MSI is sent, whatever the driver does. INTx, ERR
 * and REQ are no writes to memory: they go on.
 *
 * A migration that has begun to stop the device (mdk_inst.still) has the same effect on DMA, but
 * not on messages: what is sent then is in the guest's interrupt controller, which moves with it.
 *
 * mdk_inst.off changes under mdk_inst.callbacks. Pins and interrupts have a copy of it each: the
 * pin cache checks its own under its lock, a message is checked when it is delivered. A copy
 * without a pin checks mdk_inst.off itself, under mdk_inst.copies.
 */
#include <linux/pci_regs.h>

#include <mdk/pins.h>

#include "helpers/irqs_private.h"
#include "helpers/pins_private.h"
#include "run/instance/instance.h"
#include "run/migrate/migrate.h"
#include "run/virtio/device.h"
#include "bus_master.h"
#include "quiesce.h"

/* Is it off by its guest? */
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


/*
 * Under mdk_inst.callbacks, after a change of configuration space or of mdk_inst.still. Return:
 * the device was on and is off now. No new DMA begins from here on; what is under way the caller
 * has to end.
 */
bool mdk_master_follow(struct mdk_inst *inst)
{
	bool muted = mdk_master_off_now(inst), off = muted || inst->still;

	/* MSI and MSI-X, if they have a capability; without one no guest controls them. */
	mdk_irqs_mute(inst->irqs, muted ? inst->plan->messages : 0);
	if (off == inst->off)
		return false;
	WRITE_ONCE(inst->off, off);
	if (inst->pins)
		mdk_pin_cache_set_off(inst->pins, off);
	if (!off) {
		mdk_virtio_wake(inst->virtio);
		mdk_migration_wake(inst);
	}
	return off;
}

/*
 * Waits for copies that began while the device was on. One may be in a page fault that only our
 * own process can serve, so the wait ends if that is killed.
 */
void mdk_master_copies_end(struct mdk_inst *inst)
{
	if (!down_write_killable(&inst->copies))
		up_write(&inst->copies);
}

/* After ops.reset, when the device has stopped: nothing stays pinned. */
void mdk_master_end_pins(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	if (inst->off)
		mdk_master_copies_end(inst);
	if (!inst->pins)
		return;
	/* ops.reset was not called, and mdk_gone() may not have stopped this instance yet. */
	if (READ_ONCE(inst->gone))
		mdk_inst_stop_dma(inst);
	mdk_pin_cache_release_all(inst->pins);
}
