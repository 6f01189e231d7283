// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: the calls that make and release them, the tree of those there are, and the worker that
 * unpins. Nothing else unpins (unmap.c says why).
 */
#include <linux/interval_tree_generic.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "bridge.h"

static u64 mdk_pin_first(const struct mdk_pin *pin)
{
	return pin->first;
}

static u64 mdk_pin_last(const struct mdk_pin *pin)
{
	return pin->last;
}

INTERVAL_TREE_DEFINE(struct mdk_pin, node, u64, subtree_last, mdk_pin_first, mdk_pin_last,
		     static, mdk_pin_tree)

/* Unpinning frees memory for somebody, so it must go on without allocating any. */
static struct workqueue_struct *mdk_unpin_wq;

bool mdk_released(struct mdk_pins *pins, unsigned long target)
{
	return (long)(READ_ONCE(pins->nr_released) - target) >= 0;
}

bool mdk_range_flying(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_pin *pin;

	lockdep_assert_held(&pins->lock);
	list_for_each_entry(pin, &pins->flying, link)
		if (pin->first <= last && first <= pin->last)
			return true;
	return false;
}

bool mdk_range_pinned(struct mdk_pins *pins, u64 first, u64 last)
{
	lockdep_assert_held(&pins->lock);
	return mdk_pin_tree_iter_first(&pins->tree, first, last);
}

/* The pin leaves the tree, or never entered it; its pages go as soon as the worker runs. */
static void mdk_pin_condemn(struct mdk_pins *pins, struct mdk_pin *pin)
{
	lockdep_assert_held(&pins->lock);
	list_add_tail(&pin->link, &pins->condemned);
	pins->nr_condemned++;
	mdk_gates_await(pins, pin);
	queue_work(mdk_unpin_wq, &pins->work);
}

void mdk_pins_condemn_range(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_pin *pin;

	while ((pin = mdk_pin_tree_iter_first(&pins->tree, first, last))) {
		mdk_pin_tree_remove(pin, &pins->tree);
		mdk_pin_condemn(pins, pin);
	}
}

static struct mdk_pin *mdk_pins_next_condemned(struct mdk_pins *pins)
{
	struct mdk_pin *pin;

	spin_lock(&pins->lock);
	pin = list_first_entry_or_null(&pins->condemned, struct mdk_pin, link);
	if (pin)
		list_del(&pin->link);
	spin_unlock(&pins->lock);
	return pin;
}

static void mdk_unpin_work(struct work_struct *work)
{
	struct mdk_pins *pins = container_of(work, struct mdk_pins, work);
	struct mdk_bridge *b = container_of(pins, struct mdk_bridge, pins);
	struct mdk_pin *pin;

	while ((pin = mdk_pins_next_condemned(pins))) {
		vfio_unpin_pages(&b->vdev, pin->first, pin->npage);
		kfree(pin);
		spin_lock(&pins->lock);
		mdk_gates_extend(pins);
		pins->nr_released++;
		wake_up_all(&pins->settled);
		spin_unlock(&pins->lock);
	}
}

void mdk_pins_init(struct mdk_pins *pins)
{
	unsigned int i;

	spin_lock_init(&pins->lock);
	pins->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->flying);
	INIT_LIST_HEAD(&pins->condemned);
	pins->gates = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->recent);
	INIT_LIST_HEAD(&pins->late);
	INIT_LIST_HEAD(&pins->spare);
	for (i = 0; i < MDK_GATES_RESERVE; i++)
		list_add(&pins->reserve[i].link, &pins->spare);
	mutex_init(&pins->stop_lock);
	init_waitqueue_head(&pins->settled);
	INIT_WORK(&pins->work, mdk_unpin_work);
}

/* Waits for a notifier that runs; after it none is called. */
void mdk_pins_end(struct mdk_pins *pins)
{
	mutex_lock(&pins->stop_lock);
	spin_lock(&pins->lock);
	pins->live = false;
	pins->closing = true;
	spin_unlock(&pins->lock);
	mutex_unlock(&pins->stop_lock);
}

void mdk_pins_begin(struct mdk_pins *pins)
{
	spin_lock(&pins->lock);
	mdk_gates_free_over(pins);
	pins->live = true;
	spin_unlock(&pins->lock);
}

static bool mdk_pins_all_released(struct mdk_pins *pins)
{
	bool done;

	spin_lock(&pins->lock);
	done = !pins->calls && pins->nr_released == pins->nr_condemned;
	spin_unlock(&pins->lock);
	return done;
}

/* After mdk_pins_end(). No lock of VFIO that the worker takes is held by a close. */
void mdk_pins_drain(struct mdk_bridge *b)
{
	struct mdk_pins *pins = &b->pins;

	spin_lock(&pins->lock);
	pins->closing = false;
	wake_up_all(&pins->settled);
	mdk_pins_condemn_range(pins, 0, U64_MAX);
	spin_unlock(&pins->lock);

	wait_event(pins->settled, mdk_pins_all_released(pins));
	flush_work(&pins->work);

	spin_lock(&pins->lock);
	mdk_gates_free_over(pins);
	mdk_gates_forgive(pins);
	spin_unlock(&pins->lock);
}

/* VFIO has dropped its last reference: there are no notices any more. */
void mdk_pins_destroy(struct mdk_pins *pins)
{
	struct mdk_gate *gate, *next;

	spin_lock(&pins->lock);
	list_for_each_entry_safe(gate, next, &pins->recent, link)
		mdk_gate_free(pins, gate);
	spin_unlock(&pins->lock);
}

static int mdk_pin_check(struct mdk_bridge *b, u64 iova, int npage, u64 *last)
{
	if (npage <= 0 || !PAGE_ALIGNED(iova))
		return -EINVAL;
	if (npage > MDEV_PIN_PAGES_MAX)
		return -E2BIG;
	if (check_add_overflow(iova, ((u64)npage << PAGE_SHIFT) - 1, last))
		return -EINVAL;
	/* v11: without a notifier nobody could answer the unmap. */
	if (!b->ops->notifier && !b->ops->quiesce)
		return -EINVAL;
	return 0;
}

static int mdk_not_live_errno(struct mdk_bridge *b)
{
	/* Open but not yet touched: the caller may try again; closed: it may not. */
	return READ_ONCE(b->mdev->opens) ? -EAGAIN : -ENODEV;
}

/*
 * A call into VFIO begins. @pin: what it will pin, NULL for a copy. A copy leaves nothing behind
 * that an unmap could meet, so no gate stops it: VFIO's own lock orders the two. But while an
 * unmap does not get on, nobody may queue at that lock: a callback that waits there holds what a
 * reset needs.
 */
int mdk_call_enter(struct mdk_bridge *b, struct mdk_pin *pin)
{
	struct mdk_pins *pins = &b->pins;
	int ret = 0;

	spin_lock(&pins->lock);
	if (!pins->live)
		ret = mdk_not_live_errno(b);
	else if (mdk_gates_stuck(pins) || (pin && mdk_range_shut(pins, pin->first, pin->last)))
		ret = -EAGAIN;
	else
		pins->calls++;
	if (!ret && pin)
		list_add(&pin->link, &pins->flying);
	spin_unlock(&pins->lock);
	return ret;
}

void mdk_call_leave(struct mdk_pins *pins)
{
	lockdep_assert_held(&pins->lock);
	pins->calls--;
	wake_up_all(&pins->settled);
}

/*
 * Back from VFIO with @got pages or an error; @pin is the caller's no more. Return: @got, if all of
 * it stays, as @wanted; -EAGAIN, if what was pinned goes to the worker; else the error.
 */
int mdk_pin_leave(struct mdk_bridge *b, struct mdk_pin *pin, int got, bool wanted)
{
	struct mdk_pins *pins = &b->pins;
	bool shut;

	lockdep_assert_held(&pins->lock);
	/* While it is on the list an unmap that gave up on it keeps its gate shut. */
	shut = mdk_range_shut(pins, pin->first, pin->last);
	list_del(&pin->link);
	if (wanted && got == pin->npage && pins->live && !shut) {
		mdk_pin_tree_insert(pin, &pins->tree);
	} else if (got > 0) {
		pin->npage = got;
		mdk_pin_condemn(pins, pin);
		got = -EAGAIN;
	} else {
		kfree(pin);
	}
	mdk_call_leave(pins);
	return got;
}

/* Return: a pin on its way into VFIO, or an errno. */
struct mdk_pin *mdk_pin_begin(struct mdk_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages)
{
	struct mdk_pin *pin;
	u64 last;
	int ret;

	if (!b)
		return ERR_PTR(-ENODEV);
	if (!pages || !(prot & (IOMMU_READ | IOMMU_WRITE)))
		return ERR_PTR(-EINVAL);
	ret = mdk_pin_check(b, iova, npage, &last);
	if (ret)
		return ERR_PTR(ret);
	pin = kzalloc(sizeof(*pin), GFP_KERNEL);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	pin->first = iova;
	pin->last = last;
	pin->npage = npage;

	ret = mdk_call_enter(b, pin);
	if (!ret)
		return pin;
	kfree(pin);
	return ERR_PTR(ret);
}

int mdk_mdev_pin_pages(struct mdev_device *mdev, u64 iova, int npage, int prot,
		       struct page **pages)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	struct mdk_pin *pin = mdk_pin_begin(b, iova, npage, prot, pages);
	int ret;

	if (IS_ERR(pin))
		return PTR_ERR(pin);
	ret = vfio_pin_pages(&b->vdev, iova, npage, prot, pages);
	spin_lock(&b->pins.lock);
	ret = mdk_pin_leave(b, pin, ret, true);
	spin_unlock(&b->pins.lock);
	if (ret != npage)
		memset(pages, 0, npage * sizeof(*pages));
	return ret;
}

int mdk_mdev_unpin_pages(struct mdev_device *mdev, u64 iova, int npage)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	struct mdk_pin *pin;
	struct mdk_pins *pins;
	u64 last;
	int ret;

	if (!b)
		return -ENODEV;
	ret = mdk_pin_check(b, iova, npage, &last);
	if (ret)
		return ret;

	pins = &b->pins;
	spin_lock(&pins->lock);
	pin = mdk_pin_tree_iter_first(&pins->tree, iova, last);
	while (pin && (pin->first != iova || pin->last != last))
		pin = mdk_pin_tree_iter_next(pin, iova, last);
	if (pin) {
		mdk_pin_tree_remove(pin, &pins->tree);
		mdk_pin_condemn(pins, pin);
	}
	spin_unlock(&pins->lock);
	return pin ? npage : -EINVAL;
}

/* Return: 0: a copy may ask to go into VFIO. */
int mdk_copy_check(struct mdk_bridge *b, u64 iova, const void *data, size_t len)
{
	u64 last;

	if (!b)
		return -ENODEV;
	if (!data || !len || check_add_overflow(iova, (u64)len - 1, &last))
		return -EINVAL;
	return 0;
}

/* vfio_dma_rw() holds VFIO's lock while it copies, so the range cannot go meanwhile. */
int mdk_mdev_dma_rw(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	int ret = mdk_copy_check(b, iova, data, len) ?: mdk_call_enter(b, NULL);

	if (ret)
		return ret;
	ret = vfio_dma_rw(&b->vdev, iova, data, len, write);

	spin_lock(&b->pins.lock);
	mdk_call_leave(&b->pins);
	spin_unlock(&b->pins.lock);
	return ret < 0 ? ret : 0;
}

int mdk_pins_module_init(void)
{
	mdk_unpin_wq = alloc_workqueue("mdk-unpin", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return mdk_unpin_wq ? 0 : -ENOMEM;
}

void mdk_pins_module_exit(void)
{
	destroy_workqueue(mdk_unpin_wq);
}
