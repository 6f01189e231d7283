// SPDX-License-Identifier: GPL-2.0-only
/* Waiting, under a lock, for what takes it: itself, in a helper, by guard, in a handler. */
#include <linux/cleanup.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct gate {
	struct vfio_device vdev;
	struct mutex lock, list_lock;
	spinlock_t count_lock;
	struct workqueue_struct *queue;
	struct work_struct lift;
	struct delayed_work lower;
	struct timer_list bell;
	struct task_struct *guard;
	int irq;
	u32 count;
};

static void gate_count(struct gate *gate)
{
	guard(mutex)(&gate->lock);
	gate->count++;
}

static void gate_step(struct gate *gate)
{
	gate_count(gate);
}

static void gate_lift(struct work_struct *work)
{
	gate_step(container_of(work, struct gate, lift));
}

static void gate_lower(struct work_struct *work)
{
	struct gate *gate = container_of(work, struct gate, lower.work);

	mutex_lock(&gate->list_lock);
	gate->count--;
	mutex_unlock(&gate->list_lock);
}

static void gate_bell(struct timer_list *timer)
{
	struct gate *gate = from_timer(gate, timer, bell);

	spin_lock(&gate->count_lock);
	gate->count = 0;
	spin_unlock(&gate->count_lock);
}

static irqreturn_t gate_irq(int irq, void *data)
{
	struct gate *gate = data;

	mutex_lock(&gate->list_lock);
	gate->count++;
	mutex_unlock(&gate->list_lock);
	return IRQ_HANDLED;
}

static int gate_watch(void *data)
{
	struct gate *gate = data;

	while (!kthread_should_stop())
		gate_step(gate);
	return 0;
}

static int gate_open(struct vfio_device *vdev)
{
	struct gate *gate = container_of(vdev, struct gate, vdev);

	INIT_WORK(&gate->lift, gate_lift);
	INIT_DELAYED_WORK(&gate->lower, gate_lower);
	timer_setup(&gate->bell, gate_bell, 0);
	gate->guard = kthread_run(gate_watch, gate, "gate");
	queue_work(gate->queue, &gate->lift);
	return request_threaded_irq(gate->irq, NULL, gate_irq, IRQF_ONESHOT, "gate", gate);
}

static void gate_halt(struct gate *gate)
{
	cancel_delayed_work_sync(&gate->lower);
}

static void gate_close(struct vfio_device *vdev)
{
	struct gate *gate = container_of(vdev, struct gate, vdev);

	mutex_lock(&gate->lock);
	cancel_work_sync(&gate->lift); /* finds: mdev-lock-wait */
	kthread_stop(gate->guard); /* finds: mdev-lock-wait */
	mutex_unlock(&gate->lock);
	scoped_guard(mutex, &gate->list_lock) {
		gate_halt(gate); /* finds: mdev-lock-wait */
		free_irq(gate->irq, gate); /* finds: mdev-lock-wait */
	}
	spin_lock_bh(&gate->count_lock);
	timer_delete_sync(&gate->bell); /* finds: mdev-lock-wait */
	spin_unlock_bh(&gate->count_lock);
}

static void gate_drain(struct gate *gate)
{
	guard(mutex)(&gate->lock);
	destroy_workqueue(gate->queue); /* finds: mdev-lock-wait */
}

static void gate_enter(struct gate *gate)
{
	mutex_lock(&gate->lock);
	mutex_lock(&gate->list_lock); /* finds: mdev-lock-wait */
	gate->count++;
	mutex_unlock(&gate->list_lock);
	mutex_unlock(&gate->lock);
}

static void gate_leave(struct gate *gate)
{
	mutex_lock(&gate->list_lock);
	if (gate->count)
		gate_count(gate);
	mutex_lock(&gate->lock); /* finds: mdev-lock-wait */
	gate->count--;
	mutex_unlock(&gate->lock);
	mutex_unlock(&gate->list_lock);
}
