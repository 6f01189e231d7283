/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the SDK's run time.
 *
 * At registration a model is checked and compiled into a plan, so that an access finds its
 * register by two array lookups. An instance is plan + values.
 */
#ifndef MDK_INTERNAL_H
#define MDK_INTERNAL_H

#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <linux/rwsem.h>
#include <linux/srcu.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <mdev_sdk/mdev.h>
#include <mdk/display.h>
#include <mdk/irqs.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

#include "../compat/compat.h"
#include "../mdev/driver.h"
#include "../vfio_mdev/async.h"
#include "config_space.h"
#include "irqs_private.h"

/* A VFIO offset is index << 40 | offset in the region, as in vfio-pci. */
#define MDK_OFFSET_BITS 40
#define MDK_OFFSET_MASK (BIT_ULL(MDK_OFFSET_BITS) - 1)

#define MDK_NR_SLOTS (VFIO_PCI_NUM_REGIONS + MDK_OWN_REGIONS_MAX)

#define MDK_MAP_STORED BIT(15)
#define MDK_MAP_PLAIN BIT(14)
#define MDK_MAP_NUMBER (BIT(14) - 1)

/* A register table covers at most this much of its region; what lies behind is a hole. */
#define MDK_REGS_SPAN_MAX SZ_1M

struct mdk_slot;
struct mdk_inst;
struct mdk_share;
struct mdk_hw;

/**
 * struct mdk_slot_ops - how one kind of region answers
 * @load: @width (1, 2, 4, 8) bytes at @off; the bytes are inside, @off is aligned to @width
 * @store: likewise
 */
struct mdk_slot_ops {
	u64 (*load)(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width);
	void (*store)(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		      unsigned int width, u64 val);
};

/* A part of a region; empty with size 0. */
struct mdk_span {
	u64 first;
	u64 size;
};

/**
 * struct mdk_slot - the compiled form of one region index
 * @size: bytes; 0 for an index that is not declared
 * @flags: VFIO_REGION_INFO_FLAG_*
 * @kind: 0 for configuration space
 * @ops: accesses in steps; NULL for RAM, which is copied
 * @region: the declaration; NULL for configuration space
 * @map: for each 4 bytes the number of its register in @regs plus one, 0 for a hole; with
 *	MDK_MAP_STORED if a read is just the stored value, MDK_MAP_PLAIN if a write just
 *	changes it
 * @nr_map: entries of @map
 * @regs: the register table, entries of @reg_size bytes
 * @reg_size: see struct mdk_registration
 * @nr_fast: @nr_map if a guest may access 4 bytes, else 0
 * @first_val: where the slot's values begin in mdk_inst.vals
 * @valid: widths that a guest may use, defaults filled in
 * @impl: widths that the callbacks want, defaults filled in
 * @msix_table: the part that is the MSI-X table
 * @msix_pba: the part that is its pending bits
 */
struct mdk_slot {
	u64 size;
	u32 flags;
	enum mdk_region_kind kind;
	const struct mdk_slot_ops *ops;
	const struct mdk_region *region;
	u16 *map;
	u32 nr_map;
	const void *regs;
	u32 reg_size;
	u32 nr_fast;
	u32 first_val;
	struct mdk_widths valid;
	struct mdk_widths impl;
	struct mdk_span msix_table;
	struct mdk_span msix_pba;
};

/**
 * struct mdk_plan - the compiled form of one type of a model
 * @host: the model
 * @type: the type
 * @regions: the type's own or the model's
 * @nr_regions: entries of @regions
 * @slots: by region index
 * @void_slots: the same once the hardware is gone: all-ones, and nobody is asked
 * @pause_slots: while it is away: all-ones but for what the SDK keeps by itself
 * @nr_slots: region indexes that VFIO is told of
 * @nr_vals: registers of all slots
 * @nr_msix: words of the MSI-X table
 * @messages: a bit for each enum mdk_irq_index whose vectors bus mastering lets through
 * @config: masks of the configuration space
 */
struct mdk_plan {
	struct mdk_host *host;
	const struct mdk_type *type;
	const struct mdk_region *regions;
	u32 nr_regions;
	struct mdk_slot slots[MDK_NR_SLOTS];
	struct mdk_slot void_slots[MDK_NR_SLOTS];
	struct mdk_slot pause_slots[MDK_NR_SLOTS];
	u32 nr_slots;
	u32 nr_vals;
	u32 nr_msix;
	unsigned long messages;
	struct mdk_config_map *config;
};

/**
 * struct mdk_host - a registered model
 * @model: our copy of the vendor's struct
 * @ops: our copy of his ops
 * @display: our copy of his display; none without .scanout
 * @reg: sizes of the structures that his arrays consist of
 * @obeys: its instances do no DMA and send no message while bus mastering is off
 * @plans: one for each type
 * @nr_plans: entries of @plans
 * @class: of a virtual parent; gives the types their prefix. NULL on a real one
 * @dev: the parent
 * @data: the driver's own of a real parent
 * @link: in the list of hosts on real parents
 * @budget_lock: guards the units in use of @budgets
 * @budgets: what the types share
 * @nr_budgets: entries of @budgets in use, at least one
 * @groups: type groups for the core, NULL-terminated
 * @inst_attrs: the model's files of each instance
 * @parent_attrs: and of the parent
 * @insts_lock: guards the next two; outside of an instance's locks
 * @insts: instances, by @host_link
 * @gone: of mdk_gone(): there is no hardware any more
 * @paused: why the hardware is away for now, see enum mdk_pause; not looked at once @gone
 * @gone_lock: held by mdk_gone() and by all that happens to a parent, outside of @insts_lock
 * @gone_rounds: calls that waited for all instances
 * @awaited: the instance that is waited for, without @insts_lock
 * @hw: sections of mdk_hw_enter()
 * @wait: for @awaited
 * @told: mistakes of its callbacks that the log has already (vendor_checks.c)
 * @debugfs: its folder
 */
struct mdk_host {
	struct mdk_model model;
	struct mdk_ops ops;
	struct mdk_display display;
	struct mdk_registration reg;
	bool obeys;
	struct mdk_plan *plans;
	u32 nr_plans;
	struct class *class;
	struct device *dev;
	void *data;
	struct list_head link;
	spinlock_t budget_lock;
	struct {
		u32 units;
		u32 used;
	} budgets[MDK_BUDGETS_MAX];
	u32 nr_budgets;
	struct attribute_group **groups;
	struct mdk_attr_set *inst_attrs;
	struct mdk_attr_set *parent_attrs;
	struct mutex insts_lock;
	struct list_head insts;
	bool gone;
	unsigned int paused;
	struct mutex gone_lock;
	unsigned int gone_rounds;
	struct mdk_inst *awaited;
	wait_queue_head_t wait;
	struct srcu_struct hw;
	unsigned long told;
	struct dentry *debugfs;
};

/* Others wait for what a guest does to the hardware of a real parent. */
static inline bool mdk_host_is_real(const struct mdk_host *host)
{
	return !host->class;
}

/* What debugfs counts for each instance. */
enum mdk_counter {
	MDK_COUNT_READS,
	MDK_COUNT_WRITES,
	MDK_COUNT_HOLES,
	MDK_COUNT_REFUSED,
	MDK_COUNT_IRQS,
	MDK_COUNT_RESETS,
	MDK_COUNT_OPENS,
	MDK_NR_COUNTERS,
};

/* One for each processor: two vCPUs count at once, an interrupt amid a count, and none is lost. */
struct mdk_counts {
	u64 n[MDK_NR_COUNTERS];
};

/* Where in its life an instance is, as mdk/life.h counts. */
enum mdk_phase {
	MDK_PHASE_INIT,
	MDK_PHASE_IDLE,
	MDK_PHASE_OPEN,
	MDK_PHASE_FINI,
};

/**
 * struct mdk_stop - resets of a device whose quiesce failed
 * @work: resets
 * @wait: for @served
 * @asked: number of the last one that was asked for
 * @served: @asked when the last reset began
 * @tries: that took too long, in a row
 * @over: ops.quiesce was called for the last time: the instance is gone; under @quiesce_lock
 * @quiesce_lock: held across ops.quiesce
 */
struct mdk_stop {
	struct work_struct work;
	wait_queue_head_t wait;
	unsigned long asked;
	unsigned long served;
	unsigned int tries;
	bool over;
	struct mutex quiesce_lock;
};

/* Numbers of planes that a user may still ask a dma-buf for. */
#define MDK_PLANES_KEPT 8

/**
 * struct mdk_shown - what the display has shown lately
 * @lock: guards the rest
 * @last: number of the newest plane, 0 before the first
 * @planes: by number, modulo MDK_PLANES_KEPT
 */
struct mdk_shown {
	struct mutex lock;
	u32 last;
	struct mdk_plane planes[MDK_PLANES_KEPT];
};

/**
 * struct mdk_inst - an instance
 * @base: what callbacks see; first
 * @plan: of its type, alive as long as the instance
 * @slots: of @plan: what accesses go by
 * @host_link: in mdk_host.insts
 * @gone: the hardware is gone; set under @maps_lock, and then each holder of @entry, @callbacks
 *	and stop.quiesce_lock is waited for once
 * @fenced: no access reaches the hardware: gone or paused; set like @gone
 * @fences: times that @fenced was set, likewise
 * @hw_off: nobody touches the hardware: gone or paused, and what ran has ended; in a pause written
 *	under @callbacks and stop.quiesce_lock
 * @dma_runs: ops.quiesce failed when the parent was paused: a reset comes before the pages go
 * @off: its guest has switched it off, see master.c; under @callbacks
 * @owed_reset: ops.reset was due while the hardware was away; under @callbacks
 * @owed_scrub: likewise ops.scrub
 * @gone_round: of mdk_host.gone_rounds, that waited for this one
 * @entry: held across ops.init and ops.open
 * @name: the UUID as text
 * @mdev: the mediated device
 * @irqs: its interrupts
 * @pins: its pins; NULL for a model without pin_pages
 * @copies: held by copies without a pin; who switches the instance off waits for them
 * @switching: held across a write that may switch the device on or off, and what follows from it;
 *	outside of @callbacks
 * @cancel: ends the wait for VFIO, of an instance on a real parent
 * @stop: resets that unmaps ask for
 * @callbacks: held across every callback with side effects, and across a reset
 * @phase: see enum mdk_phase; changes between callbacks of init, open, close and fini
 * @endings_lock: guards @endings
 * @endings: actions of each scope, latest first
 * @works: workers, constant after init
 * @works_lock: guards @works_open
 * @works_open: workers may be queued: from open until close begins
 * @works_held: but not now: kept until the hardware is back
 * @counts: for debugfs
 * @debugfs: its file
 * @maps_lock: guards @maps; a fault holds it from its look at @gone until the page is mapped
 * @maps: the file behind all mappings of RAM, by which they are revoked; made by the first mmap
 * @ram: memory by region index
 * @hw: parts of the parent by region index; constant after init
 * @shares: of regions that were exported as dma-buf; under @maps_lock while it is open
 * @shown: planes of the display
 * @config: configuration space, by offset / 4
 * @msix: words of the MSI-X table
 * @vals: registers of all slots; @config and @msix lie behind them
 */
struct mdk_inst {
	struct mdk_dev base;
	const struct mdk_plan *plan;
	const struct mdk_slot *slots;
	struct list_head host_link;
	bool gone;
	bool fenced;
	unsigned int fences;
	bool hw_off;
	bool dma_runs;
	bool off;
	bool owed_reset;
	bool owed_scrub;
	unsigned int gone_round;
	struct mutex entry;
	const char *name;
	struct mdev_device *mdev;
	struct mdk_irqs *irqs;
	struct mdk_pin_cache *pins;
	struct rw_semaphore copies;
	struct mutex switching;
	struct mdv_cancel cancel;
	struct mdk_stop stop;
	struct mutex callbacks;
	enum mdk_phase phase;
	struct mutex endings_lock;
	struct list_head endings[2];
	struct list_head works;
	spinlock_t works_lock;
	bool works_open;
	bool works_held;
	struct mdk_counts __percpu *counts;
	struct dentry *debugfs;
	struct mutex maps_lock;
	struct file *maps;
	void *ram[MDK_NR_SLOTS];
	struct mdk_hw *hw[MDK_NR_SLOTS];
	struct mdk_share *shares[MDK_NR_SLOTS];
	struct mdk_shown shown;
	atomic_t *config;
	atomic_t *msix;
	atomic_t vals[];
};

static inline struct mdk_inst *to_mdk_inst(struct mdk_dev *dev)
{
	return container_of(dev, struct mdk_inst, base);
}

static inline const struct mdk_ops *mdk_inst_ops(const struct mdk_inst *inst)
{
	return &inst->plan->host->ops;
}

static inline void mdk_count_more(struct mdk_inst *inst, enum mdk_counter counter, u32 more)
{
	this_cpu_add(inst->counts->n[counter], more);
}

static inline void mdk_count(struct mdk_inst *inst, enum mdk_counter counter)
{
	mdk_count_more(inst, counter, 1);
}

/*
 * Of a word that others change at the same time, two vCPUs or the driver in an interrupt: the bits
 * of @mask, and no other. Return: the word as it was left.
 */
static __always_inline u32 mdk_word_change(atomic_t *word, u32 mask, u32 val)
{
	int old = atomic_read(word);
	u32 now;

	do {
		now = ((u32)old & ~mask) | (val & mask);
	} while (unlikely(!atomic_try_cmpxchg(word, &old, now)));
	return now;
}

/* The vendor's arrays may have entries of another size than ours: another version of the SDK. */
static inline const struct mdk_reg *mdk_plan_reg(const struct mdk_plan *plan,
						 const struct mdk_region *region, u32 i)
{
	return (const void *)region->regs + i * plan->host->reg.reg_size;
}

static inline const struct mdk_reg *mdk_slot_reg(const struct mdk_slot *slot, u32 i)
{
	return slot->regs + i * slot->reg_size;
}

static inline const struct mdk_region *mdk_plan_region(const struct mdk_plan *plan, u32 i)
{
	return (const void *)plan->regions + i * plan->host->reg.region_size;
}

static inline const struct mdk_type *mdk_host_type(const struct mdk_host *host, u32 i)
{
	return (const void *)host->model.types + i * host->reg.type_size;
}

static inline const struct mdk_slot *mdk_slot_at(const struct mdk_inst *inst, u64 index)
{
	const struct mdk_slot *slot;

	if (unlikely(index >= MDK_NR_SLOTS))
		return NULL;
	slot = &READ_ONCE(inst->slots)[array_index_nospec(index, MDK_NR_SLOTS)];
	return likely(slot->size) ? slot : NULL;
}

/* check.c */
int mdk_host_check(const struct mdk_host *host);
int mdk_plan_check(const struct mdk_plan *plan);

/* plan.c */
int mdk_plan_compile(struct mdk_plan *plan);
void mdk_plan_free(struct mdk_plan *plan);

/* config.c */
struct mdk_config_spec mdk_plan_config_spec(const struct mdk_plan *plan);
int mdk_config_compile(struct mdk_plan *plan);
void mdk_config_reset(struct mdk_inst *inst);

/* master.c */
bool mdk_master_follow(struct mdk_inst *inst);
void mdk_master_drop_pins(struct mdk_inst *inst);
void mdk_master_stop(struct mdk_inst *inst);

/* msix.c; the first two: all-ones and nothing where the slot has neither table nor pending bits */
u32 mdk_msix_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off);
void mdk_msix_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, u32 val,
		      u32 enabled);
u64 mdk_msix_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, unsigned int width);
void mdk_msix_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width, u64 val);
void mdk_msix_compile(struct mdk_plan *plan, const struct mdk_config_spec *spec);
void mdk_msix_reset(struct mdk_inst *inst);

/* An aligned access is inside as a whole: both begin at multiples of 8 and end so. */
static inline bool mdk_msix_holds(const struct mdk_slot *slot, u64 off)
{
	return off - slot->msix_table.first < slot->msix_table.size ||
	       off - slot->msix_pba.first < slot->msix_pba.size;
}

static inline bool mdk_msix_any(const struct mdk_slot *slot)
{
	return slot->msix_table.size || slot->msix_pba.size;
}

/*
 * A region may have more words than a u32 can count; register tables end far below. The words that
 * follow in the same access can be counted on from here without an overflow.
 */
static inline u32 mdk_word_at(u64 off)
{
	return min_t(u64, off / 4, U32_MAX - SZ_4K);
}

/* regs.c */
extern const struct mdk_slot_ops mdk_regs_slot_ops;
u32 mdk_regs_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word);
void mdk_regs_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word, u32 val,
		      u32 enabled);
void mdk_regs_reset(struct mdk_inst *inst);
const struct mdk_reg *mdk_slot_reg_at(const struct mdk_slot *slot, u32 word);

/* region.c */
extern const struct mdk_slot_ops mdk_callback_slot_ops;

/* gone.c */
void mdk_plan_void(struct mdk_plan *plan);
int mdk_inst_join(struct mdk_inst *inst);
void mdk_inst_leave(struct mdk_inst *inst);
void mdk_inst_lose(struct mdk_inst *inst);
void mdk_inst_tell(struct mdk_inst *inst, enum mdk_irq_index index);
void mdk_inst_entered(struct mdk_inst *inst);
void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced);
void mdk_insts_each(struct mdk_host *host, void (*act)(struct mdk_inst *inst));
void mdk_insts_wait(struct mdk_host *host, void (*act)(struct mdk_inst *inst));

/* pause.c */

/* Bits of mdk_host.paused. */
enum mdk_pause {
	MDK_PAUSE_SUSPEND = BIT(0),
	MDK_PAUSE_RESET = BIT(1),
	MDK_PAUSE_ERROR = BIT(2),
};

void mdk_plan_pause(struct mdk_plan *plan);
void mdk_inst_wait_paid(struct mdk_inst *inst);

/* hw.c */
extern const struct mdk_slot_ops mdk_hw_slot_ops;
void mdk_hw_free(struct mdk_inst *inst);
bool mdk_hw_pfn(struct mdk_inst *inst, u64 index, u64 off, unsigned long *pfn);

/* host.c */
struct mdk_host *mdk_host_of(struct device *parent);

/* ram.c */
int mdk_ram_alloc(struct mdk_inst *inst);
void mdk_ram_free(struct mdk_inst *inst);
void mdk_ram_clear(struct mdk_inst *inst);
ssize_t mdk_ram_read(struct mdk_inst *inst, u64 index, char __user *buf, size_t count, u64 off);
ssize_t mdk_ram_write(struct mdk_inst *inst, u64 index, const char __user *buf, size_t count,
		      u64 off);
void mdk_ram_revoke(struct mdk_inst *inst);
int mdk_mmap(struct mdev_device *mdev, struct vm_area_struct *vma);

/* dmabuf.c */
#define MDK_HAVE_DMA_BUF IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
#if MDK_HAVE_DMA_BUF
long mdk_ram_export(struct mdk_inst *inst, u32 index, u64 off, u64 size);
bool mdk_ram_exported(struct mdk_inst *inst, bool *were);
void mdk_ram_unshare(struct mdk_inst *inst, u32 index, bool keep);
#else
static inline long mdk_ram_export(struct mdk_inst *inst, u32 index, u64 off, u64 size)
{
	return -EINVAL;
}

static inline bool mdk_ram_exported(struct mdk_inst *inst, bool *were)
{
	return false;
}

static inline void mdk_ram_unshare(struct mdk_inst *inst, u32 index, bool keep)
{
}
#endif

/* display.c */
long mdk_ioctl_query_plane(struct mdk_inst *inst, void __user *uarg);
long mdk_ioctl_get_dmabuf(struct mdk_inst *inst, void __user *uarg);
void mdk_display_forget(struct mdk_inst *inst);

/* access.c */
ssize_t mdk_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos);
ssize_t mdk_write(struct mdev_device *mdev, const char __user *buf, size_t count, loff_t *ppos);

/* info.c */
int mdk_get_region_info(struct mdev_device *mdev, struct vfio_region_info *info,
			struct vfio_info_cap *caps);
long mdk_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg);

/* instance.c */
int mdk_create(struct kobject *kobj, struct mdev_device *mdev);
int mdk_remove(struct mdev_device *mdev);
int mdk_open(struct mdev_device *mdev);
void mdk_close(struct mdev_device *mdev);
void mdk_request(struct mdev_device *mdev, unsigned int count);
void mdk_inst_reset(struct mdk_inst *inst, bool last_close);
void mdk_inst_power_on(struct mdk_inst *inst, bool last_close);
void mdk_inst_power_on_hw(struct mdk_inst *inst, bool last_close);

/* pins.c */
void mdk_pin_cache_set_cancel(struct mdk_pin_cache *cache, struct mdv_cancel *cancel);
void mdk_pin_cache_set_off(struct mdk_pin_cache *cache, bool off);

/* pin.c */
int mdk_inst_pins_alloc(struct mdk_inst *inst);
int mdk_quiesce(struct mdev_device *mdev, u64 iova, u64 size);
int mdk_inst_quiesce(struct mdk_inst *inst, u64 iova, u64 size);
void mdk_inst_stop_dma(struct mdk_inst *inst);
void mdk_quiesce_failed(struct mdev_device *mdev);

/* life.c */
void mdk_endings_run(struct mdk_inst *inst, enum mdk_scope scope);
void mdk_works_start(struct mdk_inst *inst);
void mdk_works_drain(struct mdk_inst *inst);
void mdk_works_hold(struct mdk_inst *inst);
void mdk_works_release(struct mdk_inst *inst);

/* attr.c */
struct mdk_attr_set;
int mdk_attrs_check(const struct mdk_host *host, const struct mdk_attr *attrs, u32 nr);
struct mdk_attr_set *mdk_attrs_create(const struct mdk_attr *attrs, u32 nr, bool parent);
const struct attribute_group **mdk_attrs_groups(struct mdk_attr_set *set);
void mdk_attrs_free(struct mdk_attr_set *set);

/* debugfs.c */
void mdk_debugfs_init(void);
void mdk_debugfs_exit(void);
void mdk_debugfs_add(struct mdk_inst *inst);
void mdk_debugfs_remove(struct mdk_inst *inst);
void mdk_debugfs_add_host(struct mdk_host *host);
void mdk_debugfs_remove_host(struct mdk_host *host);

/* type.c */
int mdk_type_groups_alloc(struct mdk_host *host);
void mdk_type_groups_free(struct mdk_host *host);
struct mdk_plan *mdk_plan_by_kobj(struct mdk_host *host, struct kobject *kobj);
struct mdk_budget mdk_host_budget(const struct mdk_host *host, u32 i);
int mdk_budget_take(struct mdk_host *host, const struct mdk_type *type, struct mdev_device *mdev);
void mdk_budget_give(struct mdk_host *host, const struct mdk_type *type);
u32 mdk_type_cost(const struct mdk_type *type, u32 budget);

#endif /* MDK_INTERNAL_H */
