// SPDX-License-Identifier: GPL-2.0-only
/* Timers kept out by _bh, an hrtimer by _irq, a lock that only threads take, a caller that does. */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct anvil {
	struct vfio_device vdev;
	spinlock_t beat_lock, glow_lock, own_lock, deep_lock;
	struct timer_list beat;
	struct hrtimer glow;
	struct work_struct cool;
	u32 beats, heat, scale, depth;
};

static void anvil_beat(struct timer_list *timer)
{
	struct anvil *anvil = container_of(timer, struct anvil, beat);

	spin_lock(&anvil->beat_lock);
	anvil->beats++;
	spin_unlock(&anvil->beat_lock);
	spin_lock(&anvil->deep_lock);
	anvil->depth++;
	spin_unlock(&anvil->deep_lock);
}

static enum hrtimer_restart anvil_glow(struct hrtimer *timer)
{
	struct anvil *anvil = container_of(timer, struct anvil, glow);

	guard(spinlock)(&anvil->glow_lock);
	anvil->heat++;
	return HRTIMER_NORESTART;
}

static void anvil_cool(struct work_struct *work)
{
	struct anvil *anvil = container_of(work, struct anvil, cool);

	guard(spinlock_irqsave)(&anvil->glow_lock);
	anvil->heat = 0;
}

static u32 anvil_deep(struct anvil *anvil)
{
	u32 depth;

	spin_lock(&anvil->deep_lock);
	depth = anvil->depth;
	spin_unlock(&anvil->deep_lock);
	return depth;
}

static u32 anvil_beats(struct anvil *anvil)
{
	u32 beats;

	spin_lock_bh(&anvil->beat_lock);
	beats = anvil->beats + anvil_deep(anvil);
	spin_unlock_bh(&anvil->beat_lock);
	return beats;
}

static u32 anvil_scale(struct anvil *anvil)
{
	guard(spinlock)(&anvil->own_lock);
	return anvil->scale++;
}

static long anvil_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct anvil *anvil = container_of(vdev, struct anvil, vdev);

	return anvil_beats(anvil) + anvil_scale(anvil);
}

static int anvil_open(struct vfio_device *vdev)
{
	struct anvil *anvil = container_of(vdev, struct anvil, vdev);

	timer_setup(&anvil->beat, anvil_beat, 0);
	hrtimer_setup(&anvil->glow, anvil_glow, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	INIT_WORK(&anvil->cool, anvil_cool);
	return 0;
}

static void anvil_close(struct vfio_device *vdev)
{
	struct anvil *anvil = container_of(vdev, struct anvil, vdev);

	cancel_work_sync(&anvil->cool);
	hrtimer_cancel(&anvil->glow);
	timer_delete_sync(&anvil->beat);
}

static const struct vfio_device_ops anvil_ops = {
	.name = "anvil", .open_device = anvil_open, .close_device = anvil_close,
	.ioctl = anvil_ioctl,
};
