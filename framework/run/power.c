// SPDX-License-Identifier: GPL-2.0-only
/* Power-on: reset, and scrub after the last close. */
#include <mdk/irqs.h>
#include <mdk/pins.h>

#include "run/access/config.h"
#include "run/access/ram.h"
#include "run/access/registers.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "bus_master.h"
#include "power.h"
#include "quiesce.h"

/* Under mdk_inst.callbacks, or before anybody can reach the instance. */
void mdk_inst_values_reset(struct mdk_inst *inst)
{
	mdk_regs_reset(inst);
	mdk_config_reset(inst);
	/* Bus mastering is off at power-on. mdk_master_drop_pins() unpins, after ops.reset. */
	mdk_master_follow(inst);
}

/* Calls ops.reset and ops.scrub, or puts them off until the hardware is back. */
void mdk_inst_power_on_hw(struct mdk_inst *inst, bool last_close)
{
	lockdep_assert_held(&inst->callbacks);
	if (READ_ONCE(inst->gone))
		return;
	if (inst->hw_off) {
		inst->pending_reset = true;
		inst->pending_scrub |= last_close;
		return;
	}
	mdk_call_void(mdk_inst_ops(inst)->reset, inst, "reset");
	if (last_close)
		mdk_call_void(mdk_inst_ops(inst)->scrub, inst, "scrub");
}

/* Power-on state. RAM is cleared only after the last close: over a reset a guest may keep it. */
void mdk_inst_power_on(struct mdk_inst *inst, bool last_close)
{
	lockdep_assert_held(&inst->callbacks);
	mdk_irqs_intx_set(inst->irqs, false);
	mdk_inst_values_reset(inst);
	if (last_close)
		mdk_ram_clear(inst);
	/* The next access to a mapping faults in what is behind it by then. */
	mdk_ram_revoke(inst);
	mdk_inst_power_on_hw(inst, last_close);
	mdk_master_drop_pins(inst);
	mdk_count(inst, MDK_COUNT_RESETS);
}

void mdk_inst_reset(struct mdk_inst *inst, bool last_close)
{
	mutex_lock(&inst->callbacks);
	mdk_inst_power_on(inst, last_close);
	/* ops.reset was not called, and mdk_gone() may not have stopped this instance yet. */
	if (last_close && READ_ONCE(inst->gone))
		mdk_inst_stop_dma(inst);
	/* Only now, when the device has stopped. */
	if (last_close && inst->pins)
		mdk_pin_cache_release_all(inst->pins);
	mutex_unlock(&inst->callbacks);
}
