// SPDX-License-Identifier: GPL-2.0-only
/* Let go before, another lock, another work, one order. */
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>
#include <mdk/mdk.h>

struct wicket {
	struct vfio_device vdev;
	struct mutex lock, list_lock;
	struct work_struct push, pull;
	struct mdk_pinned *page;
	u32 count;
};

static void wicket_push(struct work_struct *work)
{
	struct wicket *wicket = container_of(work, struct wicket, push);

	mutex_lock(&wicket->list_lock);
	wicket->count++;
	mutex_unlock(&wicket->list_lock);
}

static void wicket_pull(struct work_struct *work)
{
	struct wicket *wicket = container_of(work, struct wicket, pull);

	if (mutex_trylock(&wicket->lock)) {
		wicket->count--;
		mutex_unlock(&wicket->lock);
	}
}

static void wicket_setup(struct wicket *wicket)
{
	INIT_WORK(&wicket->push, wicket_push);
	INIT_WORK(&wicket->pull, wicket_pull);
}

static void wicket_close(struct vfio_device *vdev)
{
	struct wicket *wicket = container_of(vdev, struct wicket, vdev);

	mutex_lock(&wicket->lock);
	cancel_work_sync(&wicket->push);
	cancel_work_sync(&wicket->pull);
	mutex_unlock(&wicket->lock);
	scoped_guard(mutex, &wicket->list_lock)
		wicket->count = 0;
	cancel_work_sync(&wicket->push);
}

static void wicket_stop(struct wicket *wicket)
{
	mutex_lock(&wicket->list_lock);
	if (wicket->count) {
		mutex_unlock(&wicket->list_lock);
		flush_work(&wicket->push);
		return;
	}
	mutex_unlock(&wicket->list_lock);
}

static int wicket_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	wicket_stop(mdk_state(dev));
	return 0;
}

static void wicket_pin(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct wicket *wicket = mdk_state(dev);
	struct mdk_pinned *page = mdk_pin(dev, value, 4096, MDK_TO_DEVICE);

	if (IS_ERR(page))
		return;
	mutex_lock(&wicket->list_lock);
	swap(wicket->page, page);
	mutex_unlock(&wicket->list_lock);
	mdk_unpin(page);
}

static const struct mdk_ops wicket_ops = { .quiesce = wicket_quiesce };

struct fence {
	struct mutex lock, list_lock;
	u32 count;
};

static void wicket_enter(struct wicket *wicket, struct fence *fence)
{
	mutex_lock(&wicket->lock);
	mutex_lock(&wicket->list_lock);
	wicket->count++;
	mutex_unlock(&wicket->list_lock);
	mutex_unlock(&wicket->lock);
	mutex_lock(&fence->list_lock);
	mutex_lock(&fence->lock);
	fence->count++;
	mutex_unlock(&fence->lock);
	mutex_unlock(&fence->list_lock);
}
