// SPDX-License-Identifier: GPL-2.0-only
/* What starts others ends first, or knows that it must not, or is of another interrupt. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct press {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
	struct work_struct squeeze, drip;
	struct timer_list pace;
	u32 *olives, *oil;
	u32 done;
	bool over;
	int irq, other_irq;
};

static void press_squeeze(struct work_struct *work)
{
	struct press *press = container_of(work, struct press, squeeze);

	press->olives[0]++;
	mod_timer(&press->pace, jiffies + HZ);
}

static void press_drip(struct work_struct *work)
{
	struct press *press = container_of(work, struct press, drip);

	press->done--;
}

static irqreturn_t press_irq(int irq, void *data)
{
	struct press *press = data;

	queue_work(press->queue, &press->drip);
	return IRQ_HANDLED;
}

static irqreturn_t press_other_irq(int irq, void *data)
{
	struct press *press = data;

	press->done++;
	return IRQ_HANDLED;
}

static void press_tick(struct timer_list *timer)
{
	struct press *press = from_timer(press, timer, pace);

	if (!press->over)
		schedule_work(&press->squeeze);
}

static int press_open(struct vfio_device *vdev)
{
	struct press *press = container_of(vdev, struct press, vdev);
	int ret;

	INIT_WORK(&press->squeeze, press_squeeze);
	INIT_WORK(&press->drip, press_drip);
	timer_setup(&press->pace, press_tick, 0);
	ret = request_irq(press->other_irq, press_other_irq, 0, "press", press);
	return ret ? ret : request_irq(press->irq, press_irq, 0, "press", press);
}

static void press_halt(struct press *press)
{
	press->over = true;
}

static void press_close(struct vfio_device *vdev)
{
	struct press *press = container_of(vdev, struct press, vdev);

	press_halt(press);
	cancel_work_sync(&press->squeeze);
	timer_delete_sync(&press->pace);
	free_irq(press->irq, press);
	cancel_work_sync(&press->drip);
	destroy_workqueue(press->queue);
	free_irq(press->other_irq, press);
	kfree(press->olives);
	kfree(press->oil);
}

static void press_swap(struct press *press, u32 *olives)
{
	kfree(press->olives);
	press->olives = olives;
	cancel_work_sync(&press->squeeze);
}

static void press_remove(struct press *press)
{
	disable_irq(press->irq);
	cancel_work_sync(&press->drip);
	free_irq(press->irq, press);
}
