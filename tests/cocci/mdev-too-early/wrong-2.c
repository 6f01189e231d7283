// SPDX-License-Identifier: GPL-2.0-only
/* It ends, or is freed, before what starts or uses it. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct mill {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
	struct work_struct grind, pour;
	struct delayed_work rinse;
	struct timer_list tick;
	struct hrtimer beat;
	u32 *grain, *flour;
	u32 ground;
	int irq;
};

static void mill_grind(struct work_struct *work)
{
	struct mill *mill = container_of(work, struct mill, grind);

	mill->grain[0]++;
	mill->ground++;
}

static void mill_pour(struct work_struct *work)
{
	struct mill *mill = container_of(work, struct mill, pour);

	mill->ground--;
}

static void mill_kick(struct mill *mill)
{
	struct work_struct *work = &mill->pour;

	queue_work(mill->queue, work);
}

static void mill_event(struct mill *mill)
{
	mill_kick(mill);
}

static irqreturn_t mill_irq(int irq, void *data)
{
	mill_event(data);
	return IRQ_HANDLED;
}

static void mill_tick(struct timer_list *timer)
{
	struct mill *mill = from_timer(mill, timer, tick);

	mill->flour[0] = mill->ground;
	schedule_work(&mill->grind);
}

static enum hrtimer_restart mill_beat(struct hrtimer *timer)
{
	struct mill *mill = container_of(timer, struct mill, beat);

	mod_delayed_work(mill->queue, &mill->rinse, HZ);
	return HRTIMER_NORESTART;
}

static int mill_open(struct vfio_device *vdev)
{
	struct mill *mill = container_of(vdev, struct mill, vdev);

	INIT_WORK(&mill->grind, mill_grind);
	INIT_WORK(&mill->pour, mill_pour);
	INIT_DELAYED_WORK(&mill->rinse, mill_pour);
	timer_setup(&mill->tick, mill_tick, 0);
	hrtimer_setup(&mill->beat, mill_beat, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return request_irq(mill->irq, mill_irq, 0, "mill", mill);
}

static void mill_stop_works(struct mill *mill)
{
	cancel_work_sync(&mill->grind);
	cancel_delayed_work_sync(&mill->rinse);
}

static void mill_close(struct vfio_device *vdev)
{
	struct mill *mill = container_of(vdev, struct mill, vdev);

	kfree(mill->grain); /* finds: mdev-too-early */
	mill_stop_works(mill); /* finds: mdev-too-early */
	timer_delete_sync(&mill->tick);
	hrtimer_cancel(&mill->beat);
	cancel_work_sync(&mill->pour); /* finds: mdev-too-early */
	free_irq(mill->irq, mill);
}

static void mill_quit(struct mill *mill)
{
	hrtimer_cancel(&mill->beat);
	kfree(mill->flour); /* finds: mdev-too-early */
	timer_delete_sync(&mill->tick);
	cancel_work_sync(&mill->grind);
	destroy_workqueue(mill->queue); /* finds: mdev-too-early */
	free_irq(mill->irq, mill);
}

static void mill_remove(struct mill *mill)
{
	mill_quit(mill);
	vfio_put_device(&mill->vdev);
}
