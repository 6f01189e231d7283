/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model as the files of this folder see it. They take no lock, allocate nothing and use no kernel
 * header: they compile in user space too (tools/describe).
 */
#ifndef MDK_DESC_H
#define MDK_DESC_H

#include <mdk/model.h>

#include "config_space.h"

/**
 * struct mdk_desc - a model, and the sizes of its arrays' entries
 * @model: the vendor's struct, or the SDK's copy
 * @ops: likewise the ops
 * @display: likewise the display; without .scanout there is none
 * @region_size: bytes of an entry of a table of regions, as the vendor's SDK version has it
 * @reg_size: likewise of a register table
 * @type_size: likewise of the types
 * @cap_size: likewise of the capabilities
 * @param_size: likewise of the parameters
 * @cause_size: likewise of the causes
 * @ring_size: likewise of the rings
 * @save_size: likewise of what is saved
 * @page_size: of the machine, in bytes
 * @real: its parent is a real device
 */
struct mdk_desc {
	const struct mdk_model *model;
	const struct mdk_ops *ops;
	const struct mdk_display *display;
	size_t region_size;
	size_t reg_size;
	size_t type_size;
	size_t cap_size;
	size_t param_size;
	size_t cause_size;
	size_t ring_size;
	size_t save_size;
	unsigned long page_size;
	bool real;
};

static inline const struct mdk_type *mdk_desc_type(const struct mdk_desc *desc, u32 i)
{
	return (const void *)((const char *)desc->model->types + i * desc->type_size);
}

/* The members from .resets on came together; the rows of a driver of an older SDK end before. */
static inline bool mdk_desc_has_sets(const struct mdk_desc *desc)
{
	return desc->reg_size >= offsetof(struct mdk_reg, read64) + sizeof(void *);
}

/* Registers of 32 bits that a row makes, and bytes from one to the next. */
static inline u32 mdk_desc_count(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	if (reg->kind == MDK_REG_KIND_COUNTER64)
		return 2;
	return mdk_desc_has_sets(desc) && reg->count ? reg->count : 1;
}

static inline u32 mdk_desc_stride(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	if (reg->kind == MDK_REG_KIND_COUNTER64 || !mdk_desc_has_sets(desc))
		return 4;
	return reg->stride ? reg->stride : 4;
}

/* A driver of an older SDK has none of these. */
static inline u32 mdk_desc_resets(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	return mdk_desc_has_sets(desc) ? reg->resets : 0;
}

static inline bool mdk_desc_reads(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	return reg->read || (mdk_desc_has_sets(desc) && reg->read_at);
}

static inline bool mdk_desc_writes(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	return reg->written || (mdk_desc_has_sets(desc) && reg->written_at);
}

static inline const struct mdk_param *mdk_desc_param(const struct mdk_desc *desc, u32 i)
{
	return (const void *)((const char *)desc->model->params + i * desc->param_size);
}

static inline const struct mdk_cause *mdk_desc_cause(const struct mdk_desc *desc, u32 i)
{
	return (const void *)((const char *)desc->model->causes + i * desc->cause_size);
}

static inline u32 mdk_cause_bit(const struct mdk_cause *cause)
{
	return cause->bit < 32 ? 1U << cause->bit : 0;
}

/* The bits of the status register there that are causes. */
u32 mdk_desc_cause_bits(const struct mdk_desc *desc, struct mdk_at status);

static inline const struct mdk_ring_row *mdk_desc_ring(const struct mdk_desc *desc, u32 i)
{
	return (const void *)((const char *)desc->model->rings + i * desc->ring_size);
}

static inline const struct mdk_save *mdk_desc_save(const struct mdk_desc *desc, u32 i)
{
	return (const void *)((const char *)desc->model->saves + i * desc->save_size);
}

static inline u32 mdk_ring_row_count(const struct mdk_ring_row *row)
{
	return row->count ? row->count : 1;
}

/* Registers that a row of rings may name, but for .select. */
#define MDK_RING_ATS 7

/* The places of those that it does name, of its first ring. Return: how many. */
u32 mdk_ring_row_ats(const struct mdk_ring_row *row, struct mdk_at ats[MDK_RING_ATS]);

/* The end that a guest moves depends on who puts into the ring. */
static inline struct mdk_at mdk_ring_row_bell(const struct mdk_ring_row *row)
{
	return row->completions ? row->head : row->tail;
}

/* Is a register given? */
static inline bool mdk_at_given(struct mdk_at at)
{
	return at.region || at.offset;
}

/* The largest mode; 0 for a driver of an older SDK. */
static inline u32 mdk_desc_max_xres(const struct mdk_desc *desc, const struct mdk_type *type)
{
	return desc->type_size > offsetof(struct mdk_type, max_xres) ? type->max_xres : 0;
}

static inline u32 mdk_desc_max_yres(const struct mdk_desc *desc, const struct mdk_type *type)
{
	return desc->type_size > offsetof(struct mdk_type, max_yres) ? type->max_yres : 0;
}

/* What the parameter's .max means. */
static inline u32 mdk_param_max(const struct mdk_param *param)
{
	return param->max ? param->max : U32_MAX;
}

/* Names of a register's bits. Return: how many; a driver of an older SDK has no room for any. */
static inline u32 mdk_desc_bits(const struct mdk_desc *desc, const struct mdk_reg *reg,
				const struct mdk_bits **bits)
{
	if (desc->reg_size < offsetof(struct mdk_reg, nr_bits) + sizeof(reg->nr_bits) || !reg->bits)
		return 0;
	*bits = reg->bits;
	return reg->nr_bits;
}

/* Bits that a driver changes; one of an older SDK cannot be migrated. */
static inline u32 mdk_reg_driver_mask(size_t reg_size, const struct mdk_reg *reg)
{
	if (reg_size < offsetof(struct mdk_reg, driver_mask) + sizeof(reg->driver_mask))
		return 0;
	return reg->driver_mask;
}

/* A model that declares no budgets has one, of .budget units. */
static inline u32 mdk_desc_nr_budgets(const struct mdk_desc *desc)
{
	return desc->model->nr_budgets ? desc->model->nr_budgets : 1;
}

static inline struct mdk_budget mdk_desc_budget(const struct mdk_desc *desc, u32 i)
{
	if (desc->model->nr_budgets)
		return desc->model->budgets[i];
	return (struct mdk_budget){ .name = "budget", .units = desc->model->budget };
}

static inline u32 mdk_type_cost(const struct mdk_type *type, u32 budget)
{
	return !budget && type->cost ? type->cost : type->costs[budget];
}

/* What the configuration space of a type is made from. */
struct mdk_config_spec mdk_desc_config_spec(const struct mdk_desc *desc,
					    const struct mdk_type *type);

#endif /* MDK_DESC_H */
