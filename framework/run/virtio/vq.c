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

#define MDK_VQ_DESCS 0
#define MDK_VQ_AVAIL 1
#define MDK_VQ_USED 2

/* Flags of a ring: this end does not want to hear of the other. */
#define MDK_VQ_QUIET 1

/* Offsets in the available and in the used ring. */
#define MDK_VQ_AT_FLAGS 0
#define MDK_VQ_AT_INDEX 2
#define MDK_VQ_AT_RING 4

static u32 mdk_vq_avail_size(const struct mdk_vq *vq)
{
	return MDK_VQ_AT_RING + vq->size * 2 + 2;
}

static u32 mdk_vq_used_size(const struct mdk_vq *vq)
{
	return MDK_VQ_AT_RING + vq->size * 8 + 2;
}

void mdk_vq_reset(struct mdk_vq *vq)
{
	mdk_guest_pages_drop(&vq->buffers);
	mdk_unpin(vq->descs);
	mdk_unpin(vq->avail);
	mdk_unpin(vq->used);
	vq->descs = NULL;
	vq->avail = NULL;
	vq->used = NULL;
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

static bool mdk_area_apart(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return b - a >= a_size && a - b >= b_size;
}

static bool mdk_vq_areas_good(const struct mdk_vq *vq)
{
	const u64 *at = vq->areas;
	u64 descs = vq->size * sizeof(struct mdk_vq_desc);

	return IS_ALIGNED(at[MDK_VQ_DESCS], 16) && IS_ALIGNED(at[MDK_VQ_AVAIL], 2) &&
	       IS_ALIGNED(at[MDK_VQ_USED], 4) &&
	       mdk_area_apart(at[MDK_VQ_DESCS], descs, at[MDK_VQ_USED], mdk_vq_used_size(vq)) &&
	       mdk_area_apart(at[MDK_VQ_AVAIL], mdk_vq_avail_size(vq), at[MDK_VQ_USED],
			      mdk_vq_used_size(vq));
}

static int mdk_vq_pin(struct mdk_vq *vq, u32 area, u64 size, enum mdk_dma_dir dir,
		      struct mdk_pinned **pinned)
{
	struct mdk_pinned *got = mdk_pin(vq->virtio->dev, vq->areas[area], size, dir);

	if (IS_ERR(got))
		return PTR_ERR(got);
	*pinned = got;
	return 0;
}

int mdk_vq_enable(struct mdk_vq *vq)
{
	int ret;

	if (!mdk_vq_areas_good(vq))
		return -EINVAL;
	ret = mdk_vq_pin(vq, MDK_VQ_DESCS, vq->size * sizeof(struct mdk_vq_desc), MDK_TO_DEVICE,
			 &vq->descs) ?:
	      mdk_vq_pin(vq, MDK_VQ_AVAIL, mdk_vq_avail_size(vq), MDK_TO_DEVICE, &vq->avail) ?:
	      mdk_vq_pin(vq, MDK_VQ_USED, mdk_vq_used_size(vq), MDK_FROM_DEVICE, &vq->used);
	vq->enabled = !ret;
	return ret;
}

/* Words of 16 bits in the rings. Return: 0, or the device is broken. */

static int mdk_vq_gone(struct mdk_vq *vq, int ret)
{
	/* Switched off, or a reset is on its way: nobody has made a mistake. */
	if (ret && ret != -ESHUTDOWN)
		mdk_virtio_break(vq->virtio, vq, "its memory was unmapped");
	return ret;
}

static int mdk_vq_get(struct mdk_vq *vq, u32 at, u16 *value)
{
	__le16 word = 0;
	int ret = mdk_pinned_read(vq->avail, at, &word, sizeof(word));

	*value = le16_to_cpu(word);
	return mdk_vq_gone(vq, ret);
}

static int mdk_vq_put(struct mdk_vq *vq, u32 at, u16 value)
{
	__le16 word = cpu_to_le16(value);

	return mdk_vq_gone(vq, mdk_pinned_write(vq->used, at, &word, sizeof(word)));
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

/* No chain was left. Return: there is none, and the guest will notify. */
static bool mdk_vq_idle(struct mdk_vq *vq)
{
	if (mdk_vq_want(vq, true))
		return true;
	smp_mb();
	return mdk_vq_look(vq) || vq->seen == vq->next;
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
static void mdk_vq_show(struct mdk_vq *vq)
{
	u16 before = vq->shown;

	if (vq->given == before)
		return;
	smp_wmb();
	if (mdk_vq_put(vq, MDK_VQ_AT_INDEX, vq->given))
		return;
	vq->shown = vq->given;
	smp_mb();
	if (mdk_vq_guest_waits(vq, before))
		mdk_virtio_interrupt(vq->virtio, vq->vector, BIT(0));
}

/* Chains */

/* Return: 1 with a chain in @vq->chain, 0 without one, or an error: not to be served. */
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
	if (!mdk_vq_gone(vq, mdk_pinned_write(vq->used, at, element, sizeof(element))))
		vq->given++;
}

static enum mdk_vq_left mdk_vq_serve_chain(struct mdk_vq *vq)
{
	int ret = vq->row->work(vq->virtio->dev, &vq->chain);

	if (ret == -EAGAIN)
		return MDK_VQ_LATER;
	if (ret == -EBUSY)
		return MDK_VQ_DONE;
	if (ret >= 0 && (u32)ret <= vq->chain.writable)
		mdk_vq_give(vq, ret);
	else if (ret != -ESHUTDOWN)
		mdk_virtio_break(vq->virtio, vq, "its driver found a chain wrong");
	return MDK_VQ_MORE;
}

static bool mdk_vq_ready(struct mdk_vq *vq)
{
	return !vq->row->ready || vq->row->ready(vq->virtio->dev, vq->number);
}

static enum mdk_vq_left mdk_vq_turn(struct mdk_vq *vq)
{
	enum mdk_vq_left left = MDK_VQ_MORE;
	int ret;
	u32 i;

	for (i = 0; left == MDK_VQ_MORE && i < MDK_VQ_BUDGET; i++) {
		if (!mdk_virtio_runs(vq->virtio) || !mdk_vq_ready(vq))
			return MDK_VQ_DONE;
		ret = mdk_vq_take(vq);
		if (ret == -EAGAIN)
			return MDK_VQ_LATER;
		if (ret < 0 || (!ret && mdk_vq_idle(vq)))
			return MDK_VQ_DONE;
		if (ret)
			left = mdk_vq_serve_chain(vq);
	}
	return left;
}

enum mdk_vq_left mdk_vq_serve(struct mdk_vq *vq)
{
	enum mdk_vq_left left;

	if (!vq->enabled || !mdk_virtio_runs(vq->virtio) || mdk_vq_want(vq, false))
		return MDK_VQ_DONE;
	left = mdk_vq_turn(vq);
	if (mdk_virtio_runs(vq->virtio))
		mdk_vq_show(vq);
	return left;
}

u32 mdk_vq_number(const struct mdk_vq *vq)
{
	return vq->number;
}
