// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio device in a migration. A chain that was taken and not given back is the guest's again,
 * as if nobody had looked: the other host takes it anew.
 *
 * A record has 40 bytes of the device, then as many of each queue: offsets below.
 */
#include <mdk/model.h>

#include "model/stream.h"
#include "run/access/ring_index.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "device.h"
#include "save.h"

#define PIECE 40

/* Of the device. */
#define WANTED 0
#define STATUS 8
#define ISR 12
#define GENERATION 16
#define VECTOR 20
#define SELECT 22
#define OFFERED_HALF 24
#define WANTED_HALF 28
#define NR_QUEUES 32

/* Of a queue. */
#define ENABLED 0
#define SIZE 4
#define QUEUE_VECTOR 6
#define AREAS 8
#define NEXT 32
#define GIVEN 34
#define SHOWN 36

#define MDK_VIRTIO_STATUS                                                                          \
	(MDK_VIRTIO_ACKNOWLEDGE | MDK_VIRTIO_DRIVER | MDK_VIRTIO_DRIVER_OK |                       \
	 MDK_VIRTIO_FEATURES_OK | MDK_VIRTIO_NEEDS_RESET | MDK_VIRTIO_FAILED)

u64 mdk_virtio_len(const struct mdk_inst *inst, u32 i)
{
	return inst->virtio ? PIECE * (1ULL + inst->virtio->spec->nr_queues) : 0;
}

static void mdk_vq_save(const struct mdk_vq *vq, struct mdk_stream_out *out)
{
	u32 area;

	mdk_stream_put(out, 4, vq->enabled);
	mdk_stream_put(out, 2, vq->size);
	mdk_stream_put(out, 2, vq->vector);
	for (area = 0; area < ARRAY_SIZE(vq->areas); area++)
		mdk_stream_put(out, 8, vq->areas[area]);
	mdk_stream_put(out, 2, (u16)(vq->next - (vq->nr_parts - (vq->done ? vq->nr_given : 0))));
	mdk_stream_put(out, 2, vq->given);
	mdk_stream_put(out, 2, vq->shown);
	mdk_stream_put(out, 2, 0);
}

void mdk_virtio_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_virtio_dev *virtio = inst->virtio;
	u32 q;

	mdk_stream_put(out, 8, virtio->wanted);
	mdk_stream_put(out, 4, virtio->status);
	mdk_stream_put(out, 4, virtio->isr);
	mdk_stream_put(out, 4, virtio->generation);
	mdk_stream_put(out, 2, virtio->vector);
	mdk_stream_put(out, 2, virtio->select);
	mdk_stream_put(out, 4, virtio->offered_half);
	mdk_stream_put(out, 4, virtio->wanted_half);
	mdk_stream_put(out, 8, virtio->spec->nr_queues);
	for (q = 0; q < virtio->spec->nr_queues; q++)
		mdk_vq_save(&virtio->queues[q], out);
}

static bool mdk_virtio_vector_good(const struct mdk_virtio_dev *virtio, u16 vector)
{
	return vector <= virtio->spec->nr_queues || vector == MDK_VIRTIO_NO_VECTOR;
}

/* As when a guest says so: what the driver does not accept it cannot have agreed on. */
static bool mdk_virtio_accepts_locked(const struct mdk_virtio_dev *virtio, u64 wanted)
{
	struct mdk_inst *inst = to_mdk_inst(virtio->dev);
	bool accepts;

	mdk_inst_lock(inst);
	accepts = mdk_virtio_accepts(virtio, wanted);
	mdk_inst_unlock(inst);
	return accepts;
}

/* As a guest could have come to it. */
static const char *mdk_virtio_status_wrong(const struct mdk_virtio_dev *virtio, const u8 *data)
{
	u64 wanted = mdk_stream_get(data + WANTED, 8);
	u32 status = mdk_stream_get(data + STATUS, 4);

	if (status & ~MDK_VIRTIO_STATUS ||
	    (status & MDK_VIRTIO_DRIVER_OK && !(status & MDK_VIRTIO_FEATURES_OK)))
		return "it has a status that no guest can set";
	if (status & MDK_VIRTIO_FEATURES_OK && !mdk_virtio_offers(virtio, wanted))
		return "its guest has agreed on features that are not offered here";
	if (status & MDK_VIRTIO_FEATURES_OK && !mdk_virtio_accepts_locked(virtio, wanted))
		return "its guest has agreed on features that .accept refuses";
	return NULL;
}

static const char *mdk_vq_wrong(const struct mdk_vq *vq, u32 status, const u8 *data)
{
	struct mdk_vq place = { .row = vq->row, .size = mdk_stream_get(data + SIZE, 2) };
	u16 given = mdk_stream_get(data + GIVEN, 2);
	u32 area;

	for (area = 0; area < ARRAY_SIZE(place.areas); area++)
		place.areas[area] = mdk_stream_get(data + AREAS + 8 * area, 8);
	if (!mdk_ring_size_good(place.size, vq->row->max))
		return "a queue has a size that it cannot have here";
	if (!mdk_virtio_vector_good(vq->virtio, mdk_stream_get(data + QUEUE_VECTOR, 2)))
		return "a queue has a vector that there is not";
	if (mdk_stream_get(data + ENABLED, 4) > 1)
		return "a queue is neither enabled nor not";
	if (!mdk_stream_get(data + ENABLED, 4))
		return NULL;
	if (!(status & MDK_VIRTIO_FEATURES_OK) || !mdk_vq_areas_good(&place))
		return "a queue is enabled that could not have been";
	if (mdk_stream_get(data + NEXT, 2) != given ||
	    (u16)(given - mdk_stream_get(data + SHOWN, 2)) > place.size)
		return "the ends of a queue do not belong together";
	return NULL;
}

const char *mdk_virtio_wrong_record(const struct mdk_inst *inst, u32 i,
				    const struct mdk_record *record)
{
	const struct mdk_virtio_dev *virtio = inst->virtio;
	const u8 *data = record->data;
	const char *wrong = mdk_virtio_status_wrong(virtio, data);
	u32 q;

	if (!wrong && (mdk_stream_get(data + NR_QUEUES, 8) != virtio->spec->nr_queues ||
		       !mdk_virtio_vector_good(virtio, mdk_stream_get(data + VECTOR, 2))))
		wrong = "it has other queues or vectors than here";
	for (q = 0; q < virtio->spec->nr_queues && !wrong; q++)
		wrong = mdk_vq_wrong(&virtio->queues[q], mdk_stream_get(data + STATUS, 4),
				     data + PIECE * (1 + q));
	return wrong;
}

static void mdk_vq_load(struct mdk_vq *vq, const u8 *data)
{
	u32 area;

	mdk_vq_reset(vq);
	vq->enabled = mdk_stream_get(data + ENABLED, 4);
	vq->size = mdk_stream_get(data + SIZE, 2);
	vq->vector = mdk_stream_get(data + QUEUE_VECTOR, 2);
	for (area = 0; area < ARRAY_SIZE(vq->areas); area++)
		vq->areas[area] = mdk_stream_get(data + AREAS + 8 * area, 8);
	if (!vq->enabled)
		return;
	vq->next = mdk_stream_get(data + NEXT, 2);
	vq->seen = vq->next;
	vq->given = mdk_stream_get(data + GIVEN, 2);
	vq->shown = mdk_stream_get(data + SHOWN, 2);
}

void mdk_virtio_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	struct mdk_virtio_dev *virtio = inst->virtio;
	const u8 *data = record->data;
	u32 q;

	virtio->wanted = mdk_stream_get(data + WANTED, 8);
	virtio->status = mdk_stream_get(data + STATUS, 4);
	virtio->isr = mdk_stream_get(data + ISR, 4) & 3;
	virtio->generation = mdk_stream_get(data + GENERATION, 4);
	virtio->vector = mdk_stream_get(data + VECTOR, 2);
	virtio->select = mdk_stream_get(data + SELECT, 2);
	virtio->offered_half = mdk_stream_get(data + OFFERED_HALF, 4);
	virtio->wanted_half = mdk_stream_get(data + WANTED_HALF, 4);
	for (q = 0; q < virtio->spec->nr_queues; q++)
		mdk_vq_load(&virtio->queues[q], data + PIECE * (1 + q));
	virtio->came = virtio->status & MDK_VIRTIO_DRIVER_OK;
}

/* Its guest's driver has begun elsewhere, and its configuration may be another one here. */
void mdk_virtio_revive(struct mdk_virtio_dev *virtio)
{
	if (!virtio || !virtio->came)
		return;
	virtio->came = false;
	if (virtio->spec->start)
		virtio->spec->start(virtio->dev);
	mdk_virtio_config_changed(virtio->dev);
	mdk_virtio_wake(virtio);
}
