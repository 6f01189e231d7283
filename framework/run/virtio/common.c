// SPDX-License-Identifier: GPL-2.0-only
/*
 * The structures of a virtio device in its BAR: a guest reads and writes each field in its own
 * width, and those of 64 bits in halves too. Other accesses read all-ones, and are dropped.
 */
#include <linux/bitops.h>
#include <linux/nospec.h>

#include <mdk/model.h>
#include <mdk/virtio.h>

#include "run/access/ring_index.h"
#include "device.h"
#include "net.h"

/**
 * struct mdk_common_field - a field of the common configuration
 * @offset: in bytes
 * @width: in bytes
 * @get: its value
 * @set: NULL: it is read-only
 */
struct mdk_common_field {
	u8 offset;
	u8 width;
	u32 (*get)(struct mdk_virtio_dev *virtio);
	void (*set)(struct mdk_virtio_dev *virtio, u32 value);
};

/* Of the queue that the guest has selected; NULL: it has no such queue. */
static struct mdk_vq *mdk_virtio_selected(struct mdk_virtio_dev *virtio)
{
	u32 nr = virtio->spec->nr_queues;

	return virtio->select < nr ? &virtio->queues[array_index_nospec(virtio->select, nr)] : NULL;
}

/* One that the guest may still set up. */
static struct mdk_vq *mdk_virtio_set_up(struct mdk_virtio_dev *virtio)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	return vq && !vq->enabled ? vq : NULL;
}

static u32 mdk_half(u64 features, u32 half)
{
	return half < 2 ? features >> (32 * half) : 0;
}

static u32 get_offered_half(struct mdk_virtio_dev *virtio)
{
	return virtio->offered_half;
}

static void set_offered_half(struct mdk_virtio_dev *virtio, u32 value)
{
	virtio->offered_half = value;
}

static u32 get_offered(struct mdk_virtio_dev *virtio)
{
	return mdk_half(virtio->offered, virtio->offered_half);
}

static u32 get_wanted_half(struct mdk_virtio_dev *virtio)
{
	return virtio->wanted_half;
}

static void set_wanted_half(struct mdk_virtio_dev *virtio, u32 value)
{
	virtio->wanted_half = value;
}

static u32 get_wanted(struct mdk_virtio_dev *virtio)
{
	return mdk_half(virtio->wanted, virtio->wanted_half);
}

/* From FEATURES_OK on they are agreed on. */
static void set_wanted(struct mdk_virtio_dev *virtio, u32 value)
{
	u32 shift = 32 * virtio->wanted_half;

	if (virtio->wanted_half > 1 || virtio->status & MDK_VIRTIO_FEATURES_OK)
		return;
	virtio->wanted = (virtio->wanted & ~(0xffffffffULL << shift)) | (u64)value << shift;
}

static u16 mdk_virtio_vector(struct mdk_virtio_dev *virtio, u32 value)
{
	return value <= virtio->spec->nr_queues ? value : MDK_VIRTIO_NO_VECTOR;
}

static u32 get_config_vector(struct mdk_virtio_dev *virtio)
{
	return virtio->vector;
}

static void set_config_vector(struct mdk_virtio_dev *virtio, u32 value)
{
	virtio->vector = mdk_virtio_vector(virtio, value);
}

static u32 get_nr_queues(struct mdk_virtio_dev *virtio)
{
	return virtio->spec->nr_queues;
}

static u32 get_status(struct mdk_virtio_dev *virtio)
{
	return virtio->status;
}

static void set_status(struct mdk_virtio_dev *virtio, u32 value)
{
	mdk_virtio_set_status(virtio, value);
}

static u32 get_generation(struct mdk_virtio_dev *virtio)
{
	return virtio->generation;
}

static u32 get_select(struct mdk_virtio_dev *virtio)
{
	return virtio->select;
}

static void set_select(struct mdk_virtio_dev *virtio, u32 value)
{
	virtio->select = value;
}

static u32 get_size(struct mdk_virtio_dev *virtio)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	return vq ? vq->size : 0;
}

static void set_size(struct mdk_virtio_dev *virtio, u32 value)
{
	struct mdk_vq *vq = mdk_virtio_set_up(virtio);

	if (vq && mdk_ring_size_good(value, vq->row->max))
		vq->size = value;
}

static u32 get_vector(struct mdk_virtio_dev *virtio)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	return vq ? vq->vector : MDK_VIRTIO_NO_VECTOR;
}

static void set_vector(struct mdk_virtio_dev *virtio, u32 value)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	if (vq)
		vq->vector = mdk_virtio_vector(virtio, value);
}

static u32 get_enable(struct mdk_virtio_dev *virtio)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	return vq && vq->enabled;
}

/* Once the features are agreed on; a reset alone takes it back. */
static void set_enable(struct mdk_virtio_dev *virtio, u32 value)
{
	struct mdk_vq *vq = mdk_virtio_set_up(virtio);

	if (value != 1 || !vq || !(virtio->status & MDK_VIRTIO_FEATURES_OK) ||
	    virtio->status & MDK_VIRTIO_NEEDS_RESET)
		return;
	if (mdk_vq_enable(vq))
		mdk_virtio_break(virtio, vq, "it cannot be enabled: size, addresses or memory");
	mdk_net_settle(virtio);
}

static u32 get_notify_at(struct mdk_virtio_dev *virtio)
{
	return mdk_virtio_selected(virtio) ? virtio->select : 0;
}

static u64 mdk_area_get(struct mdk_virtio_dev *virtio, u32 area)
{
	struct mdk_vq *vq = mdk_virtio_selected(virtio);

	return vq ? vq->areas[array_index_nospec(area, ARRAY_SIZE(vq->areas))] : 0;
}

static void mdk_area_set(struct mdk_virtio_dev *virtio, u32 area, u64 mask, u64 value)
{
	struct mdk_vq *vq = mdk_virtio_set_up(virtio);

	area = array_index_nospec(area, ARRAY_SIZE(vq->areas));
	if (vq)
		vq->areas[area] = (vq->areas[area] & ~mask) | (value & mask);
}

/* In the specification: struct virtio_pci_common_cfg. */
static const struct mdk_common_field mdk_common_fields[] = {
	{ 0x00, 4, get_offered_half, set_offered_half },
	{ 0x04, 4, get_offered },
	{ 0x08, 4, get_wanted_half, set_wanted_half },
	{ 0x0c, 4, get_wanted, set_wanted },
	{ 0x10, 2, get_config_vector, set_config_vector },
	{ 0x12, 2, get_nr_queues },
	{ 0x14, 1, get_status, set_status },
	{ 0x15, 1, get_generation },
	{ 0x16, 2, get_select, set_select },
	{ 0x18, 2, get_size, set_size },
	{ 0x1a, 2, get_vector, set_vector },
	{ 0x1c, 2, get_enable, set_enable },
	{ 0x1e, 2, get_notify_at },
};

/* Behind them the addresses of the three areas, 8 bytes each. */
#define MDK_AREAS_BEGIN 0x20
#define MDK_AREAS_END 0x38

static bool mdk_is_area(u64 offset, unsigned int width)
{
	return width >= 4 && offset >= MDK_AREAS_BEGIN && offset < MDK_AREAS_END;
}

static const struct mdk_common_field *mdk_common_field_at(u64 offset, unsigned int width)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mdk_common_fields); i++)
		if (mdk_common_fields[i].offset == offset && mdk_common_fields[i].width == width)
			return &mdk_common_fields[i];
	return NULL;
}

static u64 mdk_common_read(struct mdk_virtio_dev *virtio, u64 offset, unsigned int width)
{
	const struct mdk_common_field *field = mdk_common_field_at(offset, width);
	u64 area;

	if (!mdk_is_area(offset, width))
		return field ? field->get(virtio) : U64_MAX;
	area = mdk_area_get(virtio, (offset - MDK_AREAS_BEGIN) / 8);
	return offset % 8 ? area >> 32 : area;
}

static void mdk_common_write(struct mdk_virtio_dev *virtio, u64 offset, unsigned int width,
			     u64 value)
{
	const struct mdk_common_field *field = mdk_common_field_at(offset, width);
	u32 shift = offset % 8 ? 32 : 0;

	if (mdk_is_area(offset, width))
		mdk_area_set(virtio, (offset - MDK_AREAS_BEGIN) / 8,
			     (width == 8 ? U64_MAX : 0xffffffffULL) << shift, value << shift);
	else if (field && field->set)
		field->set(virtio, value);
}

/* What lies behind the fields reads zero. */
static u64 mdk_own_config_read(struct mdk_virtio_dev *virtio, u64 offset, unsigned int width)
{
	u32 size = virtio->config_size;
	u64 value = 0;
	unsigned int i;

	for (i = 0; i < width && offset + i < size; i++)
		value |= (u64)virtio->config[array_index_nospec(offset + i, size)] << (8 * i);
	return value;
}

u64 mdk_virtio_bar_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			unsigned int width)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);

	/* A driver that has not made it. */
	if (!virtio)
		return U64_MAX;
	if (offset < MDK_VIRTIO_AT_ISR)
		return mdk_common_read(virtio, offset, width);
	if (offset == MDK_VIRTIO_AT_ISR && width == 1)
		return mdk_virtio_take_isr(virtio);
	if (offset >= MDK_VIRTIO_AT_CONFIG && offset < MDK_VIRTIO_AT_CONFIG + MDK_VIRTIO_CONFIG_MAX)
		return mdk_own_config_read(virtio, offset - MDK_VIRTIO_AT_CONFIG, width);
	return U64_MAX;
}

void mdk_virtio_bar_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			  unsigned int width, u64 value)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);

	if (!virtio)
		return;
	if (offset < MDK_VIRTIO_AT_ISR)
		mdk_common_write(virtio, offset, width, value);
	else if (offset >= MDK_VIRTIO_AT_NOTIFY && offset < MDK_VIRTIO_AT_TABLE && width < 8 &&
		 !(offset % 4))
		mdk_vq_kick(dev, (offset - MDK_VIRTIO_AT_NOTIFY) / 4);
}
