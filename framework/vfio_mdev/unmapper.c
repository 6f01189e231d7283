// SPDX-License-Identifier: GPL-2.0-only
/* Who asks: whether the thread that unmaps is still inside VFIO. */
#include <linux/pid.h>
#include <linux/sched.h>

#include "gate.h"
#include "unmapper.h"

/*
 * VFIO gives no sign when it is done with an unmap. But that is a system call, and when a thread
 * goes back to user space the kernel clears its TIF_NOTIFY_RESUME, after it has looked for work
 * that would be due there. So we set it, and nothing in VFIO clears it.
 *
 * Others set it too, above all the scheduler whenever a thread with restartable sequences sleeps or
 * is preempted; then we believe for longer that the thread is inside. But not of one that sleeps
 * where a signal wakes it, or is stopped: VFIO's unmap waits for locks, and sleeps otherwise (a
 * fault of its bitmap) only while it has the lock that a pin needs. Nor of one that calls us. What
 * a driver's callback does is no sleep of VFIO's: so a thread that asks any device is inside.
 *
 * @again: the flag was set already, so that the thread may not have been there since it asked last
 *
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
	/* The freezer wakes none of VFIO's sleepers: it stops who is on his way to user space. */
	const unsigned int outside = TASK_INTERRUPTIBLE | __TASK_STOPPED | __TASK_TRACED |
				     TASK_FROZEN;

	return !(READ_ONCE(task->flags) & PF_EXITING) && !(READ_ONCE(task->__state) & outside) &&
	       test_tsk_thread_flag(task, TIF_NOTIFY_RESUME);
}

/* The notices under way, of all devices. */
static LIST_HEAD(mdv_unmaps);
static DEFINE_SPINLOCK(mdv_unmaps_lock);

void mdv_unmap_list(struct mdv_unmap *unmap)
{
	unmap->thread = task_pid(current);
	spin_lock(&mdv_unmaps_lock);
	list_add(&unmap->link, &mdv_unmaps);
	spin_unlock(&mdv_unmaps_lock);
}

void mdv_unmap_unlist(struct mdv_unmap *unmap)
{
	spin_lock(&mdv_unmaps_lock);
	list_del(&unmap->link);
	spin_unlock(&mdv_unmaps_lock);
}

static bool mdv_unmapper_listed(const struct pid *unmapper)
{
	const struct mdv_unmap *unmap;
	bool listed = false;

	spin_lock(&mdv_unmaps_lock);
	list_for_each_entry(unmap, &mdv_unmaps, link)
		listed |= unmap->thread == unmapper;
	spin_unlock(&mdv_unmaps_lock);
	return listed;
}

/* What the caller itself has asked about, but for its notice under way, it is done with. */
bool mdv_unmapper_inside(struct pid *unmapper)
{
	struct task_struct *task;
	bool inside;

	if (!unmapper || unmapper == task_pid(current))
		return false;
	if (mdv_unmapper_listed(unmapper))
		return true;
	rcu_read_lock();
	task = pid_task(unmapper, PIDTYPE_PID);
	inside = task && mdv_task_inside(task);
	rcu_read_unlock();
	return inside;
}
