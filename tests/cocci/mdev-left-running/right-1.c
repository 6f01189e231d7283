// SPDX-License-Identifier: GPL-2.0-only
/* All of it ends, by helpers and by the queue. */
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct desk {
	struct vfio_device vdev;
	struct work_struct scan, print;
	struct timer_list blinks[2];
	struct timer_list tone;
	struct tasklet_struct beep;
};

void desk_read(struct work_struct *work);
void desk_blink(struct timer_list *timer);
void desk_beep(struct tasklet_struct *beep);
void other_module_stops(struct timer_list *timer);

static void desk_stop(struct timer_list *timer)
{
	timer_delete_sync(timer);
}

static int desk_open(struct vfio_device *vdev)
{
	struct desk *desk = container_of(vdev, struct desk, vdev);
	int i;

	INIT_WORK(&desk->scan, desk_read);
	INIT_WORK(&desk->print, desk_read);
	tasklet_setup(&desk->beep, desk_beep);
	for (i = 0; i < 2; i++)
		timer_setup(&desk->blinks[i], desk_blink, 0);
	timer_setup(&desk->tone, desk_blink, 0);
	return 0;
}

static void desk_stop_all(struct desk *desk)
{
	desk_stop(&desk->blinks[0]);
	desk_stop(&desk->blinks[1]);
	other_module_stops(&desk->tone);
}

static void desk_close(struct vfio_device *vdev)
{
	struct desk *desk = container_of(vdev, struct desk, vdev);

	cancel_work_sync(&desk->scan);
	flush_work(&desk->print);
	tasklet_kill(&desk->beep);
	desk_stop_all(desk);
}

static const struct vfio_device_ops desk_ops = {
	.name = "desk",
	.open_device = desk_open,
	.close_device = desk_close,
};

MODULE_LICENSE("GPL");
