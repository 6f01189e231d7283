// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions of statistics: numbers that the driver counts and a guest maps.
 *
 * A guest can write to the page, so it is only ever written to here. What the driver has counted
 * lies beside it, in memory that nobody maps.
 */
#include <linux/atomic.h>
#include <linux/slab.h>

#include "model/stream.h"
#include "run/instance/instance.h"
#include "ram.h"
#include "stats.h"

static u32 mdk_stats_words(const struct mdk_slot *slot)
{
	bool stats = slot->kind == MDK_REGION_KIND_RAM && slot->region->flags & MDK_STATS;

	return stats ? slot->size / sizeof(u64) : 0;
}

int mdk_stats_alloc(struct mdk_inst *inst)
{
	u32 i, nr;

	for (i = 0; i < MDK_NR_SLOTS; i++) {
		nr = mdk_stats_words(&inst->plan->slots[i]);
		if (!nr)
			continue;
		inst->stats[i] = kvcalloc(nr, sizeof(*inst->stats[i]), GFP_KERNEL);
		if (!inst->stats[i])
			return -ENOMEM;
	}
	return 0;
}

void mdk_stats_free(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		kvfree(inst->stats[i]);
}

/*
 * Of two that count at once the later one may be the first to come here. Whoever has written looks
 * whether that is still the number, so the last one to write has found it.
 */
static void mdk_stat_show(const atomic64_t *kept, __le64 *shown)
{
	s64 val;

	do {
		val = atomic64_read(kept);
		WRITE_ONCE(*shown, cpu_to_le64(val));
		smp_mb();
	} while (unlikely(atomic64_read(kept) != val));
}

void mdk_stats_reset(struct mdk_inst *inst)
{
	u32 i, word;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		for (word = 0; inst->stats[i] && word < mdk_stats_words(&inst->plan->slots[i]);
		     word++) {
			atomic64_set(&inst->stats[i][word], 0);
			mdk_stat_show(&inst->stats[i][word], (__le64 *)inst->ram[i] + word);
		}
}

/* For a migration: what is counted; what is shown of it moves with the memory */

u64 mdk_stats_len(const struct mdk_inst *inst, u32 i)
{
	return 8ULL * mdk_stats_words(&inst->plan->slots[i]);
}

void mdk_stats_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	u32 word;

	for (word = 0; word < mdk_stats_words(&inst->plan->slots[i]); word++)
		mdk_stream_put(out, 8, atomic64_read(&inst->stats[i][word]));
}

void mdk_stats_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u32 word;

	for (word = 0; word < mdk_stats_words(&inst->plan->slots[i]); word++)
		atomic64_set(&inst->stats[i][word], mdk_stream_get(record->data + 8 * word, 8));
}

/* For the driver */

/* Return: what is counted there; @shown: where a guest sees it. */
static atomic64_t *mdk_stat_at(struct mdk_inst *inst, struct mdk_at at, __le64 **shown)
{
	u32 word = at.offset / sizeof(u64);

	if (at.region >= MDK_NR_SLOTS || !inst->stats[at.region] || at.offset % sizeof(u64) ||
	    word >= mdk_stats_words(&inst->plan->slots[at.region])) {
		dev_warn_once(mdev_dev(inst->mdev), "model %s has no number of statistics at region %u offset 0x%x: the driver counts there; make the region MDK_BAR_STATS(), or correct the place [K210]\n",
			      inst->plan->host->model.name, at.region, at.offset);
		return NULL;
	}
	*shown = (__le64 *)inst->ram[at.region] + word;
	return &inst->stats[at.region][word];
}

void mdk_stat_add(struct mdk_dev *dev, struct mdk_at at, u64 more)
{
	__le64 *shown;
	atomic64_t *kept = mdk_stat_at(to_mdk_inst(dev), at, &shown);

	if (!kept)
		return;
	/* Fully ordered, since it returns the value: it is there before it is shown. */
	atomic64_add_return(more, kept);
	mdk_stat_show(kept, shown);
}

void mdk_stat_set(struct mdk_dev *dev, struct mdk_at at, u64 value)
{
	__le64 *shown;
	atomic64_t *kept = mdk_stat_at(to_mdk_inst(dev), at, &shown);

	if (!kept)
		return;
	atomic64_xchg(kept, value);
	mdk_stat_show(kept, shown);
}

/* That of all other RAM regions is the driver's to use. */
void *mdk_ram(struct mdk_dev *dev, u32 region)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const struct mdk_slot *slot = mdk_ram_slot(inst, region);

	if (slot && slot->region->flags & MDK_STATS) {
		dev_warn_once(mdev_dev(inst->mdev), "model %s: region '%s' is one of statistics, and the driver asks for its memory: a guest may write there; count by mdk_stat_add(), or make it MDK_BAR_MEM() [K211]\n",
			      inst->plan->host->model.name, slot->region->name);
		return NULL;
	}
	return slot ? inst->ram[region] : NULL;
}
