// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings in a migration. A ring is where it was, and its memory is pinned when the device runs: no
 * page of the guest is there before. What a guest sees of it is in its registers already.
 *
 * A record has, in 4 bytes each: whether it runs, whether it has broken, whether a descriptor was
 * fetched, its size, the device's end and the guest's; then 8 bytes of its address, and the
 * descriptor.
 */
#include "model/stream.h"
#include "run/instance/instance.h"
#include "ring_private.h"
#include "rings.h"

#define RUNS 0
#define BROKEN 4
#define FETCHED 8
#define SIZE 12
#define CONSUMED 16
#define PRODUCED 20
#define BASE 24
#define DESC 32

u32 mdk_rings_nr(const struct mdk_inst *inst)
{
	const struct mdk_ring *ring;
	u32 nr = 0;

	list_for_each_entry(ring, &inst->rings_made, made)
		nr++;
	return nr;
}

static struct mdk_ring *mdk_ring_nr(const struct mdk_inst *inst, u32 i)
{
	struct mdk_ring *ring;

	list_for_each_entry(ring, &inst->rings_made, made)
		if (!i--)
			return ring;
	return NULL;
}

u64 mdk_ring_len(const struct mdk_inst *inst, u32 i)
{
	return DESC + MDK_RING_DESC_MAX;
}

/* A ring whose memory has gone is broken for its guest on the other host too. */
void mdk_ring_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_ring *ring = mdk_ring_nr(inst, i);
	bool runs = ring->memory || ring->awaits;
	u32 size = ring->spec.desc_size;

	mdk_stream_put(out, 4, runs);
	mdk_stream_put(out, 4, runs && (READ_ONCE(ring->broken) || READ_ONCE(ring->lost)));
	mdk_stream_put(out, 4, runs && ring->fetched);
	mdk_stream_put(out, 4, runs ? ring->index.size : 0);
	mdk_stream_put(out, 4, runs ? ring->index.consumed : 0);
	mdk_stream_put(out, 4, runs ? ring->index.produced : 0);
	mdk_stream_put(out, 8, runs ? ring->base : 0);
	if (!runs || !ring->fetched)
		size = 0;
	mdk_stream_put_bytes(out, ring->desc, size);
	mdk_stream_put_zero(out, MDK_RING_DESC_MAX - size);
}

const char *mdk_ring_wrong_record(const struct mdk_inst *inst, u32 i,
				  const struct mdk_record *record)
{
	const struct mdk_ring *ring = mdk_ring_nr(inst, i);
	const u8 *data = record->data;
	u32 size = mdk_stream_get(data + SIZE, 4), ahead;

	if (mdk_stream_get(data + RUNS, 4) > 1 || mdk_stream_get(data + BROKEN, 4) > 1 ||
	    mdk_stream_get(data + FETCHED, 4) > 1)
		return "what is true or false is neither";
	if (mdk_stream_get(data + FETCHED, 4) && mdk_ring_gets_entries(ring))
		return "a descriptor was fetched where only entries are put";
	if (!mdk_stream_get(data + RUNS, 4))
		return NULL;
	if (!mdk_ring_place_good(ring, mdk_stream_get(data + BASE, 8), size))
		return "it has a size or an address that no ring here can have";
	ahead = mdk_stream_get(data + PRODUCED, 4) - mdk_stream_get(data + CONSUMED, 4);
	if (ahead > size - ring->view.slots || (mdk_stream_get(data + FETCHED, 4) && !ahead))
		return "the guest's end is not in it";
	return NULL;
}

void mdk_ring_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	struct mdk_ring *ring = mdk_ring_nr(inst, i);
	const u8 *data = record->data;

	ring->awaits = mdk_stream_get(data + RUNS, 4);
	if (!ring->awaits)
		return;
	WRITE_ONCE(ring->broken, mdk_stream_get(data + BROKEN, 4));
	/* Its guest and the driver knew there. */
	ring->told = ring->broken;
	ring->fetched = mdk_stream_get(data + FETCHED, 4);
	ring->index.size = mdk_stream_get(data + SIZE, 4);
	ring->index.produced = mdk_stream_get(data + PRODUCED, 4);
	WRITE_ONCE(ring->index.consumed, mdk_stream_get(data + CONSUMED, 4));
	ring->base = mdk_stream_get(data + BASE, 8);
	memcpy(ring->desc, data + DESC, ring->spec.desc_size);
}

/* Its memory is not where it was on the other host: for its guest it has gone. */
static void mdk_ring_has_lost(struct mdk_inst *inst, struct mdk_ring *ring)
{
	bool broken = ring->broken;

	mdk_ring_refused(ring, 0);
	if (ring->on_broken && !broken)
		ring->on_broken(&inst->base, ring);
}

/* Return: 0, or the error for which it waits; while the guest has switched the device off too. */
static int mdk_ring_revive(struct mdk_inst *inst, struct mdk_ring *ring)
{
	bool broken = ring->broken;
	int ret = mdk_ring_pin(ring);

	if (ret == -EAGAIN || ret == -ENOMEM || ret == -ESHUTDOWN)
		return ret;
	ring->awaits = false;
	if (ret)
		mdk_ring_has_lost(inst, ring);
	else if (broken)
		mdk_ring_break(ring, 0);
	else if (ring->bound)
		mdk_rings_came(ring);
	return 0;
}

bool mdk_rings_revive(struct mdk_inst *inst)
{
	struct mdk_ring *ring;
	bool again = false;
	int ret;

	lockdep_assert_held(&inst->callbacks);
	list_for_each_entry(ring, &inst->rings_made, made) {
		ret = ring->awaits ? mdk_ring_revive(inst, ring) : 0;
		again |= ret && ret != -ESHUTDOWN;
	}
	return again;
}
