// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor: VFIO's region of graphics, subtype EDID, which the user writes, and what a guest
 * reads of it.
 *
 * There are two copies. What the user writes piece by piece goes to one; when the link is set up
 * that is copied to the other, which guest and driver see. So neither finds half an EDID, and one
 * change is one interrupt. Registers by which a guest reads it have the bytes as their stored
 * values: a read is that of any register.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include <mdk/cause.h>
#include <mdk/display.h>

#include "model/stream.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "edid.h"

static_assert(MDK_REGION_TYPE_GFX == VFIO_REGION_TYPE_GFX);
static_assert(MDK_REGION_SUBTYPE_EDID == VFIO_REGION_SUBTYPE_GFX_EDID);

/* Where the EDID lies in the region, behind the header. */
#define MDK_EDID_AT 64
#define FIELD(_name) offsetof(struct vfio_region_gfx_edid, _name)

/**
 * struct mdk_edid - the monitor; under mdk_inst.callbacks
 * @blob: what the user has written
 * @size: bytes of it that count
 * @link: VFIO_DEVICE_GFX_LINK_STATE_*
 * @up: what guest and driver see: a monitor is there
 * @shown: its EDID; zeroes behind @shown_size
 * @shown_size: bytes; 0 while not @up
 */
struct mdk_edid {
	__le32 blob[MDK_EDID_MAX / 4];
	u32 size;
	u32 link;
	bool up;
	__le32 shown[MDK_EDID_MAX / 4];
	u32 shown_size;
};

int mdk_edid_alloc(struct mdk_inst *inst)
{
	if (!inst->plan->edid_max)
		return 0;
	inst->edid = kzalloc(sizeof(*inst->edid), GFP_KERNEL);
	if (!inst->edid)
		return -ENOMEM;
	inst->edid->link = VFIO_DEVICE_GFX_LINK_STATE_DOWN;
	return 0;
}

void mdk_edid_free(struct mdk_inst *inst)
{
	kfree(inst->edid);
}

/* The registers follow what is shown. The words of a row need not have values side by side. */
static void mdk_edid_fill_registers(struct mdk_inst *inst)
{
	const struct mdk_plan *plan = inst->plan;
	u32 i;

	for (i = 0; i < plan->edid_words; i++)
		atomic_set(&inst->vals[mdk_plan_value(plan, plan->edid_slot,
						      plan->edid_offset + 4 * i)],
			   le32_to_cpu(inst->edid->shown[i]));
}

/* Return: guest and driver see something else than before. */
static bool mdk_edid_show(struct mdk_inst *inst)
{
	struct mdk_edid *edid = inst->edid;
	bool up = edid->link == VFIO_DEVICE_GFX_LINK_STATE_UP;
	u32 size = up ? edid->size : 0;

	lockdep_assert_held(&inst->callbacks);
	if (up == edid->up && size == edid->shown_size && !memcmp(edid->blob, edid->shown, size))
		return false;
	edid->up = up;
	edid->shown_size = size;
	memset(edid->shown, 0, sizeof(edid->shown));
	memcpy(edid->shown, edid->blob, size);
	mdk_edid_fill_registers(inst);
	return true;
}

void mdk_edid_forget(struct mdk_inst *inst)
{
	struct mdk_edid *edid = inst->edid;

	if (!edid)
		return;
	memset(edid, 0, sizeof(*edid));
	edid->link = VFIO_DEVICE_GFX_LINK_STATE_DOWN;
	mdk_edid_fill_registers(inst);
}

static void mdk_edid_tell(struct mdk_inst *inst)
{
	const struct mdk_display *display = &inst->plan->host->display;
	const struct mdk_hotplug *hotplug = &display->hotplug;
	struct mdk_call_state before;

	if (display->monitor && !READ_ONCE(inst->fenced)) {
		before = mdk_call_begin();
		display->monitor(&inst->base, inst->edid->up);
		mdk_call_end(inst->plan->host, "monitor", NULL, &before);
	}
	if (hotplug->bits)
		mdk_irq_raise_at(&inst->base, MDK_AT(hotplug->region, hotplug->status),
				 hotplug->bits);
}

/* The user's side. Fields and bytes that the region does not have read zero. */

static u32 mdk_edid_word(const struct mdk_inst *inst, u64 at)
{
	const struct mdk_desc *desc = inst->plan->desc;
	const struct mdk_edid *edid = inst->edid;

	switch (at) {
	case FIELD(edid_offset):
		return MDK_EDID_AT;
	case FIELD(edid_max_size):
		return inst->plan->edid_max;
	case FIELD(edid_size):
		return edid->size;
	case FIELD(max_xres):
		return mdk_desc_max_xres(desc, inst->plan->type);
	case FIELD(max_yres):
		return mdk_desc_max_yres(desc, inst->plan->type);
	case FIELD(link_state):
		return edid->link;
	}
	if (at < MDK_EDID_AT || at - MDK_EDID_AT >= inst->plan->edid_max)
		return 0;
	return le32_to_cpu(edid->blob[(at - MDK_EDID_AT) / 4]);
}

static void mdk_edid_field_store(struct mdk_inst *inst, u64 at, u32 val)
{
	struct mdk_edid *edid = inst->edid;

	if (at == FIELD(edid_size) && val <= inst->plan->edid_max)
		edid->size = val;
	if (at != FIELD(link_state) ||
	    (val != VFIO_DEVICE_GFX_LINK_STATE_UP && val != VFIO_DEVICE_GFX_LINK_STATE_DOWN))
		return;
	edid->link = val;
	if (mdk_edid_show(inst))
		mdk_edid_tell(inst);
}

static u64 mdk_edid_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	u32 word;

	mdk_inst_lock(inst);
	word = mdk_edid_word(inst, round_down(off, 4));
	mdk_inst_unlock(inst);
	return word >> (8 * (off & 3));
}

static void mdk_edid_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width, u64 val)
{
	__le32 raw = cpu_to_le32(val);

	mdk_inst_lock(inst);
	if (off < MDK_EDID_AT && width == 4)
		mdk_edid_field_store(inst, off, val);
	else if (off >= MDK_EDID_AT && off - MDK_EDID_AT < inst->plan->edid_max)
		memcpy((u8 *)inst->edid->blob + (off - MDK_EDID_AT), &raw, width);
	mdk_inst_unlock(inst);
}

/* The region's row lets no access be wider than 4 bytes. */
const struct mdk_slot_ops mdk_edid_slot_ops = {
	.load = mdk_edid_load,
	.store = mdk_edid_store,
};

/* For a migration: four words, then what the user has written and what the guest sees of it */

#define MDK_EDID_WORDS 16

u64 mdk_edid_len(const struct mdk_inst *inst, u32 i)
{
	u32 max = inst->plan->edid_max;

	return max ? MDK_EDID_WORDS + 2ULL * max : 0;
}

void mdk_edid_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_edid *edid = inst->edid;

	mdk_stream_put(out, 4, edid->size);
	mdk_stream_put(out, 4, edid->link);
	mdk_stream_put(out, 4, edid->shown_size);
	mdk_stream_put(out, 4, edid->up);
	mdk_stream_put_bytes(out, edid->blob, inst->plan->edid_max);
	mdk_stream_put_bytes(out, edid->shown, inst->plan->edid_max);
}

const char *mdk_edid_wrong(const struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u32 link = mdk_stream_get(record->data + 4, 4);

	if (mdk_stream_get(record->data, 4) > inst->plan->edid_max ||
	    mdk_stream_get(record->data + 8, 4) > inst->plan->edid_max)
		return "its EDID is longer than the largest here";
	if (link != VFIO_DEVICE_GFX_LINK_STATE_UP && link != VFIO_DEVICE_GFX_LINK_STATE_DOWN)
		return "its link is neither up nor down";
	return mdk_stream_get(record->data + 12, 4) > 1 ? "it is neither there nor not" : NULL;
}

void mdk_edid_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	struct mdk_edid *edid = inst->edid;
	u32 max = inst->plan->edid_max;

	edid->size = mdk_stream_get(record->data, 4);
	edid->link = mdk_stream_get(record->data + 4, 4);
	edid->shown_size = mdk_stream_get(record->data + 8, 4);
	edid->up = mdk_stream_get(record->data + 12, 4);
	memcpy(edid->blob, record->data + MDK_EDID_WORDS, max);
	memcpy(edid->shown, record->data + MDK_EDID_WORDS + max, max);
	mdk_edid_fill_registers(inst);
}

/* For the driver */

u32 mdk_edid_get(struct mdk_dev *dev, void *buf, u32 size)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const struct mdk_edid *edid = inst->edid;

	mdk_check_locked(inst, "mdk_edid_get()", _RET_IP_);
	memset(buf, 0, size);
	if (!edid)
		return 0;
	memcpy(buf, edid->shown, min(size, edid->shown_size));
	return edid->shown_size;
}
