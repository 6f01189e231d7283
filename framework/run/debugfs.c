// SPDX-License-Identifier: GPL-2.0-only
/*
 * Below /sys/kernel/debug/mdk, read-only: <UUID> has the counters of an instance,
 * <parent>/registers the page of a model; a virtual parent has the model's name.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include <mdk/mdk.h>

#include "helpers/irqs_private.h"
#include "model/page.h"
#include "run/access/counters64.h"
#include "run/instance/instance.h"
#include "vfio_mdev/gate.h"
#include "debugfs.h"

/* How long a reader waits for a guest that keeps the driver's callbacks busy, in all. */
#define MDK_PATIENCE_MS 100

static struct dentry *mdk_debugfs;

static const char *const mdk_counter_names[MDK_NR_COUNTERS] = {
	[MDK_COUNT_READS] = "reads",	 [MDK_COUNT_WRITES] = "writes",
	[MDK_COUNT_HOLES] = "holes",	 [MDK_COUNT_REFUSED] = "refused",
	[MDK_COUNT_IRQS] = "interrupts", [MDK_COUNT_RESETS] = "resets",
	[MDK_COUNT_OPENS] = "opens",
	[MDK_COUNT_VECTORS_WRONG] = "vectors_wrong",
};

static u64 mdk_counted(const struct mdk_inst *inst, u32 counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(inst->counts, cpu)->n[counter]);
	return sum;
}

static void mdk_counter64_show(struct seq_file *m, struct mdk_inst *inst,
			       const struct mdk_reg *reg, const struct mdk_element *element,
			       unsigned int *patience_ms)
{
	u64 val;

	if (mdk_counter64_peek(inst, reg, element, patience_ms, &val))
		seq_printf(m, "%s %llu\n", reg->name, val);
	else
		seq_printf(m, "%s busy\n", reg->name);
}

/* The counters that the model declares. */
static void mdk_counters64_show(struct seq_file *m, struct mdk_inst *inst,
				const struct mdk_slot *slot, unsigned int *patience_ms)
{
	u32 i;

	for (i = 0; slot->elements && i < slot->nr_vals; i++)
		if (slot->elements[i].flags & MDK_ELEMENT_LOW)
			mdk_counter64_show(m, inst, mdk_slot_row(slot, i), &slot->elements[i],
					   patience_ms);
}

static int mdk_counters_show(struct seq_file *m, void *unused)
{
	struct mdk_inst *inst = m->private;
	unsigned int patience_ms = MDK_PATIENCE_MS;
	struct mdk_pin_stats pins;
	u32 i;

	for (i = 0; i < MDK_NR_COUNTERS; i++)
		seq_printf(m, "%s %llu\n", mdk_counter_names[i], mdk_counted(inst, i));
	seq_printf(m, "messages_dropped %llu\n", mdk_irqs_dropped(inst->irqs));
	mdk_pin_stats(&inst->base, &pins);
	seq_printf(m, "pinned_pages %llu\npinned_ranges %llu\npins %llu\npin_hits %llu\npins_killed %llu\n",
		   pins.pages, pins.ranges, pins.pins, pins.hits, pins.killed);
	seq_printf(m, "unmaps_merged %lu\n", mdk_mdev_gates_merged(inst->mdev));
	/* 0: it cannot be migrated; `mdev-sdk doctor` says so. */
	seq_printf(m, "migration_version %u\n", inst->plan->host->model.save_version);
	for (i = 0; i < MDK_NR_SLOTS; i++)
		mdk_counters64_show(m, inst, &inst->plan->slots[i], &patience_ms);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(mdk_counters);

void mdk_debugfs_add(struct mdk_inst *inst)
{
	inst->debugfs = debugfs_create_file(mdk_name(&inst->base), 0444, mdk_debugfs, inst,
					    &mdk_counters_fops);
}

/* Waits for readers, so the instance may be freed afterwards. */
void mdk_debugfs_remove(struct mdk_inst *inst)
{
	debugfs_remove(inst->debugfs);
}

void mdk_page_printf(void *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(out, fmt, args);
	va_end(args);
}

static int mdk_registers_show(struct seq_file *m, void *unused)
{
	struct mdk_host *host = m->private;
	const struct mdk_page page = { .out = m, .desc = &host->desc };

	mdk_page_print(&page);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(mdk_registers);

void mdk_debugfs_add_host(struct mdk_host *host)
{
	/* One model may be offered on several real parents. */
	host->debugfs = debugfs_create_dir(dev_name(host->dev), mdk_debugfs);
	debugfs_create_file("registers", 0444, host->debugfs, host, &mdk_registers_fops);
}

/* Likewise waits for readers: the tables belong to the driver's module, which may be unloaded. */
void mdk_debugfs_remove_host(struct mdk_host *host)
{
	debugfs_remove(host->debugfs);
}

void mdk_debugfs_init(void)
{
	mdk_debugfs = debugfs_create_dir("mdk", NULL);
}

void mdk_debugfs_exit(void)
{
	debugfs_remove(mdk_debugfs);
}
