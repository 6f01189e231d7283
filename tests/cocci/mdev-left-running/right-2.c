// SPDX-License-Identifier: GPL-2.0-only
/* Cancelled where nobody may sleep, and waited for at the end, in several ways. */
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct meter {
	struct vfio_device vdev;
	struct delayed_work gauge;
	struct work_struct tell;
	struct timer_list beat;
	u32 *values;
};

void meter_gauge(struct work_struct *work);
void meter_tell(struct work_struct *work);
void meter_beat(struct timer_list *timer);

static int meter_init(struct vfio_device *vdev)
{
	struct meter *meter = container_of(vdev, struct meter, vdev);

	INIT_DELAYED_WORK(&meter->gauge, meter_gauge);
	INIT_WORK(&meter->tell, meter_tell);
	timer_setup(&meter->beat, meter_beat, 0);
	return 0;
}

static void meter_pause(struct meter *meter)
{
	cancel_delayed_work(&meter->gauge);
	cancel_work(&meter->tell);
	timer_delete(&meter->beat);
}

static void meter_end(struct meter *meter)
{
	meter_pause(meter);
	flush_delayed_work(&meter->gauge);
	flush_work(&meter->tell);
}

static void meter_close(struct vfio_device *vdev)
{
	struct meter *meter = container_of(vdev, struct meter, vdev);

	timer_delete_sync(&meter->beat);
	meter_end(meter);
	kfree(meter->values);
	meter->values = NULL;
}

static const struct vfio_device_ops meter_ops = {
	.init = meter_init, .close_device = meter_close,
};
