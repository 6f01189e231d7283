// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor rings in guest memory. All state is under mdk_inst.callbacks, but for @lost; a copy
 * fails by itself if the guest unmaps the memory (pins_copy.c).
 *
 * A ring is broken when a call has said so, by -EFAULT or -ERANGE, or the driver's callback was
 * called. From the moment when its memory dies until then it is lost: it does not run either, and
 * the next call says -EFAULT.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/slab.h>

#include <mdk/life.h>
#include <mdk/pin.h>
#include <mdk/ring.h>

#include "helpers/pins_private.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "ring_private.h"

static void mdk_ring_locked(const struct mdk_ring *ring, const char *call, unsigned long caller)
{
	struct mdk_inst *inst = to_mdk_inst(ring->dev);

	mdk_check_locked(inst, call, caller);
	lockdep_assert_held(&inst->callbacks);
}

/* Shows a guest what has become of the ring; in an unmap too. */
static void mdk_ring_show(struct mdk_ring *ring, bool running, bool broken)
{
	const struct mdk_ring_view *view = &ring->view;

	if (!view->state)
		return;
	atomic_andnot((running ? 0 : view->running) | (broken ? 0 : view->broken), view->state);
	atomic_or((running ? view->running : 0) | (broken ? view->broken : 0), view->state);
}

/* Whoever sees it also sees what was written to memory before. */
static void mdk_ring_show_done(struct mdk_ring *ring)
{
	if (ring->view.done)
		atomic_set_release(ring->view.done, ring->index.consumed & ring->view.mask);
}

void mdk_ring_drop(struct mdk_ring *ring)
{
	mdk_guest_pages_drop(&ring->buffers);
	mdk_unpin(ring->memory);
	WRITE_ONCE(ring->memory, NULL);
	WRITE_ONCE(ring->broken, false);
	/* Nobody sets it any more: the handle is given back. */
	WRITE_ONCE(ring->lost, false);
	ring->told = false;
	ring->awaits = false;
	ring->fetched = false;
	WRITE_ONCE(ring->index.consumed, 0);
	ring->index.produced = 0;
	mdk_ring_show(ring, false, false);
	mdk_ring_show_done(ring);
}

/* A reset, under the lock; or the instance is removed, and no lock is needed any more. */
static void mdk_ring_end(struct mdk_dev *dev, void *data)
{
	mdk_ring_drop(data);
}

static const char *mdk_ring_wrong(const struct mdk_model *model, const struct mdk_ops *ops,
				  const struct mdk_ring_spec *spec)
{
	if (!mdk_ring_size_good(spec->max, MDK_RING_SIZE_MAX))
		return "max is no power of two from 2 to 32768";
	if (spec->desc_size < 8 || spec->desc_size > MDK_RING_DESC_MAX ||
	    !mdk_power_of_2(spec->desc_size))
		return "desc_size is not 8, 16, 32 or 64";
	if (spec->status & 3 || spec->status > spec->desc_size - 4)
		return "status is no multiple of 4 inside the descriptor";
	if (!spec->dir || spec->dir & ~MDK_BOTH_WAYS)
		return "dir is not one of enum mdk_dma_dir";
	if (spec->buffer_pages > MDK_GUEST_PAGES_MAX || !mdk_power_of_2(spec->buffer_pages))
		return "buffer_pages is no power of two from 1 to 4096";
	if (model->pin_pages < spec->buffer_pages + 2 + spec->max * spec->desc_size / PAGE_SIZE)
		return "the model's pin_pages has no room for it: buffer_pages, the pages of max descriptors, and 2 more";
	if (model->save_version && ops->quiesce)
		return "the model can be migrated and has ops.quiesce, which would end the ring";
	return NULL;
}

struct mdk_ring *mdk_ring_make(struct mdk_dev *dev, const struct mdk_ring_spec *spec)
{
	struct mdk_ring *ring = mdk_zalloc(dev, MDK_UNTIL_REMOVE,
					   struct_size(ring, pages, spec->buffer_pages));

	if (!ring)
		return NULL;
	ring->dev = dev;
	ring->spec = *spec;
	ring->memory_dir = MDK_BOTH_WAYS;
	ring->buffers = (struct mdk_guest_pages){
		.dev = dev, .nr = spec->buffer_pages, .pages = ring->pages,
	};
	if (mdk_resets_add(to_mdk_inst(dev), mdk_ring_end, ring) ||
	    mdk_action(dev, MDK_UNTIL_REMOVE, mdk_ring_end, ring))
		return NULL;
	list_add_tail(&ring->made, &to_mdk_inst(dev)->rings_made);
	return ring;
}

struct mdk_ring *mdk_ring_create(struct mdk_dev *dev, const struct mdk_ring_spec *spec)
{
	const struct mdk_host *host = to_mdk_inst(dev)->plan->host;
	const char *wrong = mdk_ring_wrong(&host->model, &host->ops, spec);

	if (wrong) {
		pr_err("model '%s': ring '%s': %s, found max %u, desc_size %u, status %u, dir %u, buffer_pages %u and pin_pages %u; correct its mdk_ring_spec [K82]\n",
		       host->model.name, spec->name ?: "(no name)", wrong, spec->max,
		       spec->desc_size, spec->status, spec->dir, spec->buffer_pages,
		       host->model.pin_pages);
		return NULL;
	}
	return mdk_ring_make(dev, spec);
}

/* In an unmap: takes no lock that somebody holds who pins. */
static void mdk_ring_lose(void *data)
{
	struct mdk_ring *ring = data;

	WRITE_ONCE(ring->lost, true);
	mdk_ring_show(ring, false, true);
	if (ring->teller)
		mdk_work_queue(ring->teller, 0);
}

void mdk_ring_stop(struct mdk_ring *ring)
{
	mdk_ring_locked(ring, "mdk_ring_stop()", _RET_IP_);
	if (ring->bound)
		mdk_rings_stop(ring);
	else
		mdk_ring_drop(ring);
}

int mdk_ring_start(struct mdk_ring *ring, u64 base, u32 size)
{
	mdk_ring_locked(ring, "mdk_ring_start()", _RET_IP_);
	return ring->bound ? mdk_rings_start(ring, base, size) : mdk_ring_take(ring, base, size);
}

bool mdk_ring_place_good(const struct mdk_ring *ring, u64 base, u32 size)
{
	return mdk_ring_size_good(size, ring->spec.max) && IS_ALIGNED(base, MDK_RING_ALIGN);
}

int mdk_ring_take(struct mdk_ring *ring, u64 base, u32 size)
{
	mdk_ring_drop(ring);
	if (!mdk_ring_place_good(ring, base, size))
		return -EINVAL;
	ring->index.size = size;
	ring->base = base;
	return mdk_ring_pin(ring);
}

int mdk_ring_pin(struct mdk_ring *ring)
{
	struct mdk_pinned *memory;

	memory = mdk_pin(ring->dev, ring->base, (u64)ring->index.size * ring->spec.desc_size,
			 ring->memory_dir);
	if (IS_ERR(memory))
		return PTR_ERR(memory);
	if (ring->view.slots)
		ring->view.mask = ring->index.size - 1;
	WRITE_ONCE(ring->memory, memory);
	/* Before it can be lost, which shows the contrary. */
	mdk_ring_show(ring, true, false);
	mdk_pinned_watch(memory, mdk_ring_lose, ring);
	return 0;
}

/*
 * A reset and a close wait for workers before they stop rings. So no ring runs from their beginning
 * on: what works through a ring that another vCPU fills comes to an end.
 */
static bool mdk_ring_off(const struct mdk_ring *ring)
{
	const struct mdk_inst *inst = to_mdk_inst(ring->dev);

	return READ_ONCE(inst->off) || !mdk_inst_serves(inst);
}

bool mdk_ring_running(struct mdk_ring *ring)
{
	return READ_ONCE(ring->memory) && !READ_ONCE(ring->broken) && !READ_ONCE(ring->lost) &&
	       !mdk_ring_off(ring);
}

int mdk_ring_refused(struct mdk_ring *ring, int why)
{
	mdk_ring_show(ring, false, true);
	return why;
}

int mdk_ring_break(struct mdk_ring *ring, int why)
{
	WRITE_ONCE(ring->broken, true);
	if (ring->memory)
		mdk_ring_show(ring, false, true);
	return why;
}

/* Of a ring that does not run: that its memory has gone is said once. */
static int mdk_ring_refuse(struct mdk_ring *ring)
{
	if (!ring->memory || ring->broken || !READ_ONCE(ring->lost) || mdk_ring_off(ring))
		return -ESHUTDOWN;
	return mdk_ring_break(ring, -EFAULT);
}

/* The driver's callback */

static void mdk_ring_tell(struct mdk_dev *dev, void *data)
{
	struct mdk_ring *ring = data;

	mdk_lock(dev);
	/* It may have been started again by now. */
	if (READ_ONCE(ring->lost) && !ring->told) {
		ring->told = true;
		mdk_ring_break(ring, 0);
		ring->on_broken(dev, ring);
	}
	mdk_unlock(dev);
}

int mdk_ring_on_broken(struct mdk_ring *ring,
		       void (*fn)(struct mdk_dev *dev, struct mdk_ring *ring))
{
	struct mdk_inst *inst = to_mdk_inst(ring->dev);

	mdk_check_scope(inst, MDK_UNTIL_REMOVE, "mdk_ring_on_broken()", _RET_IP_);
	ring->on_broken = fn;
	ring->teller = mdk_works_add(inst, mdk_ring_tell, ring);
	return ring->teller ? 0 : -ENOMEM;
}

int mdk_ring_produce(struct mdk_ring *ring, u32 index)
{
	mdk_ring_locked(ring, "mdk_ring_produce()", _RET_IP_);
	if (!mdk_ring_running(ring))
		return mdk_ring_refuse(ring);
	if (!mdk_ring_step_good(&ring->index, index))
		return mdk_ring_break(ring, -ERANGE);
	/* Whoever sees the new index also sees the descriptors written before it. */
	smp_store_release(&ring->index.produced, index);
	return 0;
}

static u64 mdk_ring_offset(const struct mdk_ring *ring)
{
	return (u64)mdk_ring_slot(&ring->index) * ring->spec.desc_size;
}

int mdk_ring_fetch(struct mdk_ring *ring, void *desc)
{
	mdk_ring_locked(ring, "mdk_ring_fetch()", _RET_IP_);
	if (!mdk_ring_running(ring))
		return mdk_ring_refuse(ring);
	if (smp_load_acquire(&ring->index.produced) == ring->index.consumed)
		return -ENOENT;
	if (!ring->fetched && mdk_pinned_read(ring->memory, mdk_ring_offset(ring), ring->desc,
					      ring->spec.desc_size))
		return mdk_ring_break(ring, -EFAULT);
	ring->fetched = true;
	memcpy(desc, ring->desc, ring->spec.desc_size);
	return 0;
}

/* The last word, which tells the guest that the descriptor is done, is written last. */
static int mdk_ring_write_back(struct mdk_ring *ring, const void *desc)
{
	u32 first = ring->spec.status, last = ring->spec.desc_size - 4;
	u64 offset = mdk_ring_offset(ring);
	int ret = 0;

	if (first < last)
		ret = mdk_pinned_write(ring->memory, offset + first, desc + first, last - first);
	smp_wmb();
	return ret ?: mdk_pinned_write(ring->memory, offset + last, desc + last, 4);
}

int mdk_ring_complete(struct mdk_ring *ring, const void *desc)
{
	mdk_ring_locked(ring, "mdk_ring_complete()", _RET_IP_);
	if (!mdk_ring_running(ring))
		return mdk_ring_refuse(ring);
	if (!ring->fetched)
		return -EINVAL;
	if (!ring->silent && mdk_ring_write_back(ring, desc))
		return mdk_ring_break(ring, -EFAULT);
	ring->fetched = false;
	smp_store_release(&ring->index.consumed, ring->index.consumed + 1);
	mdk_ring_show_done(ring);
	return 0;
}

/* Of rows: see rings.c */

u32 mdk_ring_limit(const struct mdk_ring *ring)
{
	return ring->index.size - ring->view.slots;
}

u32 mdk_ring_waiting(const struct mdk_ring *ring)
{
	return ring->memory ? mdk_ring_filled(&ring->index) : 0;
}

/* It will run: a migration has stopped the device for now, or has just brought the ring. */
static bool mdk_ring_will_run(const struct mdk_ring *ring)
{
	const struct mdk_inst *inst = to_mdk_inst(ring->dev);

	if (READ_ONCE(ring->broken) || READ_ONCE(ring->lost))
		return false;
	return ring->awaits || (ring->memory && inst->still && mdk_inst_serves(inst));
}

int mdk_ring_advance(struct mdk_ring *ring, u32 more)
{
	if (!mdk_ring_running(ring) && !mdk_ring_will_run(ring))
		return mdk_ring_refuse(ring);
	if (!mdk_ring_more_good(&ring->index, mdk_ring_limit(ring), more))
		return mdk_ring_break(ring, -ERANGE);
	/* Whoever sees the new index also sees the descriptors written before it. */
	smp_store_release(&ring->index.produced, ring->index.produced + more);
	return 0;
}

int mdk_ring_put(struct mdk_ring *ring, const void *entry)
{
	if (!mdk_ring_running(ring))
		return mdk_ring_refuse(ring);
	if (!mdk_ring_filled(&ring->index))
		return -EINVAL;
	if (mdk_ring_write_back(ring, entry))
		return mdk_ring_break(ring, -EFAULT);
	smp_store_release(&ring->index.consumed, ring->index.consumed + 1);
	mdk_ring_show_done(ring);
	return 0;
}

bool mdk_ring_overlaps(struct mdk_ring *ring, u64 addr, u64 len)
{
	u64 bytes = (u64)ring->index.size * ring->spec.desc_size;

	mdk_ring_locked(ring, "mdk_ring_overlaps()", _RET_IP_);
	if (!ring->memory || !len)
		return false;
	return addr - ring->base < bytes || ring->base - addr < len;
}

u32 mdk_ring_completed(struct mdk_ring *ring)
{
	return smp_load_acquire(&ring->index.consumed);
}

/* Buffers */

static int mdk_ring_copy(struct mdk_ring *ring, enum mdk_dma_dir way, u64 addr, void *buf, u32 len)
{
	if (!mdk_ring_running(ring))
		return -ESHUTDOWN;
	return mdk_guest_copy(&ring->buffers, way, ring->spec.dir, addr, buf, len);
}

int mdk_ring_read(struct mdk_ring *ring, u64 addr, void *buf, u32 len)
{
	mdk_ring_locked(ring, "mdk_ring_read()", _RET_IP_);
	return mdk_ring_copy(ring, MDK_TO_DEVICE, addr, buf, len);
}

int mdk_ring_write(struct mdk_ring *ring, u64 addr, const void *buf, u32 len)
{
	mdk_ring_locked(ring, "mdk_ring_write()", _RET_IP_);
	return mdk_ring_copy(ring, MDK_FROM_DEVICE, addr, (void *)buf, len);
}
