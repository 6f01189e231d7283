// SPDX-License-Identifier: GPL-2.0-only
/* The devices of a parent that goes: all are asked to leave, and each goes when it is left. */
#include "mdev_private.h"

/* One child that nobody uses, claimed for us, with a reference to it and to its device. */
static struct mdk_mdev *mdk_children_take_idle(struct mdk_parent *parent)
{
	struct mdk_mdev *mdev, *found = NULL;

	spin_lock(&parent->children_lock);
	list_for_each_entry(mdev, &parent->children, in_parent) {
		spin_lock(&mdev->lock);
		if (mdev->state == MDK_MDEV_LIVE && !mdev->opens) {
			mdev->state = MDK_MDEV_DYING;
			found = mdev;
		}
		spin_unlock(&mdev->lock);
		if (found)
			break;
	}
	if (found) {
		get_device(found->dev);
		kref_get(&found->refs);
	}
	spin_unlock(&parent->children_lock);
	return found;
}

static void mdk_children_remove_idle(struct mdk_parent *parent)
{
	struct mdk_mdev *mdev;

	while ((mdev = mdk_children_take_idle(parent))) {
		struct device *dev = mdev->dev;

		parent->bus->device_remove(mdev, dev);
		mdk_mdev_put(mdev);
		put_device(dev);
	}
}

/* Children that are open: the next one to ask, with a reference; the list may change meanwhile. */
static struct mdk_mdev *mdk_children_next_unasked(struct mdk_parent *parent, unsigned int round)
{
	struct mdk_mdev *mdev, *found = NULL;

	spin_lock(&parent->children_lock);
	list_for_each_entry(mdev, &parent->children, in_parent) {
		spin_lock(&mdev->lock);
		if (mdev->state == MDK_MDEV_LIVE && mdev->requests <= round) {
			mdev->asking = true;
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

/* It stays bound while it is asked: a removal by somebody else waits for that. */
static void mdk_children_ask(struct mdk_parent *parent, unsigned int round)
{
	struct mdk_mdev *mdev;

	while ((mdev = mdk_children_next_unasked(parent, round))) {
		mdk_mdev_ask(mdev);
		spin_lock(&mdev->lock);
		mdev->asking = false;
		spin_unlock(&mdev->lock);
		wake_up_all(&parent->changed);
		mdk_mdev_put(mdev);
	}
}

static bool mdk_children_gone_or_idle(struct mdk_parent *parent)
{
	struct mdk_mdev *mdev;
	bool busy = false, idle = false;

	spin_lock(&parent->children_lock);
	list_for_each_entry(mdev, &parent->children, in_parent) {
		busy = true;
		spin_lock(&mdev->lock);
		idle |= mdev->state == MDK_MDEV_LIVE && !mdev->opens;
		spin_unlock(&mdev->lock);
	}
	spin_unlock(&parent->children_lock);
	return !busy || idle;
}

static void mdk_children_mark(struct mdk_parent *parent)
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

static bool mdk_children_empty(struct mdk_parent *parent)
{
	bool empty;

	spin_lock(&parent->children_lock);
	empty = list_empty(&parent->children);
	spin_unlock(&parent->children_lock);
	return empty;
}

/**
 * mdk_children_evict() - remove all children, waiting for users as long as they stay
 * @parent: dying, no create runs
 *
 * All are marked first and all users are asked before the first wait, so that nobody's guest
 * waits for another's. Idle children go at once, open ones as they are closed.
 */
void mdk_children_evict(struct mdk_parent *parent)
{
	unsigned int round = 0;
	bool woken = false;

	mdk_children_mark(parent);
	mdk_children_remove_idle(parent);
	while (!mdk_children_empty(parent)) {
		if (!woken)
			mdk_children_ask(parent, round++);
		woken = wait_event_timeout(parent->changed, mdk_children_gone_or_idle(parent),
					   msecs_to_jiffies(MDK_REQUEST_PERIOD_MS));
		mdk_children_remove_idle(parent);
	}
}
