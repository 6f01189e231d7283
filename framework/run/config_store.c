// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's writes to configuration space, and what follows from them: INTx, bus mastering, a
 * Function Level Reset. Which bits change is in model/config_write.c.
 */
#include <linux/pci_regs.h>

#include <mdk/irqs.h>
#include <mdk/pins.h>

#include "run/access/config.h"
#include "run/instance/instance.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "run/migrate/migrate.h"
#include "bus_master.h"
#include "config_store.h"
#include "power.h"
#include "quiesce.h"

static __always_inline void mdk_config_change(struct mdk_inst *inst, u32 word, u32 val,
					      u32 enabled)
{
	const struct mdk_config_map *map = inst->plan->config;
	int old = atomic_read(&inst->config[word]);

	while (!atomic_try_cmpxchg(&inst->config[word], &old,
				   mdk_config_merge(map, word, old, val, enabled)))
		;
	/* A user program restores some of it by itself, while it writes a stream. */
	if (unlikely(inst->migration && inst->migration->loading))
		inst->migration->written[word] |= enabled & (map->words[word].write |
							     map->words[word].w1c);
}

void mdk_config_put(struct mdk_inst *inst, u32 word, u32 val, u32 enabled)
{
	lockdep_assert_held(&inst->callbacks);
	mdk_config_change(inst, word, val, enabled);
}

/* Return: with this write the guest has switched the device off. */
static bool mdk_config_command(struct mdk_inst *inst, u32 word, u32 val, u32 enabled)
{
	bool stop;

	/* The lock keeps the order of writes: INTx and bus mastering must follow the last one. */
	mdk_inst_lock(inst);
	mdk_config_change(inst, word, val, enabled);
	mdk_config_follow(inst);
	stop = mdk_master_follow(inst);
	mdk_inst_unlock(inst);
	return stop;
}

/*
 * Like an unmap of everything: ops.quiesce or, if that fails, a reset; then the pages are unpinned.
 * Not under mdk_inst.callbacks, so that no callback waits for ops.quiesce; but under
 * mdk_inst.switching, so that nothing new is pinned between stop and unpin.
 */
void mdk_config_stop(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->switching);
	trace_mdk_state(inst->name, "bus master off");
	mdk_master_copies_end(inst);
	if (!inst->pins)
		return;
	if (mdk_inst_quiesce(inst, 0, U64_MAX))
		mdk_inst_reset(inst, false);
	mdk_pin_cache_release(inst->pins, 0, U64_MAX);
}

/*
 * One at a time, so that another vCPU does not switch the device on while it is being stopped: what
 * is pinned then would be unpinned with the rest, though nothing has stopped its DMA. The lock may
 * be held as long as ops.quiesce takes; a task that is killed while it waits has written nothing.
 */
static noinline void mdk_config_switch(struct mdk_inst *inst, u32 word, u32 val, u32 enabled)
{
	if (mutex_lock_killable(&inst->switching))
		return;
	if (mdk_config_command(inst, word, val, enabled))
		mdk_config_stop(inst);
	mutex_unlock(&inst->switching);
}

static void mdk_config_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			     unsigned int width, u64 val)
{
	u32 word = array_index_nospec(off / 4, slot->size / 4), shift = 8 * (off & 3);
	u32 enabled = (u32)GENMASK(8 * width - 1, 0) << shift, bits = (u32)val << shift;
	u32 effects = mdk_config_effects(inst->plan->config, word, bits, enabled);

	if (unlikely(effects & MDK_CONFIG_COMMAND)) {
		mdk_config_switch(inst, word, bits, enabled);
		return;
	}
	mdk_inst_lock(inst);
	mdk_config_change(inst, word, bits, enabled);
	mdk_inst_unlock(inst);
	if (effects & MDK_CONFIG_FLR)
		mdk_inst_reset(inst, false);
}

const struct mdk_slot_ops mdk_config_slot_ops = {
	.load = mdk_config_load,
	.store = mdk_config_store,
};

/* Some of the bytes are the driver's state, which callbacks use under the same lock. */
static void mdk_config_live_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				  unsigned int width, u64 val)
{
	u32 word = array_index_nospec(off / 4, slot->size / 4), shift = 8 * (off & 3);
	u32 enabled = (u32)GENMASK(8 * width - 1, 0) << shift;
	u32 bits = inst->plan->config->words[word].write & enabled;

	mdk_config_store(inst, slot, off, width, val);
	mdk_inst_lock(inst);
	mdk_config_set_live(inst, word, bits, (u32)val << shift);
	mdk_inst_unlock(inst);
}

const struct mdk_slot_ops mdk_config_live_slot_ops = {
	.load = mdk_config_live_load,
	.store = mdk_config_live_store,
};
