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
	vq->enabled = false;
	vq->held = false;
	vq->next = 0;
	vq->seen = 0;
	vq->given = 0;
	vq->shown = 0;
	vq->size = vq->row->max;
	vq->vector = MDK_VIRTIO_NO_VECTOR;
	memset(vq->areas, 0, sizeof(vq->areas));
	clear_bit(0, &vq->notified);
}

static bool mdk_vq_areas_good(const struct mdk_vq *vq)
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

/* Not now: the memory is being unmapped, the parent is away, or the device switched off. */
static bool mdk_vq_later(int ret)
{
	return ret == -EAGAIN || ret == -ESHUTDOWN;
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

/*
 * Words of 16 bits in the rings. Return: 0; -EAGAIN when their memory has gone, and mdk_vq_hold()
 * says later whether for good; -ESHUTDOWN while the device is switched off.
 */

static int mdk_vq_gone(int ret)
{
	return ret == -EFAULT ? -EAGAIN : ret;
}

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

/* Return: 1 with a chain in @vq->chain, 0 without one, or an error. */
static int mdk_vq_take(struct mdk_vq *vq)
{
	int ret;

	if (vq->held)
		return 1;
	if (vq->seen == vq->next) {
		ret = mdk_vq_look(vq);
		if (ret || vq->seen == vq->next)
			return ret;
	}
	ret = mdk_vq_get(vq, MDK_VQ_AT_RING + (vq->next & (vq->size - 1)) * 2, &vq->head) ?:
	      mdk_chain_fetch(vq);
	if (ret)
		return ret;
	vq->next++;
	vq->held = true;
	return 1;
}

static void mdk_vq_give(struct mdk_vq *vq, u32 written)
{
	const __le32 element[] = { cpu_to_le32(vq->head), cpu_to_le32(written) };
	u32 at = MDK_VQ_AT_RING + (vq->given & (vq->size - 1)) * sizeof(element);

	vq->held = false;
	if (!mdk_pinned_write(vq->used, at, element, sizeof(element)))
		vq->given++;
	else
		mdk_virtio_break(vq->virtio, vq, "its memory was unmapped while a chain was served");
}

static enum mdk_vq_left mdk_vq_serve_chain(struct mdk_vq *vq)
{
	int ret = vq->row->work(vq->virtio->dev, &vq->chain);

	if (ret == -EAGAIN)
		return MDK_VQ_LATER;
	/* Switched off: mdk_virtio_wake() comes. */
	if (ret == -EBUSY || ret == -ESHUTDOWN)
		return MDK_VQ_DONE;
	if (ret >= 0 && (u32)ret <= vq->chain.writable)
		mdk_vq_give(vq, ret);
	else
		mdk_virtio_break(vq->virtio, vq, "its driver found a chain wrong");
	return MDK_VQ_MORE;
}

static bool mdk_vq_ready(struct mdk_vq *vq)
{
	return !vq->row->ready || vq->row->ready(vq->virtio->dev, vq->number);
}

static enum mdk_vq_left mdk_vq_left_by(int ret)
{
	return ret == -EAGAIN ? MDK_VQ_LATER : MDK_VQ_DONE;
}

/* A chain, or what there is instead. @pieces: of the turn. */
static enum mdk_vq_left mdk_vq_step(struct mdk_vq *vq, u32 *pieces)
{
	int ret;

	if (!mdk_virtio_runs(vq->virtio) || !mdk_vq_ready(vq))
		return MDK_VQ_DONE;
	ret = mdk_vq_take(vq);
	if (!ret) {
		ret = mdk_vq_idle(vq);
		return ret > 0 ? MDK_VQ_MORE : mdk_vq_left_by(ret);
	}
	if (ret < 0)
		return mdk_vq_left_by(ret);
	*pieces += vq->nr_pieces;
	return mdk_vq_serve_chain(vq);
}

static enum mdk_vq_left mdk_vq_turn(struct mdk_vq *vq)
{
	enum mdk_vq_left left = MDK_VQ_MORE;
	u32 i, pieces = 0;

	for (i = 0; left == MDK_VQ_MORE && i < MDK_VQ_BUDGET && pieces < MDK_VQ_PIECES; i++)
		left = mdk_vq_step(vq, &pieces);
	return left;
}

enum mdk_vq_left mdk_vq_serve(struct mdk_vq *vq)
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
	left = mdk_vq_turn(vq);
	if (mdk_virtio_runs(vq->virtio) && mdk_vq_show(vq) == -EAGAIN)
		return MDK_VQ_LATER;
	return left;
}

u32 mdk_vq_number(const struct mdk_vq *vq)
{
	return vq->number;
}
