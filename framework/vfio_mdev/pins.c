// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: the calls that make and release them, the tree of those there are, and the worker. Only the
 * worker calls vfio_unpin_pages(); unmap.c says why.
 */
#include <linux/interval_tree_generic.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "bridge.h"

static u64 mdv_pin_first(const struct mdv_pin *pin)
{
	return pin->first;
}

static u64 mdv_pin_last(const struct mdv_pin *pin)
{
	return pin->last;
}

INTERVAL_TREE_DEFINE(struct mdv_pin, node, u64, subtree_last, mdv_pin_first, mdv_pin_last,
		     static, mdv_pin_tree)

/* It has to go on when memory is short, because unpinning is what frees some: WQ_MEM_RECLAIM. */
static struct workqueue_struct *mdv_unpin_wq;

bool mdv_unpinned(struct mdv_pins *pins, unsigned long target)
{
	return (long)(READ_ONCE(pins->nr_unpinned) - target) >= 0;
}

bool mdv_range_in_flight(struct mdv_pins *pins, u64 first, u64 last)
{
	struct mdv_pin *pin;

	lockdep_assert_held(&pins->lock);
	list_for_each_entry(pin, &pins->in_flight, link)
		if (pin->first <= last && first <= pin->last)
			return true;
	return false;
}

bool mdv_range_pinned(struct mdv_pins *pins, u64 first, u64 last)
{
	lockdep_assert_held(&pins->lock);
	return mdv_pin_tree_iter_first(&pins->tree, first, last);
}

/* The pin has left the tree, or was never in it; the worker will unpin its pages. */
static void mdv_queue_unpin(struct mdv_pins *pins, struct mdv_pin *pin)
{
	lockdep_assert_held(&pins->lock);
	list_add_tail(&pin->link, &pins->queued);
	pins->nr_queued++;
	mdv_gates_pin_queued(pins, pin);
	queue_work(mdv_unpin_wq, &pins->work);
}

void mdv_queue_unpin_range(struct mdv_pins *pins, u64 first, u64 last)
{
	struct mdv_pin *pin;

	while ((pin = mdv_pin_tree_iter_first(&pins->tree, first, last))) {
		mdv_pin_tree_remove(pin, &pins->tree);
		mdv_queue_unpin(pins, pin);
	}
}

static struct mdv_pin *mdv_dequeue_unpin(struct mdv_pins *pins)
{
	struct mdv_pin *pin;

	spin_lock(&pins->lock);
	pin = list_first_entry_or_null(&pins->queued, struct mdv_pin, link);
	if (pin)
		list_del(&pin->link);
	spin_unlock(&pins->lock);
	return pin;
}

static void mdv_unpin_work(struct work_struct *work)
{
	struct mdv_pins *pins = container_of(work, struct mdv_pins, work);
	struct mdv_bridge *b = container_of(pins, struct mdv_bridge, pins);
	struct mdv_pin *pin;

	while ((pin = mdv_dequeue_unpin(pins))) {
		vfio_unpin_pages(&b->vdev, pin->first, pin->npage);
		kfree(pin);
		spin_lock(&pins->lock);
		mdv_gates_pin_unpinned(pins);
		pins->nr_unpinned++;
		wake_up_all(&pins->progress);
		spin_unlock(&pins->lock);
	}
}

void mdv_pins_init(struct mdv_pins *pins)
{
	spin_lock_init(&pins->lock);
	pins->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->in_flight);
	INIT_LIST_HEAD(&pins->queued);
	mdv_gates_init(pins);
	mutex_init(&pins->stop_lock);
	init_waitqueue_head(&pins->progress);
	INIT_WORK(&pins->work, mdv_unpin_work);
}

/* Waits for a notifier that runs; after it none is called. */
void mdv_pins_end(struct mdv_pins *pins)
{
	mutex_lock(&pins->stop_lock);
	spin_lock(&pins->lock);
	pins->live = false;
	pins->closing = true;
	spin_unlock(&pins->lock);
	mutex_unlock(&pins->stop_lock);
}

void mdv_pins_begin(struct mdv_pins *pins)
{
	spin_lock(&pins->lock);
	mdv_gates_free_over(pins);
	pins->live = true;
	spin_unlock(&pins->lock);
}

static bool mdv_pins_all_unpinned(struct mdv_pins *pins)
{
	bool done;

	spin_lock(&pins->lock);
	done = !pins->calls && pins->nr_unpinned == pins->nr_queued;
	spin_unlock(&pins->lock);
	return done;
}

/* After mdv_pins_end(). A close holds no lock of VFIO that the worker takes, so it can wait. */
void mdv_pins_drain(struct mdv_bridge *b)
{
	struct mdv_pins *pins = &b->pins;

	spin_lock(&pins->lock);
	pins->closing = false;
	wake_up_all(&pins->progress);
	mdv_queue_unpin_range(pins, 0, U64_MAX);
	spin_unlock(&pins->lock);

	wait_event(pins->progress, mdv_pins_all_unpinned(pins));
	flush_work(&pins->work);

	spin_lock(&pins->lock);
	mdv_gates_free_over(pins);
	mdv_gates_set_finished(pins);
	spin_unlock(&pins->lock);
}

/* VFIO has dropped its last reference: no dma_unmap call comes any more. */
void mdv_pins_destroy(struct mdv_pins *pins)
{
	spin_lock(&pins->lock);
	mdv_gates_destroy(pins);
	spin_unlock(&pins->lock);
}

static int mdv_pin_check(struct mdv_bridge *b, u64 iova, int npage, u64 *last)
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

static int mdv_not_live_errno(struct mdv_bridge *b)
{
	/* Open but not yet touched: the caller may try again; closed: it may not. */
	return READ_ONCE(b->mdev->opens) ? -EAGAIN : -ENODEV;
}

/*
 * A call into VFIO begins. @pin: what it will pin; NULL for a copy. A copy leaves nothing behind
 * that an unmap could find, and VFIO's own lock orders the two, so no gate stops a copy. But while
 * an unmap makes no progress, nobody may wait for that lock: a callback of the driver that waits
 * there would hold what the driver's reset needs.
 */
int mdv_call_enter(struct mdv_bridge *b, struct mdv_pin *pin)
{
	struct mdv_pins *pins = &b->pins;
	int ret = 0;

	spin_lock(&pins->lock);
	if (!pins->live)
		ret = mdv_not_live_errno(b);
	else if (mdv_gates_stuck(pins) || (pin && mdv_range_shut(pins, pin->first, pin->last)))
		ret = -EAGAIN;
	else
		pins->calls++;
	if (!ret && pin)
		list_add(&pin->link, &pins->in_flight);
	spin_unlock(&pins->lock);
	return ret;
}

void mdv_call_leave(struct mdv_pins *pins)
{
	lockdep_assert_held(&pins->lock);
	pins->calls--;
	wake_up_all(&pins->progress);
}

/*
 * A call into VFIO has returned with @got pages or an error; the caller may not use @pin any more.
 * Return: @got, if all pages stay pinned; -EAGAIN, if those that were pinned are queued to be
 * unpinned, because it is not @wanted any more, a gate was shut or they are not all; else the
 * error.
 */
int mdv_pin_finish(struct mdv_bridge *b, struct mdv_pin *pin, int got, bool wanted)
{
	struct mdv_pins *pins = &b->pins;
	bool shut;

	lockdep_assert_held(&pins->lock);
	/* Before it leaves the list: an unmap that gave up on it keeps the gate shut until then. */
	shut = mdv_range_shut(pins, pin->first, pin->last);
	list_del(&pin->link);
	if (wanted && got == pin->npage && pins->live && !shut) {
		mdv_pin_tree_insert(pin, &pins->tree);
	} else if (got > 0) {
		pin->npage = got;
		mdv_queue_unpin(pins, pin);
		got = -EAGAIN;
	} else {
		kfree(pin);
	}
	mdv_call_leave(pins);
	return got;
}

/* Return: a pin that is counted as in flight, or an error pointer. */
struct mdv_pin *mdv_pin_begin(struct mdv_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages)
{
	struct mdv_pin *pin;
	u64 last;
	int ret;

	if (!b)
		return ERR_PTR(-ENODEV);
	if (!pages || !(prot & (IOMMU_READ | IOMMU_WRITE)))
		return ERR_PTR(-EINVAL);
	ret = mdv_pin_check(b, iova, npage, &last);
	if (ret)
		return ERR_PTR(ret);
	pin = kzalloc(sizeof(*pin), GFP_KERNEL);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	pin->first = iova;
	pin->last = last;
	pin->npage = npage;

	ret = mdv_call_enter(b, pin);
	if (!ret)
		return pin;
	kfree(pin);
	return ERR_PTR(ret);
}

int mdk_mdev_pin_pages(struct mdev_device *mdev, u64 iova, int npage, int prot,
		       struct page **pages)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);
	struct mdv_pin *pin = mdv_pin_begin(b, iova, npage, prot, pages);
	int ret;

	if (IS_ERR(pin))
		return PTR_ERR(pin);
	ret = vfio_pin_pages(&b->vdev, iova, npage, prot, pages);
	spin_lock(&b->pins.lock);
	ret = mdv_pin_finish(b, pin, ret, true);
	spin_unlock(&b->pins.lock);
	if (ret != npage)
		memset(pages, 0, npage * sizeof(*pages));
	return ret;
}

int mdk_mdev_unpin_pages(struct mdev_device *mdev, u64 iova, int npage)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);
	struct mdv_pin *pin;
	struct mdv_pins *pins;
	u64 last;
	int ret;

	if (!b)
		return -ENODEV;
	ret = mdv_pin_check(b, iova, npage, &last);
	if (ret)
		return ret;

	pins = &b->pins;
	spin_lock(&pins->lock);
	pin = mdv_pin_tree_iter_first(&pins->tree, iova, last);
	while (pin && (pin->first != iova || pin->last != last))
		pin = mdv_pin_tree_iter_next(pin, iova, last);
	if (pin) {
		mdv_pin_tree_remove(pin, &pins->tree);
		mdv_queue_unpin(pins, pin);
	}
	spin_unlock(&pins->lock);
	return pin ? npage : -EINVAL;
}

/* The arguments of a copy. Return: 0 or an errno. */
int mdv_copy_check(struct mdv_bridge *b, u64 iova, const void *data, size_t len)
{
	u64 last;

	if (!b)
		return -ENODEV;
	if (!data || !len || check_add_overflow(iova, (u64)len - 1, &last))
		return -EINVAL;
	return 0;
}

/* vfio_dma_rw() holds VFIO's lock while it copies, so the range stays mapped meanwhile. */
int mdk_mdev_dma_rw(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);
	int ret;

	ret = mdv_copy_check(b, iova, data, len);
	if (!ret)
		ret = mdv_call_enter(b, NULL);
	if (ret)
		return ret;
	ret = vfio_dma_rw(&b->vdev, iova, data, len, write);

	spin_lock(&b->pins.lock);
	mdv_call_leave(&b->pins);
	spin_unlock(&b->pins.lock);
	return ret < 0 ? ret : 0;
}

int mdv_pins_module_init(void)
{
	mdv_unpin_wq = alloc_workqueue("mdk-unpin", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return mdv_unpin_wq ? 0 : -ENOMEM;
}

void mdv_pins_module_exit(void)
{
	destroy_workqueue(mdv_unpin_wq);
}
