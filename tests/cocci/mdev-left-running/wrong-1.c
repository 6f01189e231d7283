// SPDX-License-Identifier: GPL-2.0-only
/* Of several things one is left. */
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct desk {
	struct vfio_device vdev;
	struct work_struct read, write;
	struct delayed_work poll, rest;
	struct timer_list blink, sound;
	u32 ticks;
};

void desk_read(struct work_struct *work);
void desk_write(struct work_struct *work);
void desk_poll(struct work_struct *work);
void desk_blink(struct timer_list *timer);

static void desk_works(struct desk *desk)
{
	INIT_WORK(&desk->read, desk_read);
	INIT_WORK(&desk->write, desk_write); /* finds: mdev-left-running */
	INIT_DELAYED_WORK(&desk->rest, desk_poll);
	INIT_DELAYED_WORK(&desk->poll, desk_poll); /* finds: mdev-left-running */
}

static int desk_open(struct vfio_device *vdev)
{
	struct desk *desk = container_of(vdev, struct desk, vdev);

	desk_works(desk);
	timer_setup(&desk->blink, desk_blink, 0);
	timer_setup(&desk->sound, desk_blink, 0); /* finds: mdev-left-running */
	mod_timer(&desk->sound, jiffies + HZ);
	schedule_work(&desk->write);
	return 0;
}

static void desk_stop(struct timer_list *timer)
{
	del_timer_sync(timer);
}

static void desk_close(struct vfio_device *vdev)
{
	struct desk *desk = container_of(vdev, struct desk, vdev);

	cancel_work_sync(&desk->read);
	cancel_delayed_work_sync(&desk->rest);
	desk_stop(&desk->blink);
	desk->ticks = 0;
}

static const struct vfio_device_ops desk_ops = {
	.name = "desk",
	.open_device = desk_open,
	.close_device = desk_close,
};

MODULE_LICENSE("GPL");
