// SPDX-License-Identifier: GPL-2.0-only
/* What starts others ends first, or knows that it must not, or is of another interrupt. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct mill {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
	struct work_struct grind, pour;
	struct timer_list tick;
	u32 *grain, *flour;
	u32 ground;
	bool over;
	int irq, other_irq;
};

static void mill_grind(struct work_struct *work)
{
	struct mill *mill = container_of(work, struct mill, grind);

	mill->grain[0]++;
	mod_timer(&mill->tick, jiffies + HZ);
}

static void mill_pour(struct work_struct *work)
{
	struct mill *mill = container_of(work, struct mill, pour);

	mill->ground--;
}

static irqreturn_t mill_irq(int irq, void *data)
{
	struct mill *mill = data;

	queue_work(mill->queue, &mill->pour);
	return IRQ_HANDLED;
}

static irqreturn_t mill_other_irq(int irq, void *data)
{
	struct mill *mill = data;

	mill->ground++;
	return IRQ_HANDLED;
}

static void mill_tick(struct timer_list *timer)
{
	struct mill *mill = from_timer(mill, timer, tick);

	if (!mill->over)
		schedule_work(&mill->grind);
}

static int mill_open(struct vfio_device *vdev)
{
	struct mill *mill = container_of(vdev, struct mill, vdev);
	int ret;

	INIT_WORK(&mill->grind, mill_grind);
	INIT_WORK(&mill->pour, mill_pour);
	timer_setup(&mill->tick, mill_tick, 0);
	ret = request_irq(mill->other_irq, mill_other_irq, 0, "mill", mill);
	return ret ? ret : request_irq(mill->irq, mill_irq, 0, "mill", mill);
}

static void mill_halt(struct mill *mill)
{
	mill->over = true;
}

static void mill_close(struct vfio_device *vdev)
{
	struct mill *mill = container_of(vdev, struct mill, vdev);

	mill_halt(mill);
	cancel_work_sync(&mill->grind);
	timer_delete_sync(&mill->tick);
	free_irq(mill->irq, mill);
	cancel_work_sync(&mill->pour);
	destroy_workqueue(mill->queue);
	free_irq(mill->other_irq, mill);
	kfree(mill->grain);
	kfree(mill->flour);
}

static void mill_swap(struct mill *mill, u32 *grain)
{
	kfree(mill->grain);
	mill->grain = grain;
	cancel_work_sync(&mill->grind);
}

static void mill_remove(struct mill *mill)
{
	disable_irq(mill->irq);
	cancel_work_sync(&mill->pour);
	free_irq(mill->irq, mill);
}
