// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices of a parent that is unregistered: all users are asked to close them, and each is
 * removed once it is closed.
 */
#include <linux/workqueue.h>

#include "mdev_private.h"

/*
 * Removals of children that are not open. A removal may still have to wait, without a limit, for a
 * reference to the VFIO device. So each has a work item: it delays neither requests to other users
 * nor other removals.
 */
static struct workqueue_struct *mdk_mdev_evict_wq;

/*
 * The first live child for which @take returns true, with a reference. @take is called under
 * children_lock and the child's lock; the list may change before the next call.
 */
static struct mdk_mdev *
mdk_mdev_children_take(struct mdk_mdev_parent *parent,
		       bool (*take)(struct mdk_mdev *mdev, unsigned int round), unsigned int round)
{
	struct mdk_mdev *mdev, *found = NULL;

	spin_lock(&parent->children_lock);
	list_for_each_entry(mdev, &parent->children, in_parent) {
		spin_lock(&mdev->lock);
		if (mdev->state == MDK_MDEV_LIVE && take(mdev, round)) {
			kref_get(&mdev->refs);
			found = mdev;
		}
		spin_unlock(&mdev->lock);
		if (found)
			break;
	}
	spin_unlock(&parent->children_lock);
	return found;
}

/* Claims a child that is not open, with a reference to its device; no open succeeds any more. */
static bool mdk_mdev_child_take_idle(struct mdk_mdev *mdev, unsigned int round)
{
	if (mdev->opens)
		return false;
	mdev->state = MDK_MDEV_DYING;
	mdev->parent->evicting++;
	get_device(mdev->dev);
	return true;
}

static void mdk_mdev_evict_work(struct work_struct *work)
{
	struct mdk_mdev *mdev = container_of(work, struct mdk_mdev, evict_work);
	struct mdk_mdev_parent *parent = mdev->parent;
	struct device *dev = mdev->dev;

	parent->bus->device_remove(mdev, dev);
	put_device(dev);
	/* From here on the parent's bus and driver may go. */
	spin_lock(&parent->children_lock);
	parent->evicting--;
	spin_unlock(&parent->children_lock);
	wake_up_all(&parent->changed);
	mdk_mdev_put(mdev);
}

static void mdk_mdev_children_remove_idle(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev *mdev;

	while ((mdev = mdk_mdev_children_take(parent, mdk_mdev_child_take_idle, 0))) {
		INIT_WORK(&mdev->evict_work, mdk_mdev_evict_work);
		queue_work(mdk_mdev_evict_wq, &mdev->evict_work);
	}
}

int mdk_mdev_children_init(void)
{
	mdk_mdev_evict_wq = alloc_workqueue("mdk-evict", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return mdk_mdev_evict_wq ? 0 : -ENOMEM;
}

void mdk_mdev_children_exit(void)
{
	destroy_workqueue(mdk_mdev_evict_wq);
}

/* It is open, and was not asked in this round. */
static bool mdk_mdev_child_take_unrequested(struct mdk_mdev *mdev, unsigned int round)
{
	if (mdev->requests > round)
		return false;
	mdev->requesting = true;
	return true;
}

/* A child stays bound while its user is asked: another thread's removal waits for @requesting. */
static void mdk_mdev_children_request(struct mdk_mdev_parent *parent, unsigned int round)
{
	struct mdk_mdev *mdev;

	while ((mdev = mdk_mdev_children_take(parent, mdk_mdev_child_take_unrequested, round))) {
		mdk_mdev_request(mdev);
		spin_lock(&mdev->lock);
		mdev->requesting = false;
		spin_unlock(&mdev->lock);
		wake_up_all(&parent->changed);
		mdk_mdev_put(mdev);
	}
}

static bool mdk_mdev_children_gone_or_idle(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev *mdev;
	bool busy, idle = false;

	spin_lock(&parent->children_lock);
	busy = parent->evicting;
	list_for_each_entry(mdev, &parent->children, in_parent) {
		busy = true;
		spin_lock(&mdev->lock);
		idle |= mdev->state == MDK_MDEV_LIVE && !mdev->opens;
		spin_unlock(&mdev->lock);
	}
	spin_unlock(&parent->children_lock);
	return !busy || idle;
}

static void mdk_mdev_children_mark(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev *mdev;

	spin_lock(&parent->children_lock);
	list_for_each_entry(mdev, &parent->children, in_parent) {
		spin_lock(&mdev->lock);
		mdev->evicted = true;
		spin_unlock(&mdev->lock);
	}
	spin_unlock(&parent->children_lock);
	wake_up_all(&parent->changed);
}

static bool mdk_mdev_children_all_gone(struct mdk_mdev_parent *parent)
{
	bool gone;

	spin_lock(&parent->children_lock);
	gone = list_empty(&parent->children) && !parent->evicting;
	spin_unlock(&parent->children_lock);
	return gone;
}

/**
 * mdk_mdev_children_evict() - remove all children, waiting for users as long as they stay
 * @parent: dying, no create runs
 *
 * All are marked and all users are asked before the first wait, so that no guest waits for another
 * one. Idle children are removed at once, open ones when they are closed, each on its own.
 */
void mdk_mdev_children_evict(struct mdk_mdev_parent *parent)
{
	unsigned int round = 0;
	bool woken = false;

	mdk_mdev_children_mark(parent);
	mdk_mdev_children_remove_idle(parent);
	while (!mdk_mdev_children_all_gone(parent)) {
		if (!woken) {
			mdk_mdev_children_request(parent, round);
			round++;
		}
		woken = wait_event_timeout(parent->changed, mdk_mdev_children_gone_or_idle(parent),
					   msecs_to_jiffies(MDK_MDEV_REQUEST_PERIOD_MS));
		mdk_mdev_children_remove_idle(parent);
	}
}
