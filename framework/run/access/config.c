// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI configuration space of an instance: what a guest reads, power-on, and the driver's own view.
 * What it consists of is in model/config_*.c, what follows from a write in run/config_store.c.
 */
#include <linux/pci_regs.h>

#include <mdk/irqs.h>

#include "run/instance/instance.h"
#include "config.h"
#include "msix.h"

/* The interrupt bit of the status register is the level of INTx; all other bits are stored. */
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

u64 mdk_config_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width)
{
	u32 word = array_index_nospec(off / 4, slot->size / 4);

	return mdk_config_word(inst, word) >> (8 * (off & 3));
}

/* Bytes of the driver's state */

/* What can be read at once is: a driver may change it meanwhile. */
static u32 mdk_config_of_state(const struct mdk_inst *inst, const struct mdk_config_word *word)
{
	const u8 *state = inst->base.state + word->state;
	u32 val = 0, i;

	if (word->live == ~0U && !(word->state & 3))
		return le32_to_cpu(READ_ONCE(*(const __le32 *)state));
	for (i = 0; i < 4; i++)
		if (word->live & 0xffU << 8 * i)
			val |= (u32)READ_ONCE(state[i]) << 8 * i;
	return val;
}

static u32 mdk_config_with_state(struct mdk_inst *inst, u32 word)
{
	const struct mdk_config_word *map = &inst->plan->config->words[word];
	u32 val = mdk_config_word(inst, word);

	return map->live ? (val & ~map->live) | mdk_config_of_state(inst, map) : val;
}

u64 mdk_config_live_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	u32 word = array_index_nospec(off / 4, slot->size / 4);

	return mdk_config_with_state(inst, word) >> (8 * (off & 3));
}

void mdk_config_set_live(struct mdk_inst *inst, u32 word, u32 mask, u32 value)
{
	const struct mdk_config_word *map = &inst->plan->config->words[word];
	u8 *state = inst->base.state + map->state, bits;
	u32 i;

	mask &= map->live;
	for (i = 0; mask && i < 4; i++) {
		bits = mask >> 8 * i;
		if (bits)
			WRITE_ONCE(state[i], (state[i] & ~bits) | (value >> 8 * i & bits));
	}
}

/* Under mdk_inst.callbacks, or before anybody can reach the instance. */
void mdk_config_reset(struct mdk_inst *inst)
{
	const struct mdk_config_map *map = inst->plan->config;
	u32 i;

	for (i = 0; i < map->size / 4; i++)
		atomic_set(&inst->config[i], map->words[i].reset);
	mdk_irqs_intx_gate(inst->irqs, false);
	mdk_msix_reset(inst);
}

void mdk_config_follow(struct mdk_inst *inst)
{
	mdk_irqs_intx_gate(inst->irqs, atomic_read(&inst->config[PCI_COMMAND / 4]) &
					       PCI_COMMAND_INTX_DISABLE);
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

	return offset < inst->plan->config->size ? mdk_config_with_state(inst, offset / 4) : 0;
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
	mdk_config_set_live(inst, offset / 4, mask, value);
}
