// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the thread that unmaps still inside VFIO, so that it may call dma_unmap again?
 *
 * VFIO does not say when an unmap is over. But an unmap is a system call, and on the way back to
 * user space the kernel clears the thread's flag TIF_NOTIFY_RESUME, because work may be due there.
 * So each dma_unmap call sets that flag of its thread. Nothing in VFIO clears it: when it is clear,
 * the thread has left.
 *
 * The flag alone would say "inside" for too long, because others set it too: above all the
 * scheduler, when a thread that has restartable sequences sleeps or is preempted. So a thread is
 * taken to be outside, whatever its flag says, when it
 *
 * - sleeps so that a signal would wake it, or is stopped: VFIO's unmap sleeps only for locks, and
 *   in a page fault of its dirty bitmap, where it holds the lock that a pin needs;
 * - is the thread that asks, for example by a pin: then it is not in VFIO's unmap.
 *
 * A driver may sleep in other ways in its callback, but only while a dma_unmap call is under way.
 * So those calls are in a list, of all devices, and their threads are inside whatever they do.
 */
#include <linux/pid.h>
#include <linux/sched.h>

#include "gate.h"
#include "unmapper.h"

/*
 * Marks the thread that makes a dma_unmap call. @again: its flag was set already, so that it may
 * not have been in user space since its last call.
 * Return: the thread; NULL for one that does not go back to user space.
 */
struct pid *mdv_unmapper_mark(bool *again)
{
	*again = true;
	if (current->flags & (PF_KTHREAD | PF_IO_WORKER | PF_EXITING))
		return NULL;
	*again = test_and_set_tsk_thread_flag(current, TIF_NOTIFY_RESUME);
	return task_pid(current);
}

static bool mdv_task_inside(struct task_struct *task)
{
	/* The freezer stops a thread on its way to user space, never one that sleeps in VFIO. */
	const unsigned int outside = TASK_INTERRUPTIBLE | __TASK_STOPPED | __TASK_TRACED |
				     TASK_FROZEN;

	return !(READ_ONCE(task->flags) & PF_EXITING) && !(READ_ONCE(task->__state) & outside) &&
	       test_tsk_thread_flag(task, TIF_NOTIFY_RESUME);
}

/* The dma_unmap calls under way, of all devices. */
static LIST_HEAD(mdv_unmaps);
static DEFINE_SPINLOCK(mdv_unmaps_lock);

void mdv_unmapper_enter(struct mdv_unmap *unmap)
{
	unmap->thread = task_pid(current);
	spin_lock(&mdv_unmaps_lock);
	list_add(&unmap->link, &mdv_unmaps);
	spin_unlock(&mdv_unmaps_lock);
}

void mdv_unmapper_leave(struct mdv_unmap *unmap)
{
	spin_lock(&mdv_unmaps_lock);
	list_del(&unmap->link);
	spin_unlock(&mdv_unmaps_lock);
}

static bool mdv_unmapper_in_call(const struct pid *unmapper)
{
	const struct mdv_unmap *unmap;
	bool in_call = false;

	spin_lock(&mdv_unmaps_lock);
	list_for_each_entry(unmap, &mdv_unmaps, link)
		in_call |= unmap->thread == unmapper;
	spin_unlock(&mdv_unmaps_lock);
	return in_call;
}

/* A gate that the caller itself has a dma_unmap call for is shut anyway, by @nr_unmaps. */
bool mdv_unmapper_inside(struct pid *unmapper)
{
	struct task_struct *task;
	bool inside;

	if (!unmapper || unmapper == task_pid(current))
		return false;
	if (mdv_unmapper_in_call(unmapper))
		return true;
	rcu_read_lock();
	task = pid_task(unmapper, PIDTYPE_PID);
	inside = task && mdv_task_inside(task);
	rcu_read_unlock();
	return inside;
}
