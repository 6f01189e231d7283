// SPDX-License-Identifier: GPL-2.0-only
/* Rings as rows: see check.c. Their registers are looked for in the regions of a type. */
#include <mdk/ring.h>

#include "check.h"
#include "fault.h"
#include "plain.h"

#define MDK_RING_PAGES_MAX 4096

/* A register that a row names, and what it has to be. */
struct mdk_ring_use {
	const char *member;
	struct mdk_at at;
	u32 kinds;
	const char *needed;
	bool required;
};

#define MDK_RING_USES 7

#define MDK_KIND(_kind) (1U << MDK_REG_KIND_##_kind)

/* Which of the two ends a guest moves depends on who puts into the ring. */
static struct mdk_ring_use mdk_ring_end_use(const struct mdk_ring_row *row, bool head)
{
	bool guest = head == row->completions;

	return (struct mdk_ring_use){
		.member = head ? ".head" : ".tail",
		.at = head ? row->head : row->tail,
		.kinds = guest ? MDK_KIND(RW) | MDK_KIND(WO) : MDK_KIND(RO),
		.needed = guest ? "MDK_REG_RW or _WO" : "MDK_REG_RO without .read",
		.required = guest,
	};
}

static void mdk_ring_uses(const struct mdk_ring_row *row, struct mdk_ring_use *uses)
{
	const char *rw = "MDK_REG_RW";

	uses[0] = (struct mdk_ring_use){ ".base", row->base, MDK_KIND(RW), rw,
					 !row->driver_starts };
	uses[1] = (struct mdk_ring_use){ ".base_high", row->base_high, MDK_KIND(RW), rw, false };
	uses[2] = (struct mdk_ring_use){ ".size", row->size, MDK_KIND(RW), rw, false };
	uses[3] = (struct mdk_ring_use){ ".control", row->control, MDK_KIND(RW), rw, false };
	uses[4] = mdk_ring_end_use(row, true);
	uses[5] = mdk_ring_end_use(row, false);
	uses[6] = (struct mdk_ring_use){ ".state", row->state, MDK_KIND(RO),
					 "MDK_REG_RO without .read", false };
}

static bool mdk_ring_use_good(const struct mdk_plan *plan, const struct mdk_ring_use *use,
			      const struct mdk_reg *reg)
{
	return use->kinds & 1U << (reg->kind & 31) &&
	       (reg->kind != MDK_REG_KIND_RO || !mdk_desc_reads(plan->desc, reg));
}

/* The register of each ring of the row. */
static int mdk_ring_check_use(const struct mdk_plan *plan, const struct mdk_ring_row *row,
			      const struct mdk_ring_use *use)
{
	const struct mdk_reg *reg;
	u32 i, offset;

	for (i = 0; i < mdk_ring_row_count(row); i++) {
		offset = use->at.offset + i * row->stride;
		reg = mdk_check_row_at(plan, use->at.region, offset);
		if (!reg)
			return mdk_fault(plan->desc, "M191", "ring '%s': type '%s' has no register at 0x%x of region %u, where %s of ring %u is: correct the place, or add the register",
					 mdk_ring_name(row), plan->type->id, offset,
					 use->at.region, use->member, i);
		if (!mdk_ring_use_good(plan, use, reg))
			return mdk_fault(plan->desc, "M192", "ring '%s': %s is register '%s': make that %s",
					 mdk_ring_name(row), use->member,
					 reg->name ?: "(no name)", use->needed);
	}
	return 0;
}

static int mdk_ring_check_uses(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	struct mdk_ring_use uses[MDK_RING_USES];
	int bad = 0;
	u32 i;

	mdk_ring_uses(row, uses);
	for (i = 0; i < MDK_RING_USES; i++) {
		if (mdk_at_given(uses[i].at) || (!i && uses[i].required))
			bad += mdk_ring_check_use(plan, row, &uses[i]);
		else if (uses[i].required)
			bad += mdk_fault(plan->desc, "M193", "ring '%s' has no %s: name the register that a guest writes; MDK_AT(0, 0) counts as none",
					 mdk_ring_name(row), uses[i].member);
	}
	return bad;
}

/* What starts it, and what shows that it runs. */
static int mdk_ring_check_bits(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	bool control = mdk_at_given(row->control), state = mdk_at_given(row->state);
	const struct mdk_reg *reg = NULL;
	int bad = 0;

	if (control)
		reg = mdk_check_row_at(plan, row->control.region, row->control.offset);
	if (!control && !mdk_at_given(row->size) && !row->driver_starts)
		bad += mdk_fault(plan->desc, "M200", "ring '%s' has neither .size nor .control: nothing would start it; name one of these registers, or set .driver_starts",
				 mdk_ring_name(row));
	if (control != !!row->enable || (reg && row->enable & ~reg->mask))
		bad += mdk_fault(plan->desc, "M194", "ring '%s' is started by bits 0x%x of .control: name a register with these bits in its mask, and .enable",
				 mdk_ring_name(row), row->enable);
	if (state != !!(row->running | row->broken) || row->running & row->broken)
		bad += mdk_fault(plan->desc, "M201", "ring '%s' shows by bits 0x%x that it runs and by 0x%x that it is broken: name .state and different bits, or none of the three",
				 mdk_ring_name(row), row->running, row->broken);
	return bad;
}

/* The causes that the rows of MDK_CAUSES() have for its status register. */
static u32 mdk_ring_causes(const struct mdk_desc *desc, const struct mdk_ring_row *row)
{
	const struct mdk_cause *first = mdk_desc_cause(desc, 0);

	if (mdk_at_given(row->causes) || !desc->model->nr_causes)
		return mdk_desc_cause_bits(desc, row->causes);
	return mdk_desc_cause_bits(desc, MDK_AT(first->region, first->status));
}

static int mdk_ring_check_causes(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	u32 known = mdk_ring_causes(plan->desc, row), i;
	u64 all = row->raises | row->raises_broken, bits = 0;

	for (i = 0; i < mdk_ring_row_count(row); i++)
		bits |= row->raises_step < 32 && i * row->raises_step < 32 ?
			all << (i * row->raises_step) : (u64)!!all << 32;
	if (!(bits & ~(u64)known))
		return 0;
	return mdk_fault(plan->desc, "M198", "ring '%s' raises bits 0x%llx, of which MDK_CAUSES() has 0x%x: add the rows, or correct .raises, .raises_broken and .raises_step",
			 mdk_ring_name(row), bits, known);
}

/* Two rings at one register */

static bool mdk_at_same(struct mdk_at a, u32 a_step, struct mdk_at b, u32 b_step)
{
	return a.region == b.region && a.offset + a_step == b.offset + b_step;
}

/* Of each a register that works or shows one ring only: the ends, and what starts it. */
static bool mdk_rings_share(const struct mdk_ring_row *a, u32 i, const struct mdk_ring_row *b,
			    u32 j)
{
	const struct mdk_at mine[] = { a->head, a->tail, a->control, a->size };
	const struct mdk_at other[] = { b->head, b->tail, b->control, b->size };
	bool same[4];
	u32 k;

	for (k = 0; k < 4; k++)
		same[k] = mdk_at_given(mine[k]) &&
			  mdk_at_same(mine[k], i * a->stride, other[k], j * b->stride);
	return same[0] || same[1] || (same[2] && a->enable & b->enable) ||
	       (same[3] && !mdk_at_given(a->control));
}

static int mdk_ring_check_shared(const struct mdk_desc *desc, u32 n)
{
	const struct mdk_ring_row *row = mdk_desc_ring(desc, n), *other;
	u32 i, j, m;

	for (m = 0; m <= n; m++) {
		other = mdk_desc_ring(desc, m);
		/* check_rings_more.c */
		if (mdk_at_given(row->select) || mdk_at_given(other->select))
			continue;
		for (i = 0; i < mdk_ring_row_count(row); i++)
			for (j = 0; j < (m == n ? i : mdk_ring_row_count(other)); j++)
				if (mdk_rings_share(row, i, other, j))
					return mdk_fault(desc, "M196", "ring %u of '%s' and ring %u of '%s' have a register of one ring in common: .head, .tail, .size or the bits of .control; give each its own by .stride or another place",
							 j, mdk_ring_name(other), i,
							 mdk_ring_name(row));
	}
	return 0;
}

/* What does not depend on the type */

static const char *mdk_ring_row_wrong(const struct mdk_ring_row *row)
{
	if (row->max < 2 || row->max > MDK_RING_SIZE_MAX || !mdk_is_power_of_2(row->max))
		return ".max is a power of two from 2 to 32768";
	if (row->desc_size < 8 || row->desc_size > MDK_RING_DESC_MAX ||
	    !mdk_is_power_of_2(row->desc_size))
		return ".desc_size is 8, 16, 32 or 64";
	if (row->status & 3 || row->status > row->desc_size - 4)
		return ".status is a multiple of 4 inside the descriptor";
	if (row->dir & ~MDK_BOTH_WAYS || !row->dir != !row->buffer_pages)
		return ".dir is one of enum mdk_dma_dir and comes with .buffer_pages";
	if (row->buffer_pages > MDK_RING_PAGES_MAX ||
	    (row->buffer_pages && !mdk_is_power_of_2(row->buffer_pages)))
		return ".buffer_pages is a power of two up to 4096";
	if (row->size_is > MDK_SIZE_BYTES || row->indices > MDK_INDEX_MORE)
		return ".size_is and .indices are of their enums";
	if (row->stride & 3 || row->count > MDK_RINGS_MAX ||
	    (row->count > 1 && !row->stride && !mdk_at_given(row->select)))
		return ".stride is a multiple of 4 and comes with .count, which is at most 256";
	if (row->stride && mdk_at_given(row->select))
		return "registers are .stride apart or at one place that .select chooses, not both";
	return NULL;
}

static const char *mdk_ring_work_wrong(const struct mdk_desc *desc, const struct mdk_ring_row *row)
{
	bool calls = row->work || row->ready || row->rate || row->to || row->dir;

	if (!row->completions && !row->work)
		return ".work is needed: nothing would take the descriptors";
	if (row->completions && calls)
		return "completions have no .work, .ready, .rate, .to and .dir: their entries come from other rings";
	if (row->completions && (row->phase / 8 >= row->desc_size ||
				 row->phase / 8 < row->desc_size - 4))
		return "the phase is one of the last 32 bits of an entry";
	if (row->batch_in_state &&
	    (row->batch_offset % sizeof(u32) || desc->model->state_size < sizeof(u32) ||
	     row->batch_offset > desc->model->state_size - sizeof(u32)))
		return "MDK_RING_BATCH() names the struct whose size is .state_size";
	return NULL;
}

static int mdk_ring_check_to(const struct mdk_desc *desc, const struct mdk_ring_row *row)
{
	const struct mdk_ring_row *to = NULL;
	u32 i = mdk_ring_find(desc, row->to);

	if (!row->to)
		return 0;
	if (i < desc->model->nr_rings)
		to = mdk_desc_ring(desc, i);
	if (to && to->completions && (mdk_ring_row_count(to) == 1 ||
				      mdk_ring_row_count(to) == mdk_ring_row_count(row)))
		return 0;
	return mdk_fault(desc, "M197", "ring '%s' reports to '%s': name a row of MDK_COMPLETIONS() with one ring, or with as many as this row has, %u",
			 mdk_ring_name(row), row->to, mdk_ring_row_count(row));
}

static int mdk_ring_check_row(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_ring_row *row = mdk_desc_ring(desc, i);
	const char *wrong = mdk_ring_row_wrong(row), *no_work = mdk_ring_work_wrong(desc, row);
	int bad = 0;

	if (!row->name || mdk_ring_find(desc, row->name) < i)
		bad += mdk_fault(desc, "M190", "ring row %u has the name '%s': each row needs one of its own",
				 i, row->name ?: "");
	if (wrong)
		bad += mdk_fault(desc, "M195", "ring '%s' cannot be: %s; found max %u, desc_size %u, status %u, dir %u, buffer_pages %u, count %u, stride %u",
				 mdk_ring_name(row), wrong, row->max, row->desc_size, row->status,
				 row->dir, row->buffer_pages, row->count, row->stride);
	if (no_work)
		bad += mdk_fault(desc, "M202", "ring '%s' cannot work: %s", mdk_ring_name(row),
				 no_work);
	bad += mdk_ring_check_to(desc, row);
	return wrong ? bad : bad + mdk_ring_check_shared(desc, i);
}

int mdk_rings_check(const struct mdk_desc *desc)
{
	u64 pages = mdk_desc_rings_pages(desc), total = mdk_desc_nr_rings(desc);
	int bad = 0;
	u32 i;

	if (total > MDK_RINGS_MAX)
		return mdk_fault(desc, "M203", "the rows of MDK_RINGS() make %llu rings: at most %u are possible; make .count smaller",
				 total, MDK_RINGS_MAX);
	for (i = 0; i < desc->model->nr_rings; i++)
		bad += mdk_ring_check_row(desc, i);
	if (!bad && desc->model->pin_pages < pages)
		bad += mdk_fault(desc, "M199", ".pin_pages is %u, and the rings of MDK_RINGS() with their buffers alone need %llu: leave it out if nothing else is pinned, or set it to that and what the driver pins",
				 desc->model->pin_pages, pages);
	return bad;
}

int mdk_rings_check_regs(const struct mdk_plan *plan)
{
	const struct mdk_ring_row *row;
	int bad = 0;
	u32 i;

	if (mdk_desc_nr_rings(plan->desc) > MDK_RINGS_MAX)
		return 0;
	for (i = 0; i < plan->desc->model->nr_rings; i++) {
		row = mdk_desc_ring(plan->desc, i);
		bad += mdk_ring_check_uses(plan, row) + mdk_ring_check_bits(plan, row) +
		       mdk_ring_check_more(plan, row) + mdk_ring_check_causes(plan, row);
	}
	return bad;
}

bool mdk_rings_ring(const struct mdk_plan *plan, u32 region, u32 offset)
{
	const struct mdk_ring_row *row;
	struct mdk_at bell;
	u32 i, j;

	for (i = 0; i < plan->desc->model->nr_rings; i++) {
		row = mdk_desc_ring(plan->desc, i);
		bell = mdk_ring_row_bell(row);
		for (j = 0; mdk_at_given(bell) && j < mdk_ring_row_count(row) &&
			    j < MDK_RINGS_MAX; j++)
			if (bell.region == region && bell.offset + j * row->stride == offset)
				return true;
	}
	return false;
}
