// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power-on: reset, and scrub after the last close.
 *
 * What the SDK owns ends here, whatever the driver's callbacks do, in the order that mdk/life.h
 * promises: workers, rings and ports, pins, planes, interrupts. Workers take mdk_inst.callbacks, so
 * they end before it is taken. Handles of pins die before ops.reset, which stops the hardware; only
 * then the pages are unpinned.
 */
#include <mdk/irqs.h>
#include <mdk/pins.h>

#include "run/access/causes.h"
#include "run/access/config.h"
#include "run/access/display.h"
#include "run/access/gaps.h"
#include "run/access/edid.h"
#include "run/access/ram.h"
#include "run/access/registers.h"
#include "run/access/stats.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "bus_master.h"
#include "params.h"
#include "power.h"
#include "quiesce.h"

/* Under mdk_inst.callbacks, or before anybody can reach the instance. */
void mdk_inst_values_reset(struct mdk_inst *inst)
{
	mdk_regs_reset(inst);
	mdk_config_reset(inst);
	/* Bus mastering is off at power-on. mdk_master_end_pins() unpins, after ops.reset. */
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
	mdk_params_apply(inst);
}

void mdk_inst_reset_hw(struct mdk_inst *inst, bool last_close)
{
	mdk_inst_power_on_hw(inst, last_close);
	/* ops.reset may have opened a port; nobody is there now to receive. */
	if (last_close)
		mdk_resets_run(inst);
	/* No worker of the next life has run yet: what is asserted is of the one before. */
	mdk_irqs_intx_set(inst->irqs, false);
	mdk_causes_follow(inst);
}

/* All but workers, which have ended, and pages that hardware may be using. */
static void mdk_inst_end_owned(struct mdk_inst *inst, bool last_close)
{
	u64 first, length;

	mdk_resets_run(inst);
	if (inst->pins)
		mdk_pin_cache_shut(inst->pins, 0, U64_MAX, &first, &length);
	mdk_display_forget(inst, last_close);
	mdk_gaps_end(inst);
	mdk_irqs_intx_set(inst->irqs, false);
}

/* RAM is cleared only after the last close: over a reset a guest may keep it. */
static void mdk_inst_begin_anew(struct mdk_inst *inst, bool last_close, bool keep_config)
{
	lockdep_assert_held(&inst->callbacks);
	mdk_inst_end_owned(inst, last_close);
	if (keep_config)
		mdk_regs_reset(inst);
	else
		mdk_inst_values_reset(inst);
	if (last_close) {
		mdk_ram_clear(inst);
		mdk_edid_forget(inst);
	}
	mdk_stats_reset(inst);
	/* The next access to a mapping faults in what is behind it by then. */
	mdk_ram_revoke(inst);
	mdk_works_anew(inst);
	mdk_inst_reset_hw(inst, last_close);
	mdk_master_end_pins(inst);
	mdk_count(inst, MDK_COUNT_RESETS);
}

void mdk_inst_power_on(struct mdk_inst *inst, bool last_close)
{
	mdk_inst_begin_anew(inst, last_close, false);
}

/*
 * The hardware is away, and a migration brings what it will be programmed from: a reset that was
 * put off must not come after that. One that hides an earlier user's data there cannot be meant
 * here, as nobody can open the device before it was done.
 */
void mdk_inst_empty(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	mdk_inst_end_owned(inst, false);
	mdk_regs_reset(inst);
	mdk_stats_reset(inst);
	WRITE_ONCE(inst->pending_reset, inst->pending_scrub);
}

/* Workers take the lock, so they end before it is taken. */
static void mdk_inst_lock_without_works(struct mdk_inst *inst)
{
	mdk_works_shut(inst);
	mdk_works_flush(inst);
	mdk_inst_lock(inst);
}

void mdk_inst_reset(struct mdk_inst *inst, bool last_close)
{
	mdk_inst_lock_without_works(inst);
	mdk_inst_begin_anew(inst, last_close, false);
	mdk_inst_unlock(inst);
	mdk_works_begin(inst);
}

/* As VFIO_DEVICE_RESET, but configuration space, with bus mastering, stays as the guest has it. */
void mdk_inst_reset_by_register(struct mdk_inst *inst)
{
	mdk_inst_lock_without_works(inst);
	mdk_inst_begin_anew(inst, false, true);
	mdk_inst_unlock(inst);
	mdk_works_begin(inst);
}
