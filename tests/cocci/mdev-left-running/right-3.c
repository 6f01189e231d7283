// SPDX-License-Identifier: GPL-2.0-only
/* Each is ended on close: through a local, in a loop, by a helper's helper, with its queue. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct hall {
	struct vfio_device vdev;
	struct workqueue_struct *front, *back;
	struct work_struct bell, lamp;
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

static int hall_open(struct vfio_device *vdev)
{
	struct hall *hall = container_of(vdev, struct hall, vdev);
	unsigned int i;

	timer_setup(&hall->clock, hall_clock, 0);
	timer_setup(&hall->alarm, hall_clock, 0);
	INIT_WORK(&hall->bell, hall_bell);
	INIT_WORK(&hall->lamp, hall_bell);
	for (i = 0; i < 2; i++)
		INIT_DELAYED_WORK(&hall->sides[i].sweep, hall_bell);
	return 0;
}

static void hall_drop(struct hall *hall, struct eventfd_ctx **slot)
{
	if (*slot)
		eventfd_ctx_put(*slot);
	*slot = NULL;
}

static void hall_close(struct vfio_device *vdev)
{
	struct hall *hall = container_of(vdev, struct hall, vdev);
	struct hall_side *side;

	timer_delete_sync(&hall->alarm);
	hall_quiet(hall);
	for (side = hall->sides; side < hall->sides + 2; side++)
		cancel_delayed_work_sync(&side->sweep);
	flush_workqueue(hall->front);
	drain_workqueue(hall->back);
	hall_drop(hall, &hall->enter);
	hall_drop(hall, &hall->leave);
}

static const struct vfio_device_ops hall_ops = {
	.open_device = hall_open, .close_device = hall_close, .ioctl = hall_ioctl,
};
