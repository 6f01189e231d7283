// SPDX-License-Identifier: GPL-2.0-only
/* What the SDK itself has of an instance, as records of a stream. */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <mdk/irqs.h>

#include "run/access/config.h"
#include "run/access/counters64.h"
#include "run/access/edid.h"
#include "run/access/reg_bits.h"
#include "run/access/registers.h"
#include "run/access/rings.h"
#include "run/access/stats.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/virtio/save.h"
#include "migrate.h"
#include "sections.h"

static u32 mdk_slots_nr(const struct mdk_inst *inst)
{
	return MDK_NR_SLOTS;
}

static void mdk_words_save(const atomic_t *words, u32 nr, struct mdk_stream_out *out)
{
	u32 word;

	for (word = 0; word < nr; word++)
		mdk_stream_put(out, 4, (u32)atomic_read(&words[word]));
}

/* Registers: those that a table has, at their offsets, so that a later one may have more. */

static u64 mdk_regs_len(const struct mdk_inst *inst, u32 i)
{
	return 8ULL * mdk_regs_kept(&inst->plan->slots[i]);
}

static void mdk_regs_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_slot *slot = &inst->plan->slots[i];
	const atomic_t *val;
	u32 word;

	for (word = 0; word < slot->nr_map; word++) {
		val = mdk_reg_kept(inst, slot, word);
		if (!val)
			continue;
		mdk_stream_put(out, 4, 4 * word);
		mdk_stream_put(out, 4, (u32)atomic_read(val));
	}
}

/* Return: true, with a message that names the register. */
static bool mdk_regs_strange(const struct mdk_inst *inst, const struct mdk_slot *slot, u32 word,
			     u32 value)
{
	u32 i = mdk_reg_number(slot, word);
	u32 bits = mdk_reg_strange(inst, slot, i, value);

	if (bits)
		dev_info_ratelimited(mdev_dev(inst->mdev), "migration: register '%s' is 0x%x in the stream, of which bits 0x%x are neither a guest's nor .driver_mask's [K263]\n",
				     mdk_slot_row(slot, i)->name, value, bits);
	return bits;
}

static const char *mdk_regs_wrong(const struct mdk_inst *inst, u32 i,
				  const struct mdk_record *record)
{
	const struct mdk_slot *slot = &inst->plan->slots[i];
	u64 at;
	u32 off;

	if (!record->len || record->len % 8)
		return "it is no table of registers";
	for (at = 0; at < record->len; at += 8) {
		off = mdk_stream_get(record->data + at, 4);
		if (off % 4 || !mdk_reg_keeps(slot, off / 4))
			return "it has a register that the driver here does not have";
		if (mdk_regs_strange(inst, slot, off / 4, mdk_stream_get(record->data + at + 4, 4)))
			return "a register has bits that neither a guest nor the driver changes";
	}
	return NULL;
}

static void mdk_regs_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	const struct mdk_slot *slot = &inst->plan->slots[i];
	u64 at;

	for (at = 0; at < record->len; at += 8)
		atomic_set(mdk_reg_kept(inst, slot, mdk_stream_get(record->data + at, 4) / 4),
			   mdk_stream_get(record->data + at + 4, 4));
}

/* Configuration space: what is of one host stays with it. */

static u64 mdk_config_len(const struct mdk_inst *inst, u32 i)
{
	return inst->plan->config->size;
}

static void mdk_config_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	mdk_words_save(inst->config, inst->plan->config->size / 4, out);
}

static const char *mdk_config_wrong(const struct mdk_inst *inst, u32 i,
				    const struct mdk_record *record)
{
	const struct mdk_config_word *map = inst->plan->config->words;
	u32 word, other;

	for (word = 0; word < inst->plan->config->size / 4; word++, map++) {
		other = mdk_stream_get(record->data + 4 * word, 4);
		other ^= atomic_read(&inst->config[word]);
		if (other & map->stable & ~map->moves & ~map->live)
			return "it is another one than here, in bits that no guest can change";
	}
	return NULL;
}

/* Bits that a user program has restored by itself are as it wants them. */
static void mdk_config_load_word(struct mdk_inst *inst, u32 word, u32 val)
{
	const struct mdk_config_word *map = &inst->plan->config->words[word];
	u32 old = atomic_read(&inst->config[word]);
	u32 take = map->moves & ~inst->migration->written[word];

	atomic_set(&inst->config[word], (old & ~take) | (val & take));
}

static void mdk_config_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u32 word;

	for (word = 0; word < inst->plan->config->size / 4; word++)
		mdk_config_load_word(inst, word, mdk_stream_get(record->data + 4 * word, 4));
	/* Before INTx is set, which its guest may have switched off. */
	mdk_config_follow(inst);
}

static u64 mdk_msix_len(const struct mdk_inst *inst, u32 i)
{
	return 4ULL * inst->plan->nr_msix;
}

static void mdk_msix_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	mdk_words_save(inst->msix, inst->plan->nr_msix, out);
}

static void mdk_msix_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u32 word;

	for (word = 0; word < inst->plan->nr_msix; word++)
		atomic_set(&inst->msix[word], mdk_stream_get(record->data + 4 * word, 4));
}

/* INTx of a model with causes follows from its registers; another driver has set it itself. */

static u64 mdk_intx_len(const struct mdk_inst *inst, u32 i)
{
	return inst->plan->irqs & BIT(MDK_IRQ_INTX) && !inst->plan->nr_cause_sets ? 4 : 0;
}

static void mdk_intx_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	mdk_stream_put(out, 4, mdk_irqs_intx_asserted(inst->irqs));
}

static const char *mdk_intx_wrong(const struct mdk_inst *inst, u32 i,
				  const struct mdk_record *record)
{
	return mdk_stream_get(record->data, 4) > 1 ? "INTx is neither 0 nor 1" : NULL;
}

static void mdk_intx_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	mdk_irqs_intx_set(inst->irqs, mdk_stream_get(record->data, 4));
}

/* Memory; of statistics what their guest sees, and may have spoilt */

/* Bytes until others have their turn. */
#define MDK_MEMORY_STEP SZ_1M

static bool mdk_slot_is_memory(const struct mdk_slot *slot)
{
	return slot->kind == MDK_REGION_KIND_RAM && slot->size;
}

static u64 mdk_memory_len(const struct mdk_inst *inst, u32 i)
{
	const struct mdk_slot *slot = &inst->plan->slots[i];

	return mdk_slot_is_memory(slot) ? slot->size : 0;
}

static void mdk_memory_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	u64 size = inst->plan->slots[i].size, at, n;

	for (at = 0; at < size; at += n) {
		n = min_t(u64, size - at, MDK_MEMORY_STEP);
		mdk_stream_put_bytes(out, inst->ram[i] + at, n);
		cond_resched();
	}
}

static void mdk_memory_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u64 at, n;

	for (at = 0; at < record->len; at += n) {
		n = min_t(u64, record->len - at, MDK_MEMORY_STEP);
		memcpy(inst->ram[i] + at, record->data + at, n);
		cond_resched();
	}
}

const struct mdk_section mdk_sections[] = {
	/* A table of registers may have grown since. */
	{ MDK_STREAM_REGS, "registers", mdk_slots_nr, mdk_regs_len, NULL, mdk_regs_save,
	  mdk_regs_wrong, mdk_regs_load, .up_to = true },
	{ MDK_STREAM_CONFIG, "configuration space", NULL, mdk_config_len, NULL, mdk_config_save,
	  mdk_config_wrong, mdk_config_take },
	{ MDK_STREAM_MSIX, "MSI-X table", NULL, mdk_msix_len, NULL, mdk_msix_save, NULL,
	  mdk_msix_take },
	{ MDK_STREAM_COUNTERS, "counters", NULL, mdk_counters64_len, NULL, mdk_counters64_save,
	  NULL, mdk_counters64_take },
	{ MDK_STREAM_STATS, "statistics", mdk_slots_nr, mdk_stats_len, NULL, mdk_stats_save, NULL,
	  mdk_stats_take },
	{ MDK_STREAM_EDID, "monitor", NULL, mdk_edid_len, NULL, mdk_edid_save, mdk_edid_wrong,
	  mdk_edid_take },
	{ MDK_STREAM_WORKS, "workers", NULL, mdk_works_len, NULL, mdk_works_save,
	  mdk_works_wrong, mdk_works_take },
	{ MDK_STREAM_RAM, "memory", mdk_slots_nr, mdk_memory_len, NULL, mdk_memory_save, NULL,
	  mdk_memory_take },
	{ MDK_STREAM_RING, "ring", mdk_rings_nr, mdk_ring_len, NULL, mdk_ring_save,
	  mdk_ring_wrong_record, mdk_ring_load },
	{ MDK_STREAM_VIRTIO, "virtio device", NULL, mdk_virtio_len, NULL, mdk_virtio_save,
	  mdk_virtio_wrong_record, mdk_virtio_load },
	{ MDK_STREAM_VIRTIO_NET, "virtio network card", NULL, mdk_net_len, NULL, mdk_net_save,
	  mdk_net_wrong_record, mdk_net_load },
	/* The last that is set: the pin is what the driver's state says. */
	{ MDK_STREAM_INTX, "INTx", NULL, mdk_intx_len, NULL, mdk_intx_save, mdk_intx_wrong,
	  mdk_intx_take },
};

const u32 mdk_nr_sections = ARRAY_SIZE(mdk_sections);
