// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers. An item runs in one thread at a time, also if it is queued again meanwhile; its memory
 * may be freed by its own function, so after that only its address is compared.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <user/mem.h>
#include <user/work.h>

#include "private.h"
#include "virtual.h"

/* More items at a time than this wait for a thread. */
#define USER_WORKERS 64

struct worker {
	struct list_head link;
	struct work_struct *work;
	struct workqueue_struct *wq;
	struct task_struct *task;
};

struct workqueue_struct {
	int max_active;
	int running;
	int queued;
	char name[32];
};

static struct workqueue_struct events = { .max_active = USER_WORKERS, .name = "events" };
struct workqueue_struct *const user_system_wq = &events;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* An item is queued, or a thread is free. */
static pthread_cond_t some = PTHREAD_COND_INITIALIZER;
/* An item has ended. */
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static LIST_HEAD(queue);
static LIST_HEAD(workers);
static int nr_workers, nr_idle;

static struct worker *runs(const struct work_struct *work)
{
	struct worker *worker;

	list_for_each_entry(worker, &workers, link)
		if (worker->work == work)
			return worker;
	return NULL;
}

static struct work_struct *take(void)
{
	struct work_struct *work;

	list_for_each_entry(work, &queue, entry) {
		if (work->wq->running >= work->wq->max_active || runs(work))
			continue;
		list_del_init(&work->entry);
		work->wq->queued--;
		work->pending = false;
		return work;
	}
	return NULL;
}

static void run(struct worker *worker, struct work_struct *work)
{
	worker->work = work;
	worker->wq = work->wq;
	worker->wq->running++;
	pthread_mutex_unlock(&lock);
	work->func(work);
	if (current->preempt || current->irqs_off || current->rcu)
		user_bug(__FILE__, __LINE__, "a worker has ended with a spinlock or a read section held, or with interrupts off");
	pthread_mutex_lock(&lock);
	worker->work = NULL;
	worker->wq->running--;
	worker->wq = NULL;
	user_cond_wake(&ended);
	user_cond_wake(&some);
}

static void *serve(void *unused)
{
	struct worker worker = { .task = current };
	struct work_struct *work;

	current->flags |= PF_KTHREAD;
	pthread_mutex_lock(&lock);
	list_add(&worker.link, &workers);
	for (;;) {
		work = take();
		if (work) {
			run(&worker, work);
			continue;
		}
		nr_idle++;
		user_cond_wait(&some, &lock, 0);
		nr_idle--;
	}
	return unused;
}

static bool queue_locked(struct workqueue_struct *wq, struct work_struct *work)
{
	if (work->pending)
		return false;
	work->pending = true;
	work->wq = wq;
	wq->queued++;
	list_add_tail(&work->entry, &queue);
	if (!nr_idle && nr_workers < USER_WORKERS) {
		nr_workers++;
		user_thread(serve, NULL, NULL);
	}
	user_cond_wake(&some);
	return true;
}

static bool dequeue_locked(struct work_struct *work)
{
	if (!work->pending)
		return false;
	work->pending = false;
	work->wq->queued--;
	list_del_init(&work->entry);
	user_cond_wake(&ended);
	return true;
}

void user_work_init(struct work_struct *work, work_func_t func)
{
	memset(work, 0, sizeof(*work));
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool ret;

	if (!work->func)
		user_bug(__FILE__, __LINE__, "queue_work() of what INIT_WORK() has not seen");
	pthread_mutex_lock(&lock);
	ret = queue_locked(wq, work);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool cancel_work(struct work_struct *work)
{
	bool ret;

	pthread_mutex_lock(&lock);
	ret = dequeue_locked(work);
	pthread_mutex_unlock(&lock);
	return ret;
}

/* Not from the item itself. */
static void wait_locked(struct work_struct *work, const char *file, int line)
{
	struct worker *worker;

	while ((worker = runs(work))) {
		if (worker->task == current)
			user_bug(file, line, "a worker waits for its own end");
		user_cond_wait(&ended, &lock, 0);
	}
}

bool user_cancel_work_sync(struct work_struct *work, const char *file, int line)
{
	bool ret;

	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	ret = dequeue_locked(work);
	wait_locked(work, file, line);
	/* It may have queued itself. */
	ret |= dequeue_locked(work);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool user_flush_work(struct work_struct *work, const char *file, int line)
{
	bool ret;

	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	ret = work->pending || runs(work);
	while (work->pending)
		user_cond_wait(&ended, &lock, 0);
	wait_locked(work, file, line);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool work_pending(struct work_struct *work)
{
	bool ret;

	pthread_mutex_lock(&lock);
	ret = work->pending;
	pthread_mutex_unlock(&lock);
	return ret;
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = calloc(1, sizeof(*wq));
	va_list args;

	if (!wq)
		return NULL;
	va_start(args, max_active);
	user_vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	wq->max_active = max_active ?: USER_WORKERS;
	return wq;
}

void user_flush_workqueue(struct workqueue_struct *wq, const char *file, int line)
{
	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	while (wq->queued || wq->running)
		user_cond_wait(&ended, &lock, 0);
	pthread_mutex_unlock(&lock);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (!wq)
		return;
	flush_workqueue(wq);
	free(wq);
}

/* Delayed */

void user_delayed_work_fire(struct user_alarm *alarm)
{
	struct delayed_work *dwork = container_of(alarm, struct delayed_work, timer);

	queue_work(dwork->wq, &dwork->work);
}

void user_delayed_work_init(struct delayed_work *dwork, work_func_t func)
{
	memset(dwork, 0, sizeof(*dwork));
	user_work_init(&dwork->work, func);
	dwork->timer.fire = user_delayed_work_fire;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	bool ret = true;

	if (!delay)
		return !user_alarm_queued(&dwork->timer) && queue_work(wq, &dwork->work);
	pthread_mutex_lock(&lock);
	if (dwork->work.pending || user_alarm_queued(&dwork->timer)) {
		ret = false;
	} else {
		dwork->wq = wq;
		user_alarm_set(&dwork->timer, ktime_get_ns() + delay * NSEC_PER_MSEC);
	}
	pthread_mutex_unlock(&lock);
	return ret;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	queue_delayed_work(wq, dwork, delay);
	return was;
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	bool timed = user_alarm_cancel(&dwork->timer) > 0;

	return cancel_work(&dwork->work) || timed;
}

bool user_cancel_delayed_work_sync(struct delayed_work *dwork, const char *file, int line)
{
	bool ret = false, again = true;

	/* The item may start its timer again until it has ended. */
	while (again) {
		again = user_alarm_cancel_sync(&dwork->timer, file, line);
		ret |= again;
		ret |= user_cancel_work_sync(&dwork->work, file, line);
		again |= user_alarm_queued(&dwork->timer);
	}
	return ret;
}

bool user_flush_delayed_work(struct delayed_work *dwork, const char *file, int line)
{
	if (user_alarm_cancel_sync(&dwork->timer, file, line))
		queue_work(dwork->wq, &dwork->work);
	return user_flush_work(&dwork->work, file, line);
}

bool delayed_work_pending(struct delayed_work *dwork)
{
	return user_alarm_queued(&dwork->timer) || work_pending(&dwork->work);
}

/* Threads of a driver's own */

struct kthread {
	pthread_t thread;
	int (*fn)(void *data);
	void *data;
	char name[TASK_COMM_LEN];
	struct completion begun;
	struct task_struct *task;
	int stop;
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
	kthread->ret = kthread->fn(kthread->data);
	/* Its task_struct is this thread's: until kthread_stop() it stays. */
	while (!__atomic_load_n(&kthread->stop, __ATOMIC_ACQUIRE))
		user_sleep_ns(NSEC_PER_MSEC, __FILE__, __LINE__);
	return NULL;
}

struct task_struct *user_kthread_run(int (*fn)(void *data), void *data, const char *fmt, ...)
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
	init_completion(&kthread->begun);
	user_thread(kthread_main, kthread, &kthread->thread);
	wait_for_completion(&kthread->begun);
	return kthread->task;
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
	user_thread_join(kthread->thread);
	ret = kthread->ret;
	kfree(kthread);
	return ret;
}
