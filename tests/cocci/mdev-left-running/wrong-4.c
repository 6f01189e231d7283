// SPDX-License-Identifier: GPL-2.0-only
/* It is ended, but not where the device is closed or removed; or another one is. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct hall {
	struct vfio_device vdev;
	struct workqueue_struct *front, *back;
	struct work_struct bell, lamp, door;
	struct timer_list clock, alarm;
	struct hall_side {
		struct delayed_work sweep;
	} sides[2];
	struct eventfd_ctx *enter, *leave;
	u32 ticks;
};

void hall_bell(struct work_struct *work);
void hall_clock(struct timer_list *timer);

static void hall_stop_clock(struct hall *hall)
{
	struct timer_list *timer = &hall->clock;

	timer_delete_sync(timer);
}

static void hall_quiet(struct hall *hall)
{
	hall_stop_clock(hall);
	hall->ticks = 0;
}

static int hall_set(struct hall *hall, struct eventfd_ctx **slot, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	swap(*slot, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static int hall_events(struct hall *hall, int fd, bool in)
{
	return in ? hall_set(hall, &hall->enter, fd) : hall_set(hall, &hall->leave, fd);
}

static long hall_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct hall *hall = container_of(vdev, struct hall, vdev);

	if (cmd == 1)
		hall_quiet(hall);
	else
		mod_timer(&hall->clock, jiffies + HZ);
	queue_work(hall->front, &hall->bell);
	queue_work(hall->back, &hall->lamp);
	schedule_delayed_work(&hall->sides[arg & 1].sweep, HZ);
	return hall_events(hall, arg, cmd);
}

static void hall_timers(struct hall *hall)
{
	struct timer_list *alarm = &hall->alarm;

	timer_setup(&hall->clock, hall_clock, 0); /* finds: mdev-left-running */
	timer_setup(alarm, hall_clock, 0); /* finds: mdev-left-running */
	mod_timer(alarm, jiffies + HZ);
}

static int hall_open(struct vfio_device *vdev)
{
	struct hall *hall = container_of(vdev, struct hall, vdev);
	unsigned int i;

	hall_timers(hall);
	INIT_WORK(&hall->bell, hall_bell);
	INIT_WORK(&hall->lamp, hall_bell); /* finds: mdev-left-running */
	for (i = 0; i < 2; i++)
		INIT_DELAYED_WORK(&hall->sides[i].sweep, hall_bell); /* finds: mdev-left-running */
	if (hall->ticks) {
		timer_delete_sync(&hall->alarm);
		return -EBUSY;
	}
	return 0;
}

static void hall_drop(struct hall *hall) /* finds: mdev-left-running */
{
	if (hall->enter)
		eventfd_ctx_put(hall->enter);
	hall->enter = NULL;
}

static void hall_close(struct vfio_device *vdev)
{
	struct hall *hall = container_of(vdev, struct hall, vdev);

	flush_workqueue(hall->front);
	hall_drop(hall);
}

static const struct vfio_device_ops hall_ops = {
	.open_device = hall_open, .close_device = hall_close, .ioctl = hall_ioctl,
};
