// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI configuration space of an instance. What it consists of and what a write does to it is in
 * config_*.c; here are the accesses, what follows from them, and the driver's own view.
 */
#include <linux/pci_regs.h>
#include <linux/slab.h>

#include "run/internal.h"

/* The status bit that is the pin's level; everything else is stored. */
static u32 mdk_config_live(struct mdk_inst *inst, u32 word)
{
	if (word == PCI_COMMAND / 4 && mdk_irqs_intx_asserted(inst->irqs))
		return (u32)PCI_STATUS_INTERRUPT << 16;
	return 0;
}

static u32 mdk_config_word(struct mdk_inst *inst, u32 word)
{
	return (u32)atomic_read(&inst->config[word]) | mdk_config_live(inst, word);
}

static u64 mdk_config_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width)
{
	u32 word = array_index_nospec(off / 4, slot->size / 4);

	return mdk_config_word(inst, word) >> (8 * (off & 3));
}

static __always_inline void mdk_config_change(struct mdk_inst *inst, u32 word, u32 val,
					      u32 enabled)
{
	const struct mdk_config_map *map = inst->plan->config;
	int old = atomic_read(&inst->config[word]);

	while (!atomic_try_cmpxchg(&inst->config[word], &old,
				   mdk_config_merge(map, word, old, val, enabled)))
		;
}

/* Return: the guest has switched the device off by it. */
static bool mdk_config_command(struct mdk_inst *inst, u32 word, u32 val, u32 enabled)
{
	bool stop;

	/* The lock orders what follows: the pin must do as the last write says. */
	mutex_lock(&inst->callbacks);
	mdk_config_change(inst, word, val, enabled);
	mdk_irqs_intx_gate(inst->irqs, atomic_read(&inst->config[PCI_COMMAND / 4]) &
					       PCI_COMMAND_INTX_DISABLE);
	stop = mdk_master_follow(inst);
	mutex_unlock(&inst->callbacks);
	return stop;
}

/*
 * One at a time, so that another vCPU does not switch on what is being stopped: pages that its pins
 * got meanwhile would go with the others, with nobody having stopped their DMA. That may take as
 * long as ops.quiesce does; whoever is killed while he waits has written nothing.
 */
static noinline void mdk_config_switch(struct mdk_inst *inst, u32 word, u32 val, u32 enabled)
{
	if (mutex_lock_killable(&inst->switching))
		return;
	if (mdk_config_command(inst, word, val, enabled))
		mdk_master_stop(inst);
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
	mutex_lock(&inst->callbacks);
	mdk_config_change(inst, word, bits, enabled);
	mutex_unlock(&inst->callbacks);
	if (effects & MDK_CONFIG_FLR)
		mdk_inst_reset(inst, false);
}

const struct mdk_slot_ops mdk_config_slot_ops = {
	.load = mdk_config_load,
	.store = mdk_config_store,
};

/* Under mdk_inst.callbacks, or before anybody can reach the instance. */
void mdk_config_reset(struct mdk_inst *inst)
{
	const struct mdk_config_map *map = inst->plan->config;
	u32 i;

	for (i = 0; i < map->size / 4; i++)
		atomic_set(&inst->config[i], map->words[i].reset);
	mdk_irqs_intx_gate(inst->irqs, false);
	mdk_msix_reset(inst);
	/* Bus mastering is off at power-on. Pins follow, once the device has stopped. */
	mdk_master_follow(inst);
}

/* For the driver */

u32 mdk_cap_offset(struct mdk_dev *dev, u32 row)
{
	const struct mdk_plan *plan = to_mdk_inst(dev)->plan;

	return row < plan->host->model.nr_caps ? plan->config->offsets[row] : 0;
}

u32 mdk_config_get(struct mdk_dev *dev, u32 offset)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	return offset < inst->plan->config->size ? mdk_config_word(inst, offset / 4) : 0;
}

void mdk_config_set(struct mdk_dev *dev, u32 offset, u32 mask, u32 value)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	atomic_t *word;
	int old;

	if (offset >= inst->plan->config->size) {
		dev_warn_once(mdev_dev(inst->mdev), "model %s has no configuration space at 0x%x: the driver writes there; correct its offset [K73]\n",
			      inst->plan->host->model.name, offset);
		return;
	}
	mask &= ~mdk_config_guests_own(inst->plan->config, offset / 4);
	word = &inst->config[offset / 4];
	old = atomic_read(word);
	while (!atomic_try_cmpxchg(word, &old, (old & ~mask) | (value & mask)))
		;
}
