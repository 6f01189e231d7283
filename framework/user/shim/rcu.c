// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU and SRCU. A reader counts in one of two counters; a grace period lets new readers count in
 * the other one and waits until the first is zero, twice, since a reader may have read the index
 * before the change and counted after it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include <user/mem.h>
#include <user/work.h>

#include "private.h"
#include "virtual.h"

static struct srcu_struct rcu;

/* Callbacks that wait for a grace period, in the order in which they came. */
static pthread_mutex_t calls_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t calls_changed = PTHREAD_COND_INITIALIZER;
static struct rcu_head *calls, **calls_end = &calls;
static unsigned long calls_made, calls_done;
static bool calls_thread;

int init_srcu_struct(struct srcu_struct *srcu)
{
	memset(srcu, 0, sizeof(*srcu));
	mutex_init(&srcu->lock);
	return 0;
}

void cleanup_srcu_struct(struct srcu_struct *srcu)
{
	might_sleep();
	if (READ_ONCE(srcu->readers[0]) || READ_ONCE(srcu->readers[1]))
		user_bug(__FILE__, __LINE__, "cleanup_srcu_struct() with a reader inside");
	mutex_destroy(&srcu->lock);
}

int srcu_read_lock(struct srcu_struct *srcu)
{
	int index = __atomic_load_n(&srcu->index, __ATOMIC_SEQ_CST) & 1;

	__atomic_fetch_add(&srcu->readers[index], 1, __ATOMIC_SEQ_CST);
	return index;
}

void srcu_read_unlock(struct srcu_struct *srcu, int index)
{
	if (__atomic_fetch_sub(&srcu->readers[index], 1, __ATOMIC_SEQ_CST) <= 0)
		user_bug(__FILE__, __LINE__, "a read section of RCU ends that did not begin");
}

static void readers_wait(struct srcu_struct *srcu)
{
	const struct timespec pause = { .tv_nsec = 50000 };
	int index = __atomic_fetch_add(&srcu->index, 1, __ATOMIC_SEQ_CST) & 1;

	while (__atomic_load_n(&srcu->readers[index], __ATOMIC_SEQ_CST)) {
		if (user_virtual_on)
			user_virtual_wait(NULL, user_virtual_clock() + pause.tv_nsec);
		else
			nanosleep(&pause, NULL);
	}
}

void user_synchronize_srcu(struct srcu_struct *srcu, const char *file, int line)
{
	user_mutex_lock(&srcu->lock, file, line);
	readers_wait(srcu);
	readers_wait(srcu);
	mutex_unlock(&srcu->lock);
}

void rcu_read_lock(void)
{
	struct task_struct *me = current;

	if (!me->rcu++)
		me->rcu_index = srcu_read_lock(&rcu);
}

void user_rcu_read_unlock(const char *file, int line)
{
	struct task_struct *me = current;

	if (me->rcu <= 0)
		user_bug(file, line, "rcu_read_unlock() without rcu_read_lock() before");
	if (!--me->rcu)
		srcu_read_unlock(&rcu, me->rcu_index);
}

void user_synchronize_rcu(const char *file, int line)
{
	user_synchronize_srcu(&rcu, file, line);
}

static void calls_run(struct rcu_head *head)
{
	struct rcu_head *next;

	for (; head; head = next) {
		next = head->next;
		local_bh_disable();
		head->func(head);
		local_bh_enable();
		pthread_mutex_lock(&calls_lock);
		calls_done++;
		user_cond_wake(&calls_changed);
		pthread_mutex_unlock(&calls_lock);
	}
}

static void *calls_serve(void *unused)
{
	struct rcu_head *head;

	for (;;) {
		pthread_mutex_lock(&calls_lock);
		while (!calls)
			user_cond_wait(&calls_changed, &calls_lock, 0);
		head = calls;
		calls = NULL;
		calls_end = &calls;
		pthread_mutex_unlock(&calls_lock);
		synchronize_rcu();
		calls_run(head);
	}
	return unused;
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->next = NULL;
	pthread_mutex_lock(&calls_lock);
	*calls_end = head;
	calls_end = &head->next;
	calls_made++;
	if (!calls_thread)
		user_thread(calls_serve, NULL, NULL);
	calls_thread = true;
	user_cond_wake(&calls_changed);
	pthread_mutex_unlock(&calls_lock);
}

void user_rcu_barrier(const char *file, int line)
{
	unsigned long made;

	user_might_sleep(file, line);
	pthread_mutex_lock(&calls_lock);
	made = calls_made;
	while ((long)(calls_done - made) < 0)
		user_cond_wait(&calls_changed, &calls_lock, 0);
	pthread_mutex_unlock(&calls_lock);
}

struct kfree_call {
	struct rcu_head head;
	void *mem;
};

static void kfree_call_run(struct rcu_head *head)
{
	struct kfree_call *call = container_of(head, struct kfree_call, head);

	kvfree(call->mem);
	kfree(call);
}

void user_kfree_rcu(void *mem)
{
	struct kfree_call *call;

	if (!mem)
		return;
	call = kmalloc(sizeof(*call), GFP_ATOMIC);
	if (!call)
		user_bug(__FILE__, __LINE__, "no memory");
	call->mem = mem;
	call_rcu(&call->head, kfree_call_run);
}
