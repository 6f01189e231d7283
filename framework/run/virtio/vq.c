// SPDX-License-Identifier: GPL-2.0-only
/*
 * A split virtqueue. The device takes chains in the order of the available ring and gives each back
 * in the used ring; both ends are indices modulo 2^16.
 *
 * Two pairs of a store and a load decide whether an end is told, and each end does its store first,
 * with a full barrier behind it: ours are "the used index, then what the guest wants to hear of" in
 * mdk_vq_show(), and "what we want to hear of, then the available index" in mdk_vq_idle().
 */
#include <linux/bitops.h>
#include <linux/string.h>

#include <mdk/life.h>
#include <mdk/pin.h>

#include "device.h"
#include "net.h"

/* Flags of a ring: this end does not want to hear of the other. */
#define MDK_VQ_QUIET 1

/* Offsets in the available and in the used ring; MDK_VQ_AT_RING is the third. */
#define MDK_VQ_AT_FLAGS 0
#define MDK_VQ_AT_INDEX 2

static void mdk_vq_let_go(struct mdk_vq *vq)
{
	mdk_unpin(vq->descs);
	mdk_unpin(vq->avail);
	mdk_unpin(vq->used);
	vq->descs = NULL;
	vq->avail = NULL;
	vq->used = NULL;
}

void mdk_vq_reset(struct mdk_vq *vq)
{
	mdk_guest_pages_drop(&vq->buffers);
	mdk_vq_let_go(vq);
	mdk_chain_forget(vq);
	vq->enabled = false;
	vq->next = 0;
	vq->seen = 0;
	vq->given = 0;
	vq->shown = 0;
	vq->size = vq->row->max;
	vq->vector = MDK_VIRTIO_NO_VECTOR;
	memset(vq->areas, 0, sizeof(vq->areas));
	clear_bit(0, &vq->notified);
}

bool mdk_vq_areas_good(const struct mdk_vq *vq)
{
	const u64 *at = vq->areas;
	u64 used = mdk_vq_area_size(vq, MDK_VQ_USED);

	return IS_ALIGNED(at[MDK_VQ_DESCS], 16) && IS_ALIGNED(at[MDK_VQ_AVAIL], 2) &&
	       IS_ALIGNED(at[MDK_VQ_USED], 4) &&
	       mdk_vq_area_apart(vq, MDK_VQ_DESCS, at[MDK_VQ_USED], used) &&
	       mdk_vq_area_apart(vq, MDK_VQ_AVAIL, at[MDK_VQ_USED], used);
}

static int mdk_vq_pin(struct mdk_vq *vq, u32 area, enum mdk_dma_dir dir,
		      struct mdk_pinned **pinned)
{
	struct mdk_pinned *got;

	if (*pinned && mdk_pinned_alive(*pinned))
		return 0;
	mdk_unpin(*pinned);
	*pinned = NULL;
	got = mdk_pin(vq->virtio->dev, vq->areas[area], mdk_vq_area_size(vq, area), dir);
	if (IS_ERR(got))
		return PTR_ERR(got);
	*pinned = got;
	return 0;
}

/*
 * Pins the areas that are not pinned, or not any more: while the device was switched off, or the
 * parent away, all pins have died. Return: as mdk_pin().
 */
static int mdk_vq_hold(struct mdk_vq *vq)
{
	return mdk_vq_pin(vq, MDK_VQ_DESCS, MDK_TO_DEVICE, &vq->descs) ?:
	       mdk_vq_pin(vq, MDK_VQ_AVAIL, MDK_TO_DEVICE, &vq->avail) ?:
	       mdk_vq_pin(vq, MDK_VQ_USED, MDK_FROM_DEVICE, &vq->used);
}

bool mdk_vq_later(int ret)
{
	return ret == -EAGAIN || ret == -ENOMEM || ret == -ESHUTDOWN;
}

int mdk_vq_enable(struct mdk_vq *vq)
{
	int ret;

	if (!mdk_vq_areas_good(vq))
		return -EINVAL;
	ret = mdk_vq_hold(vq);
	vq->enabled = !ret || mdk_vq_later(ret);
	if (vq->enabled)
		return 0;
	mdk_vq_let_go(vq);
	return ret;
}

/* Words of 16 bits in the rings. Return: 0, or an error that is mdk_vq_later(). */

static int mdk_vq_get(struct mdk_vq *vq, u32 at, u16 *value)
{
	__le16 word = 0;
	int ret = mdk_pinned_read(vq->avail, at, &word, sizeof(word));

	*value = le16_to_cpu(word);
	return mdk_vq_gone(ret);
}

static int mdk_vq_put(struct mdk_vq *vq, u32 at, u16 value)
{
	__le16 word = cpu_to_le16(value);

	return mdk_vq_gone(mdk_pinned_write(vq->used, at, &word, sizeof(word)));
}

/* What this end wants to hear of */

static int mdk_vq_want(struct mdk_vq *vq, bool notifications)
{
	if (!mdk_virtio_has(vq->virtio, MDK_VIRTIO_F_EVENT_IDX))
		return mdk_vq_put(vq, MDK_VQ_AT_FLAGS, notifications ? 0 : MDK_VQ_QUIET);
	/* An index that stays behind is passed by none. */
	return notifications ? mdk_vq_put(vq, MDK_VQ_AT_RING + vq->size * 8, vq->next) : 0;
}

/* Reads how far the guest is. Return: 0, or the queue is not to be served. */
static int mdk_vq_look(struct mdk_vq *vq)
{
	int ret = mdk_vq_get(vq, MDK_VQ_AT_INDEX, &vq->seen);

	if (ret)
		return ret;
	if ((u16)(vq->seen - vq->next) > vq->size) {
		mdk_virtio_break(vq->virtio, vq, "more chains than it has places");
		return -ERANGE;
	}
	/* What the guest wrote before its index is read after it. */
	smp_rmb();
	return 0;
}

/* No chain was left. Return: 1: there is one by now; 0: the guest will notify; or an error. */
static int mdk_vq_idle(struct mdk_vq *vq)
{
	int ret = mdk_vq_want(vq, true);

	if (ret)
		return ret;
	smp_mb();
	return mdk_vq_look(vq) ?: vq->seen != vq->next;
}

/* What the guest wants to hear of */

static bool mdk_vq_guest_waits(struct mdk_vq *vq, u16 before)
{
	u16 word;

	if (!mdk_virtio_has(vq->virtio, MDK_VIRTIO_F_EVENT_IDX))
		return !mdk_vq_get(vq, MDK_VQ_AT_FLAGS, &word) && !(word & MDK_VQ_QUIET);
	/* The index that it waits for lies among those that were just shown. */
	return !mdk_vq_get(vq, MDK_VQ_AT_RING + vq->size * 2, &word) &&
	       (u16)(vq->shown - word - 1) < (u16)(vq->shown - before);
}

/* Shows the guest what was given back: one store, behind what was written before. */
static int mdk_vq_show(struct mdk_vq *vq)
{
	u16 before = vq->shown;
	int ret;

	if (vq->given == before)
		return 0;
	smp_wmb();
	ret = mdk_vq_put(vq, MDK_VQ_AT_INDEX, vq->given);
	if (ret)
		return ret;
	vq->shown = vq->given;
	smp_mb();
	if (mdk_vq_guest_waits(vq, before))
		mdk_virtio_interrupt(vq->virtio, vq->vector, BIT(0));
	return 0;
}

/* Chains */

/* Takes a chain, as the next part. Return: 1 with one, 0 without one, or an error. */
static int mdk_vq_take_next(struct mdk_vq *vq)
{
	u16 head;
	int ret;

	if (vq->seen == vq->next) {
		ret = mdk_vq_look(vq);
		if (ret || vq->seen == vq->next)
			return ret;
	}
	ret = mdk_vq_get(vq, MDK_VQ_AT_RING + (vq->next & (vq->size - 1)) * 2, &head) ?:
	      mdk_chain_fetch(vq, head);
	if (ret)
		return ret;
	vq->next++;
	return 1;
}

static int mdk_vq_take(struct mdk_vq *vq)
{
	if (vq->nr_parts)
		return 1;
	mdk_chain_forget(vq);
	return mdk_vq_take_next(vq);
}

int mdk_chain_join(const struct mdk_chain *chain, u32 room)
{
	struct mdk_vq *vq = chain->vq;
	int ret = 1;

	while (chain->writable < room && ret > 0) {
		/* The guest has no more to hand over. */
		if (vq->nr_parts == vq->size)
			return -EMSGSIZE;
		ret = mdk_vq_take_next(vq);
		/* 1: there is one by now; 0: the guest will notify. */
		if (!ret)
			ret = mdk_vq_idle(vq);
	}
	return ret > 0 ? (int)vq->nr_parts : ret ?: -ENOBUFS;
}

static int mdk_vq_give_part(struct mdk_vq *vq, u16 head, u32 written)
{
	const __le32 element[] = { cpu_to_le32(head), cpu_to_le32(written) };
	u32 at = MDK_VQ_AT_RING + (vq->given & (vq->size - 1)) * sizeof(element);
	int ret = mdk_pinned_write(vq->used, at, element, sizeof(element));

	vq->given += !ret;
	return mdk_vq_gone(ret);
}

/* The first parts have the first bytes. Return: 0; or an error, and what is left comes later. */
static int mdk_vq_give(struct mdk_vq *vq)
{
	const struct mdk_vq_part *part;
	u32 written;
	int ret;

	for (; vq->nr_given < vq->nr_parts; vq->nr_given++, vq->owed -= written) {
		part = &vq->parts[vq->nr_given];
		written = min(vq->owed, part->writable);
		ret = mdk_vq_give_part(vq, part->head, written);
		if (ret)
			return ret;
	}
	vq->nr_parts = 0;
	vq->done = false;
	return 0;
}

/* What was taken is the guest's again, as if nobody had looked: it is fetched anew. */
static void mdk_vq_put_back(struct mdk_vq *vq)
{
	vq->next -= vq->nr_parts;
	vq->nr_parts = 0;
}

/* Why a chain is not given back. */
static enum mdk_vq_left mdk_vq_keep(struct mdk_vq *vq, int ret)
{
	/* What was joined is joined anew: it may be for something else then. */
	if (vq->nr_parts > 1 || ret == -ENOBUFS || ret == -ENODATA)
		mdk_vq_put_back(vq);
	switch (ret) {
	case -EAGAIN:
	case -ENOMEM:
		return MDK_VQ_LATER;
	case -EBUSY:
	case -ENOBUFS:
	/* Switched off: mdk_virtio_wake() comes. */
	case -ESHUTDOWN:
		return MDK_VQ_DONE;
	case -ENODATA:
		return MDK_VQ_MORE;
	default:
		mdk_virtio_break(vq->virtio, vq, "its driver found a chain wrong");
		return MDK_VQ_MORE;
	}
}

static enum mdk_vq_left mdk_vq_left_by(int ret)
{
	return ret == -EAGAIN || ret == -ENOMEM ? MDK_VQ_LATER : MDK_VQ_DONE;
}

static enum mdk_vq_left mdk_vq_serve_chain(struct mdk_vq *vq)
{
	int ret = vq->row->work(vq->virtio->dev, &vq->chain);

	/* A driver that says more than there is room for is taken for one that failed. */
	if (ret < 0 || (u32)ret > vq->chain.writable)
		return mdk_vq_keep(vq, ret < 0 ? ret : -EINVAL);
	vq->done = true;
	vq->nr_given = 0;
	vq->owed = ret;
	ret = mdk_vq_give(vq);
	return ret ? mdk_vq_left_by(ret) : MDK_VQ_MORE;
}

static bool mdk_vq_ready(struct mdk_vq *vq)
{
	return !vq->row->ready || vq->row->ready(vq->virtio->dev, vq->number);
}

/* A chain, or what there is instead. */
static enum mdk_vq_left mdk_vq_step(struct mdk_vq *vq, struct mdk_vq_budget *budget)
{
	enum mdk_vq_left left;
	int ret;

	ret = vq->done ? mdk_vq_give(vq) : 0;
	if (ret)
		return mdk_vq_left_by(ret);
	if (!mdk_virtio_runs(vq->virtio) || !mdk_vq_ready(vq))
		return MDK_VQ_DONE;
	ret = mdk_vq_take(vq);
	if (!ret) {
		ret = mdk_vq_idle(vq);
		return ret > 0 || (!ret && mdk_net_passes(vq->virtio, vq->number)) ?
		       MDK_VQ_MORE : mdk_vq_left_by(ret);
	}
	if (ret < 0)
		return mdk_vq_left_by(ret);
	vq->copied = 0;
	left = mdk_vq_serve_chain(vq);
	budget->pieces -= min(budget->pieces, vq->nr_pieces);
	budget->bytes -= min(budget->bytes, vq->copied);
	return left;
}

static enum mdk_vq_left mdk_vq_turn(struct mdk_vq *vq, struct mdk_vq_budget *budget)
{
	enum mdk_vq_left left = MDK_VQ_MORE;

	while (left == MDK_VQ_MORE && !mdk_vq_spent(budget)) {
		budget->chains--;
		left = mdk_vq_step(vq, budget);
	}
	return left;
}

enum mdk_vq_left mdk_vq_serve(struct mdk_vq *vq, struct mdk_vq_budget *budget)
{
	enum mdk_vq_left left;
	int ret;

	if (!vq->enabled || !mdk_virtio_runs(vq->virtio))
		return MDK_VQ_DONE;
	ret = mdk_vq_hold(vq);
	if (ret && !mdk_vq_later(ret))
		mdk_virtio_break(vq->virtio, vq, "its memory is not there");
	ret = ret ?: mdk_vq_want(vq, false);
	if (ret)
		return mdk_vq_left_by(ret);
	left = mdk_vq_turn(vq, budget);
	if (mdk_virtio_runs(vq->virtio) && mdk_vq_show(vq) == -EAGAIN)
		return MDK_VQ_LATER;
	return left;
}

u32 mdk_vq_number(const struct mdk_vq *vq)
{
	return vq->number;
}
