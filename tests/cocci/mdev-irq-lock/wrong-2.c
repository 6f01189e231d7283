// SPDX-License-Identifier: GPL-2.0-only
/* A guard, a helper of a helper, an hrtimer, a tasklet. */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct lathe {
	struct vfio_device vdev;
	spinlock_t feed_lock, tick_lock, list_lock;
	struct timer_list feed;
	struct hrtimer tick;
	struct tasklet_struct drain;
	struct work_struct sweep;
	u32 chips, turns, left;
};

static void lathe_count(struct lathe *lathe)
{
	spin_lock(&lathe->feed_lock);
	lathe->chips++;
	spin_unlock(&lathe->feed_lock);
}

static void lathe_feed(struct timer_list *timer)
{
	lathe_count(container_of(timer, struct lathe, feed));
}

static enum hrtimer_restart lathe_tick(struct hrtimer *timer)
{
	struct lathe *lathe = container_of(timer, struct lathe, tick);

	guard(spinlock)(&lathe->tick_lock);
	lathe->turns++;
	return HRTIMER_NORESTART;
}

static void lathe_drain(struct tasklet_struct *tasklet)
{
	struct lathe *lathe = container_of(tasklet, struct lathe, drain);

	spin_lock(&lathe->list_lock);
	lathe->left = 0;
	spin_unlock(&lathe->list_lock);
}

static void lathe_sweep(struct work_struct *work)
{
	struct lathe *lathe = container_of(work, struct lathe, sweep);

	scoped_guard(spinlock, &lathe->list_lock) /* finds: mdev-irq-lock */
		lathe->left++;
}

static u32 lathe_chips(struct lathe *lathe)
{
	guard(spinlock)(&lathe->feed_lock); /* finds: mdev-irq-lock */
	return lathe->chips;
}

static u32 lathe_turns(struct lathe *lathe)
{
	u32 turns;

	spin_lock_bh(&lathe->tick_lock); /* finds: mdev-irq-lock */
	turns = lathe->turns;
	spin_unlock_bh(&lathe->tick_lock);
	return turns;
}

static long lathe_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct lathe *lathe = container_of(vdev, struct lathe, vdev);

	return lathe_chips(lathe) + lathe_turns(lathe);
}

static int lathe_open(struct vfio_device *vdev)
{
	struct lathe *lathe = container_of(vdev, struct lathe, vdev);

	timer_setup(&lathe->feed, lathe_feed, 0);
	hrtimer_setup(&lathe->tick, lathe_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	tasklet_setup(&lathe->drain, lathe_drain);
	INIT_WORK(&lathe->sweep, lathe_sweep);
	return 0;
}

static void lathe_close(struct vfio_device *vdev)
{
	struct lathe *lathe = container_of(vdev, struct lathe, vdev);

	cancel_work_sync(&lathe->sweep);
	tasklet_kill(&lathe->drain);
	hrtimer_cancel(&lathe->tick);
	timer_delete_sync(&lathe->feed);
}

static const struct vfio_device_ops lathe_ops = {
	.name = "lathe", .open_device = lathe_open, .close_device = lathe_close,
	.ioctl = lathe_ioctl,
};
