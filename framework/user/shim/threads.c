// SPDX-License-Identifier: GPL-2.0-only
/* Threads of a driver's own, and queues that one of them works off. */
#include <pthread.h>

#include <user/mem.h>
#include <user/work.h>

#include "private.h"
#include "virtual.h"

struct kthread {
	pthread_t thread;
	int (*fn)(void *data);
	void *data;
	char name[TASK_COMM_LEN];
	struct completion begun;
	wait_queue_head_t told;
	struct task_struct *task;
	int go;
	int stop;
	int ended;
	int ret;
};

static void *kthread_main(void *data)
{
	struct kthread *kthread = data;

	current->kthread = kthread;
	current->flags |= PF_KTHREAD;
	strscpy(current->comm, kthread->name, sizeof(current->comm));
	kthread->task = current;
	complete(&kthread->begun);
	wait_event(kthread->told, __atomic_load_n(&kthread->go, __ATOMIC_ACQUIRE));
	if (!kthread_should_stop())
		kthread->ret = kthread->fn(kthread->data);
	/* Its task_struct is this thread's: until kthread_stop() has used it, it stays. */
	wait_event(kthread->told, __atomic_load_n(&kthread->ended, __ATOMIC_ACQUIRE));
	return NULL;
}

struct task_struct *user_kthread_create(int (*fn)(void *data), void *data, const char *fmt, ...)
{
	struct kthread *kthread = kzalloc(sizeof(*kthread), GFP_KERNEL);
	va_list args;

	if (!kthread)
		return ERR_PTR(-ENOMEM);
	va_start(args, fmt);
	user_vsnprintf(kthread->name, sizeof(kthread->name), fmt, args);
	va_end(args);
	kthread->fn = fn;
	kthread->data = data;
	kthread->ret = -EINTR;
	init_completion(&kthread->begun);
	init_waitqueue_head(&kthread->told);
	user_thread(kthread_main, kthread, &kthread->thread);
	wait_for_completion(&kthread->begun);
	return kthread->task;
}

void user_kthread_go(struct task_struct *task)
{
	struct kthread *kthread = task->kthread;

	if (!kthread || __atomic_exchange_n(&kthread->go, 1, __ATOMIC_SEQ_CST))
		return;
	wake_up(&kthread->told);
}

bool kthread_should_stop(void)
{
	struct kthread *kthread = current->kthread;

	return kthread && __atomic_load_n(&kthread->stop, __ATOMIC_ACQUIRE);
}

int kthread_stop(struct task_struct *task)
{
	struct kthread *kthread = task->kthread;
	int ret;

	might_sleep();
	__atomic_store_n(&kthread->stop, 1, __ATOMIC_RELEASE);
	/* Whatever it waits for. */
	wake_up_process(task);
	__atomic_store_n(&kthread->ended, 1, __ATOMIC_RELEASE);
	wake_up(&kthread->told);
	user_thread_join(kthread->thread);
	ret = kthread->ret;
	kfree(kthread);
	return ret;
}

/* Queues of one thread */

struct kthread_worker *user_kthread_worker(const char *name)
{
	struct kthread_worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);

	if (!worker)
		return ERR_PTR(-ENOMEM);
	worker->wq = alloc_ordered_workqueue("%s", 0, name);
	if (worker->wq)
		return worker;
	kfree(worker);
	return ERR_PTR(-ENOMEM);
}

void user_kthread_work(struct work_struct *work)
{
	struct kthread_work *own = container_of(work, struct kthread_work, work);

	own->func(own);
}

void user_kthread_dwork(struct work_struct *work)
{
	struct kthread_delayed_work *own =
		container_of(to_delayed_work(work), struct kthread_delayed_work, dwork);

	own->work.func(&own->work);
}

void kthread_destroy_worker(struct kthread_worker *worker)
{
	destroy_workqueue(worker->wq);
	kfree(worker);
}
