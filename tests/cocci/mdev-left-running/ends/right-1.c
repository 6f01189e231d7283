// SPDX-License-Identifier: GPL-2.0-only
/* Each is ended on close: through a local, in a loop, by a helper's helper, with its queue. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct attic {
	struct vfio_device vdev;
	struct workqueue_struct *upper, *lower;
	struct work_struct chime, candle;
	struct timer_list dial, buzzer;
	struct attic_side {
		struct delayed_work dust;
	} corners[2];
	struct eventfd_ctx *climb, *descend;
	u32 ticks;
};

void attic_bell(struct work_struct *work);
void attic_clock(struct timer_list *timer);

static void attic_stop_clock(struct attic *attic)
{
	struct timer_list *timer = &attic->dial;

	timer_delete_sync(timer);
}

static void attic_quiet(struct attic *attic)
{
	attic_stop_clock(attic);
	attic->ticks = 0;
}

static int attic_set(struct attic *attic, struct eventfd_ctx **slot, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	swap(*slot, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static int attic_events(struct attic *attic, int fd, bool in)
{
	return in ? attic_set(attic, &attic->climb, fd) : attic_set(attic, &attic->descend, fd);
}

static long attic_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct attic *attic = container_of(vdev, struct attic, vdev);

	if (cmd == 1)
		attic_quiet(attic);
	else
		mod_timer(&attic->dial, jiffies + HZ);
	queue_work(attic->upper, &attic->chime);
	queue_work(attic->lower, &attic->candle);
	schedule_delayed_work(&attic->corners[arg & 1].dust, HZ);
	return attic_events(attic, arg, cmd);
}

static int attic_open(struct vfio_device *vdev)
{
	struct attic *attic = container_of(vdev, struct attic, vdev);
	unsigned int i;

	timer_setup(&attic->dial, attic_clock, 0);
	timer_setup(&attic->buzzer, attic_clock, 0);
	INIT_WORK(&attic->chime, attic_bell);
	INIT_WORK(&attic->candle, attic_bell);
	for (i = 0; i < 2; i++)
		INIT_DELAYED_WORK(&attic->corners[i].dust, attic_bell);
	return 0;
}

static void attic_drop(struct attic *attic, struct eventfd_ctx **slot)
{
	if (*slot)
		eventfd_ctx_put(*slot);
	*slot = NULL;
}

static void attic_close(struct vfio_device *vdev)
{
	struct attic *attic = container_of(vdev, struct attic, vdev);
	struct attic_side *side;

	timer_delete_sync(&attic->buzzer);
	attic_quiet(attic);
	for (side = attic->corners; side < attic->corners + 2; side++)
		cancel_delayed_work_sync(&side->dust);
	flush_workqueue(attic->upper);
	drain_workqueue(attic->lower);
	attic_drop(attic, &attic->climb);
	attic_drop(attic, &attic->descend);
}

static const struct vfio_device_ops attic_ops = {
	.open_device = attic_open, .close_device = attic_close, .ioctl = attic_ioctl,
};
