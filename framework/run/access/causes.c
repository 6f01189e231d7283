// SPDX-License-Identifier: GPL-2.0-only
/*
 * Causes of interrupts: the pin and the messages that follow from status and mask registers.
 *
 * No lock: a driver raises in a hard interrupt, or inside the wake-up of an eventfd that our own
 * signal has caused, while vCPUs clear and mask. Two orders make up for it:
 *
 * - Status and mask registers change by fully ordered atomic operations, and each side looks at
 *   the other's register after it has changed its own. So of a cause that is raised while it is
 *   unmasked at least one side sees both, and sends the message.
 * - Whoever has set the pin looks again whether that is still its level. The lock of the pin puts
 *   these in a row, and the last one finds all changes before it.
 */
#include <mdk/irqs.h>

#include "helpers/irqs_private.h"
#include "run/instance/instance.h"
#include "causes.h"
#include "gaps.h"
#include "registers.h"

/* Bits that the mask register, whose value is @mask, lets through. */
static u32 mdk_causes_through(const struct mdk_cause_set *set, u32 mask)
{
	return set->through | (mask ^ set->invert);
}

static u32 mdk_causes_pending(const struct mdk_inst *inst, const struct mdk_cause_set *set)
{
	u32 status = atomic_read(&inst->vals[set->status]);
	u32 mask = atomic_read(&inst->vals[set->mask]);

	return status & set->bits & mdk_causes_through(set, mask);
}

static bool mdk_causes_level(const struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < inst->plan->nr_cause_sets; i++)
		if (mdk_causes_pending(inst, &inst->plan->cause_sets[i]))
			return true;
	return false;
}

void mdk_causes_follow(struct mdk_inst *inst)
{
	bool level;

	if (!inst->plan->nr_cause_sets || !(inst->plan->irqs & BIT(MDK_IRQ_INTX)))
		return;
	do {
		level = mdk_causes_level(inst);
		mdk_irqs_intx_set(inst->irqs, level);
	} while (mdk_causes_level(inst) != level);
}

/* Which vector of the index a cause leads to now; one that the guest has picked may be none. */
static u32 mdk_cause_vector(const struct mdk_inst *inst, const struct mdk_cause_set *set,
			    enum mdk_irq_index index, u32 bit)
{
	const struct mdk_pick *pick = &set->picks[bit];

	if (set->picked & 1U << bit)
		return (atomic_read(&inst->vals[pick->val]) & pick->bits) >>
		       __builtin_ctz(pick->bits);
	return index == MDK_IRQ_MSI ? set->msi[bit].number : set->msix[bit].number;
}

static bool mdk_cause_is_heard(const struct mdk_inst *inst, const struct mdk_cause_set *set,
			       u32 bit)
{
	static const enum mdk_irq_index indexes[] = { MDK_IRQ_MSI, MDK_IRQ_MSIX };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(indexes); i++)
		if (mdk_irqs_heard(inst->irqs, indexes[i],
				   mdk_cause_vector(inst, set, indexes[i], bit)))
			return true;
	return false;
}

/*
 * Masks those of @bits that mask themselves, before their message is sent: the guest may unmask
 * them as soon as it has that. Return: @bits without those that somebody else has masked already,
 * who sends the message.
 */
static u32 mdk_causes_mask_themselves(struct mdk_inst *inst, const struct mdk_cause_set *set,
				      u32 bits)
{
	atomic_t *mask = &inst->vals[set->mask];
	u32 left, heard = 0, was;

	for (left = bits & set->auto_mask; left; left &= left - 1)
		if (mdk_cause_is_heard(inst, set, __builtin_ctz(left)))
			heard |= left & -left;
	if (!heard)
		return bits;
	was = set->invert ? atomic_fetch_or(heard, mask) : atomic_fetch_andnot(heard, mask);
	return bits & (~heard | mdk_causes_through(set, was));
}

static void mdk_cause_send_picked(struct mdk_inst *inst, enum mdk_irq_index index, u32 vector)
{
	u32 count = mdk_irqs_count(inst->irqs, index);

	if (vector < count)
		mdk_irq_trigger(&inst->base, index, array_index_nospec(vector, count));
	else if (mdk_irqs_in_use(inst->irqs, index))
		mdk_count(inst, MDK_COUNT_VECTORS_WRONG);
}

/* As mdk_causes_send_index(), of a register some of whose vectors the guest has picked. */
static void mdk_causes_send_picked(struct mdk_inst *inst, enum mdk_irq_index index,
				   const struct mdk_cause_set *set, u32 bits)
{
	u32 vectors[32], bit, other, left;

	/* Once each: the guest may change them meanwhile. */
	for (left = bits; left; left &= left - 1) {
		bit = __builtin_ctz(left);
		vectors[bit] = mdk_cause_vector(inst, set, index, bit);
	}
	for (; bits; bits &= bits - 1) {
		bit = __builtin_ctz(bits);
		for (left = bits & (bits - 1); left; left &= left - 1) {
			other = __builtin_ctz(left);
			if (vectors[other] == vectors[bit])
				bits &= ~(1U << other);
		}
		mdk_cause_send_picked(inst, index, vectors[bit]);
	}
}

/* Causes that lead to one vector send one message. */
static void mdk_causes_send_index(struct mdk_inst *inst, enum mdk_irq_index index,
				  const struct mdk_cause_set *set, u32 bits)
{
	const struct mdk_vector *vectors = index == MDK_IRQ_MSI ? set->msi : set->msix, *vector;

	if (!(inst->plan->irqs & BIT(index)))
		return;
	if (unlikely(bits & set->picked)) {
		mdk_causes_send_picked(inst, index, set, bits);
		return;
	}
	for (; bits; bits &= ~vector->peers) {
		vector = &vectors[__builtin_ctz(bits)];
		mdk_irq_trigger(&inst->base, index, vector->number);
	}
}

/* Of causes that are pending and not masked: messages whose time has come. */
static void mdk_causes_send(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	if (unlikely(bits & set->moderated))
		bits = mdk_gaps_pass(inst, set, bits);
	if (unlikely(bits & set->auto_mask))
		bits = mdk_causes_mask_themselves(inst, set, bits);
	mdk_causes_send_index(inst, MDK_IRQ_MSI, set, bits);
	mdk_causes_send_index(inst, MDK_IRQ_MSIX, set, bits);
}

void mdk_causes_due(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	mdk_causes_send(inst, set, bits & mdk_causes_pending(inst, set));
	mdk_causes_follow(inst);
}

/* What came while it was masked is sent when it is unmasked. */
void mdk_causes_changed(struct mdk_inst *inst, u32 val, u32 was, u32 now)
{
	const struct mdk_cause_set *set = inst->plan->cause_sets;
	u32 i, unmasked;

	/* A mask register may serve several status registers. */
	for (i = 0; i < inst->plan->nr_cause_sets; i++, set++) {
		if (val != set->mask)
			continue;
		unmasked = mdk_causes_through(set, now) & ~mdk_causes_through(set, was);
		if (unmasked)
			mdk_causes_send(inst, set, unmasked & mdk_causes_pending(inst, set));
	}
	mdk_causes_follow(inst);
}

/* For the driver */

static const struct mdk_cause_set *mdk_causes_at(struct mdk_inst *inst, struct mdk_at at)
{
	const struct mdk_cause_set *set;
	u32 i;

	for (i = 0; i < inst->plan->nr_cause_sets; i++) {
		set = &inst->plan->cause_sets[i];
		if (set->region == at.region && set->offset == at.offset)
			return set;
	}
	return NULL;
}

static const struct mdk_cause_set *mdk_causes_first(struct mdk_inst *inst)
{
	return inst->plan->nr_cause_sets ? &inst->plan->cause_sets[0] : NULL;
}

/* Return: those of @bits that have a row. */
static u32 mdk_causes_known(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	u32 known = set ? set->bits : 0;

	if (unlikely(bits & ~known))
		dev_warn_once(mdev_dev(inst->mdev), "model %s has no MDK_CAUSE() for bits 0x%x of the status register: the driver raises or lowers them; add the rows, or correct the bits there [K183]\n",
			      inst->plan->host->model.name, bits & ~known);
	return bits & known;
}

static void mdk_causes_raise(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	bits = mdk_causes_known(inst, set, bits);
	/* The reset clears its bit next, and the guest of the life after is told nothing of it. */
	if (!bits || mdk_inst_ends(inst))
		return;
	/* Fully ordered, since it returns the value: the mask is read after it. */
	atomic_fetch_or(bits, &inst->vals[set->status]);
	mdk_causes_send(inst, set,
			bits & mdk_causes_through(set, atomic_read(&inst->vals[set->mask])));
	mdk_causes_follow(inst);
}

static void mdk_causes_lower(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	bits = mdk_causes_known(inst, set, bits);
	if (!bits)
		return;
	atomic_andnot(bits, &inst->vals[set->status]);
	mdk_causes_follow(inst);
}

void mdk_irq_raise(struct mdk_dev *dev, u32 bits)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_causes_raise(inst, mdk_causes_first(inst), bits);
}

void mdk_irq_raise_at(struct mdk_dev *dev, struct mdk_at status, u32 bits)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_causes_raise(inst, mdk_causes_at(inst, status), bits);
}

void mdk_irq_lower(struct mdk_dev *dev, u32 bits)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_causes_lower(inst, mdk_causes_first(inst), bits);
}

void mdk_irq_lower_at(struct mdk_dev *dev, struct mdk_at status, u32 bits)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_causes_lower(inst, mdk_causes_at(inst, status), bits);
}
