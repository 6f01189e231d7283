// SPDX-License-Identifier: GPL-2.0-only
/* The rows of a model, out of its plan. */
#include <linux/slab.h>
#include <mdk/irqs.h>

#include "helpers/irqs_private.h"
#include "model/save_row.h"
#include "run/access/access.h"
#include "run/instance/instance.h"
#include "run/migrate/migrate.h"
#include "user/rows.h"
#include "user/shell/shell.h"

/* NULL: it is a device of layer 1 alone. */
static struct mdk_inst *inst_of(struct user_device *dev)
{
	return dev->parent->ops.read == mdk_read ? mdev_get_drvdata(&dev->base) : NULL;
}

static struct user_at at_of(struct mdk_at at, u32 more)
{
	return (struct user_at){ at.region, at.offset + more, mdk_at_given(at) };
}

/* Registers */

static bool stays(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	switch (reg->kind) {
	case MDK_REG_KIND_RO:
	case MDK_REG_KIND_RSVD:
	case MDK_REG_KIND_EDID:
		return !mdk_desc_reads(desc, reg);
	default:
		return false;
	}
}

static u32 named(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	const struct mdk_bits *bits;
	u32 i, nr = mdk_desc_bits(desc, reg, &bits), mask = 0;

	for (i = 0; i < nr; i++)
		mask |= GENMASK(bits[i].high, bits[i].low);
	return mask;
}

/* The SDK itself changes what rings and causes show. */
static bool is_shown(const struct mdk_plan *plan, u32 region, u32 offset)
{
	const struct mdk_ring_row *row;
	u32 i;

	for (i = 0; i < plan->nr_rings; i++) {
		row = plan->rings[i].row;
		if (row->state.region == region && row->state.offset == offset)
			return true;
	}
	for (i = 0; i < plan->nr_cause_sets; i++)
		if (plan->cause_sets[i].region == region && plan->cause_sets[i].offset == offset)
			return true;
	return false;
}

static u32 fixed(const struct mdk_plan *plan, u32 region, u32 offset, const struct mdk_reg *reg)
{
	if (reg->kind != MDK_REG_KIND_RW || mdk_desc_reads(plan->desc, reg) ||
	    is_shown(plan, region, offset))
		return 0;
	return ~(reg->mask | named(plan->desc, reg));
}

static void add_reg(struct user_rows *rows, const struct mdk_plan *plan, u32 region,
		    const struct mdk_reg *reg)
{
	const struct mdk_desc *desc = plan->desc;
	u32 i, offset = reg->offset;

	for (i = 0; i < mdk_desc_count(desc, reg); i++, offset += mdk_desc_stride(desc, reg))
		rows->regs[rows->nr_regs++] = (struct user_reg){
			.region = region,
			.offset = offset,
			.kind = reg->kind,
			.mask = reg->mask,
			.resets = mdk_desc_resets(desc, reg),
			.stays = stays(desc, reg),
			.fixed = fixed(plan, region, offset, reg),
		};
}

static int add_regs(struct user_rows *rows, const struct mdk_plan *plan)
{
	const struct mdk_region *region;
	u32 i, j;

	rows->regs = kcalloc(plan->nr_vals + 1, sizeof(*rows->regs), GFP_KERNEL);
	if (!rows->regs)
		return -ENOMEM;
	for (i = 0; i < plan->nr_regions; i++) {
		region = mdk_plan_region(plan, i);
		for (j = 0; region->kind == MDK_REGION_KIND_REGS && j < region->nr_regs; j++)
			add_reg(rows, plan, region->index, mdk_plan_reg(plan, region, j));
	}
	return 0;
}

/* Rings */

static struct user_ring ring_of(const struct mdk_ring_plan *ring)
{
	const struct mdk_ring_row *row = ring->row;
	bool selected = mdk_at_given(row->select);
	u32 more = selected ? 0 : ring->index * row->stride;
	struct user_at base = at_of(row->base, more);

	/* A base may be at the very beginning of region 0. */
	base.given = !row->driver_starts;
	return (struct user_ring){
		.base = base,
		.base_high = at_of(row->base_high, more),
		.size = at_of(row->size, more),
		.control = at_of(row->control, more),
		.bell = at_of(mdk_ring_row_bell(row), more),
		.select = at_of(row->select, 0),
		.enable = row->enable,
		.size_is = row->size_is,
		.size_bits = row->size_bits,
		.indices = row->indices,
		.max = row->max,
		.desc_size = row->desc_size,
		.at = ring->index,
		.completions = row->completions,
		.name = row->name,
	};
}

static int add_rings(struct user_rows *rows, const struct mdk_plan *plan)
{
	u32 i;

	rows->rings = kcalloc(plan->nr_rings + 1, sizeof(*rows->rings), GFP_KERNEL);
	if (!rows->rings)
		return -ENOMEM;
	for (i = 0; i < plan->nr_rings; i++)
		rows->rings[rows->nr_rings++] = ring_of(&plan->rings[i]);
	return 0;
}

/* Causes */

static struct user_causes causes_of(const struct mdk_cause_set *set)
{
	return (struct user_causes){
		.region = set->region,
		.offset = set->offset,
		.bits = set->bits,
		.auto_mask = set->auto_mask,
		.moderated = set->moderated,
	};
}

static int add_causes(struct user_rows *rows, const struct mdk_plan *plan)
{
	u32 i;

	rows->causes = kcalloc(plan->nr_cause_sets + 1, sizeof(*rows->causes), GFP_KERNEL);
	if (!rows->causes)
		return -ENOMEM;
	for (i = 0; i < plan->nr_cause_sets; i++)
		rows->causes[rows->nr_causes++] = causes_of(&plan->cause_sets[i]);
	return 0;
}

static u32 vector_of(const struct mdk_inst *inst, const struct mdk_cause_set *set,
		     const struct mdk_vector *vectors, u32 bit)
{
	const struct mdk_pick *pick = &set->picks[bit];

	if (!(set->picked & BIT(bit)))
		return vectors[bit].number;
	return (atomic_read(&inst->vals[pick->val]) & pick->bits) >> __builtin_ctz(pick->bits);
}

static u32 gap_of(const struct mdk_inst *inst, const struct mdk_gap_spec *spec)
{
	u64 us = spec->us;

	if (spec->val != MDK_NO_VAL)
		us *= (u32)atomic_read(&inst->vals[spec->val]);
	return min_t(u64, us, USEC_PER_SEC);
}

struct user_causes_now user_causes_now(struct user_device *dev, unsigned int nr)
{
	struct mdk_inst *inst = inst_of(dev);
	const struct mdk_cause_set *set = &inst->plan->cause_sets[nr];
	u32 mask = atomic_read(&inst->vals[set->mask]), i;
	struct user_causes_now now = {
		.status = atomic_read(&inst->vals[set->status]) & set->bits,
		.through = set->through | (mask ^ set->invert),
	};

	for (i = 0; i < 32; i++) {
		if (!(set->bits & BIT(i)))
			continue;
		now.msi[i] = vector_of(inst, set, set->msi, i);
		now.msix[i] = vector_of(inst, set, set->msix, i);
		if (mdk_irqs_heard(inst->irqs, MDK_IRQ_MSI, now.msi[i]) ||
		    mdk_irqs_heard(inst->irqs, MDK_IRQ_MSIX, now.msix[i]))
			now.heard |= BIT(i);
		if (set->moderated & BIT(i))
			now.gap_us[i] = gap_of(inst, &set->gaps[i]);
	}
	return now;
}

struct user_intx user_intx_now(struct user_device *dev)
{
	struct mdk_inst *inst = inst_of(dev);
	const struct mdk_plan *plan = inst ? inst->plan : NULL;

	if (!plan || !plan->nr_cause_sets || !(plan->irqs & BIT(MDK_IRQ_INTX)))
		return (struct user_intx){ 0 };
	return (struct user_intx){ true, mdk_irqs_intx_asserted(inst->irqs) };
}

/* Configuration space, parameters */

static int add_config(struct user_rows *rows, const struct mdk_config_map *map)
{
	u32 i;

	rows->config = kcalloc(map->size / 4 + 1, sizeof(*rows->config), GFP_KERNEL);
	if (!rows->config)
		return -ENOMEM;
	for (i = 0; i < map->size / 4; i++)
		rows->config[rows->nr_config++] = (struct user_config){
			.write = map->words[i].write | map->words[i].w1c,
			.live = map->words[i].live,
		};
	return 0;
}

static int add_params(struct user_rows *rows, const struct mdk_desc *desc)
{
	const struct mdk_param *param;
	u32 i, nr = desc->param_size ? desc->model->nr_params : 0;

	rows->params = kcalloc(nr + 1, sizeof(*rows->params), GFP_KERNEL);
	if (!rows->params)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		param = mdk_desc_param(desc, i);
		rows->params[rows->nr_params++] = (struct user_param){
			param->group, param->name, param->min, mdk_param_max(param),
		};
	}
	return 0;
}

/* What a migration carries */

static int add_saves(struct user_rows *rows, const struct mdk_desc *desc)
{
	const struct mdk_save *row;
	u32 i, nr = desc->model->save_version ? desc->model->nr_saves : 0;

	rows->saves = kcalloc(nr + 1, sizeof(*rows->saves), GFP_KERNEL);
	if (!rows->saves)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		row = mdk_desc_save(desc, i);
		if (row->not_because || row->is_blob)
			continue;
		rows->saves[rows->nr_saves++] = (struct user_save){
			row->name, row->size, (u64)row->count * row->repeat, row->min,
			mdk_save_max(row),
		};
	}
	return 0;
}

struct user_rows *user_rows_of(struct user_device *dev)
{
	struct mdk_inst *inst = inst_of(dev);
	struct user_rows *rows = inst ? kzalloc(sizeof(*rows), GFP_KERNEL) : NULL;

	if (!rows)
		return NULL;
	if (!add_regs(rows, inst->plan) && !add_rings(rows, inst->plan) &&
	    !add_causes(rows, inst->plan) && !add_config(rows, inst->plan->config) &&
	    !add_params(rows, inst->plan->desc) && !add_saves(rows, inst->plan->desc))
		return rows;
	user_rows_free(rows);
	return NULL;
}

void user_rows_free(struct user_rows *rows)
{
	if (!rows)
		return;
	kfree(rows->regs);
	kfree(rows->rings);
	kfree(rows->config);
	kfree(rows->params);
	kfree(rows->causes);
	kfree(rows->saves);
	kfree(rows);
}

bool user_reg_peek(struct user_device *dev, uint32_t region, uint32_t offset, uint32_t *value)
{
	struct mdk_inst *inst = inst_of(dev);
	const struct mdk_slot *slot = inst && region < MDK_NR_SLOTS ? &inst->plan->slots[region] :
								      NULL;
	u32 entry = slot && slot->kind == MDK_REGION_KIND_REGS && offset / 4 < slot->nr_map ?
			    slot->map[offset / 4] : 0;

	if (!(entry & MDK_MAP_STORED))
		return false;
	*value = atomic_read(&inst->vals[slot->first_val + (entry & MDK_MAP_NUMBER) - 1]);
	return true;
}

uint64_t user_save_peek(struct user_device *dev, uint8_t *bytes, uint64_t size)
{
	struct mdk_stream_out out = { .bytes = bytes, .size = size };
	struct mdk_inst *inst = inst_of(dev);

	if (!inst || !inst->migration)
		return 0;
	if (!bytes)
		return mdk_migration_most(inst);
	return mdk_migration_save(inst, &out) ? 0 : out.at;
}
