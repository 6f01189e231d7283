// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers. An item runs in one thread at a time, also if it is queued again meanwhile; its memory
 * may be freed by its own function, so after that only its address is compared. A delayed item is
 * pending from when its timer starts, and on the queue when that has ended.
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
	u64 nr;
};

struct workqueue_struct {
	int max_active;
	int running;
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
/* How many were queued so far: the number of the last one. */
static u64 nr_queued;

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
		work->pending = false;
		return work;
	}
	return NULL;
}

static void run(struct worker *worker, struct work_struct *work)
{
	worker->work = work;
	worker->wq = work->wq;
	worker->nr = work->nr;
	worker->wq->running++;
	pthread_mutex_unlock(&lock);
	work->func(work);
	if (current->preempt || current->irqs_off || current->rcu || current->bh)
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

/* A thread that was woken counts as free until it runs: each item that is queued needs its own. */
static bool too_few_are_free(void)
{
	const struct work_struct *work;
	int queued = 0;

	list_for_each_entry(work, &queue, entry)
		queued++;
	return nr_idle < queued;
}

/* What is pending. */
static void enqueue(struct workqueue_struct *wq, struct work_struct *work)
{
	work->wq = wq;
	work->nr = ++nr_queued;
	list_add_tail(&work->entry, &queue);
	if (nr_workers < USER_WORKERS && too_few_are_free()) {
		nr_workers++;
		user_thread(serve, NULL, NULL);
	}
	user_cond_wake(&some);
}

static bool queue_locked(struct workqueue_struct *wq, struct work_struct *work)
{
	if (work->pending || work->disabled)
		return false;
	work->pending = true;
	enqueue(wq, work);
	return true;
}

static bool on_queue(const struct work_struct *work)
{
	return work->pending && !list_empty(&work->entry);
}

/* Off the queue; what waits for its timer stays. */
static bool dequeue_locked(struct work_struct *work)
{
	if (!on_queue(work))
		return false;
	work->pending = false;
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

/* Queued before @nr, or begun before it was. */
static bool busy_until(const struct workqueue_struct *wq, const struct work_struct *one, u64 nr)
{
	const struct work_struct *work;
	const struct worker *worker;

	list_for_each_entry(work, &queue, entry)
		if (work->nr <= nr && (wq ? work->wq == wq : work == one))
			return true;
	list_for_each_entry(worker, &workers, link)
		if (worker->work && worker->nr <= nr &&
		    (wq ? worker->wq == wq : worker->work == one))
			return true;
	return false;
}

/* Of a queue, or one item: what is queued meanwhile need not end. Not from such an item itself. */
static bool flush(struct workqueue_struct *wq, struct work_struct *one, const char *file, int line)
{
	const struct worker *worker;
	bool waited = false;
	u64 nr;

	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	list_for_each_entry(worker, &workers, link)
		if (worker->task == current && worker->work &&
		    (wq ? worker->wq == wq : worker->work == one))
			user_bug(file, line, "a worker waits for its own end");
	for (nr = nr_queued; busy_until(wq, one, nr); waited = true)
		user_cond_wait(&ended, &lock, 0);
	pthread_mutex_unlock(&lock);
	return waited;
}

bool user_flush_work(struct work_struct *work, const char *file, int line)
{
	return flush(NULL, work, file, line);
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
	struct workqueue_struct *wq;
	va_list args;

	might_sleep();
	wq = calloc(1, sizeof(*wq));
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
	flush(wq, NULL, file, line);
}

/* Until nothing is there, also of what items queue meanwhile. */
void user_drain_workqueue(struct workqueue_struct *wq, const char *file, int line)
{
	while (flush(wq, NULL, file, line))
		;
}

void user_destroy_workqueue(struct workqueue_struct *wq, const char *file, int line)
{
	if (!wq)
		return;
	user_drain_workqueue(wq, file, line);
	free(wq);
}

/* As long as somebody disables it. */
bool user_disable_work(struct work_struct *work, bool wait, const char *file, int line)
{
	pthread_mutex_lock(&lock);
	work->disabled++;
	pthread_mutex_unlock(&lock);
	return wait ? user_cancel_work_sync(work, file, line) : cancel_work(work);
}

bool enable_work(struct work_struct *work)
{
	bool ret;

	pthread_mutex_lock(&lock);
	if (!work->disabled)
		user_bug(__FILE__, __LINE__, "enable_work() of what nobody has disabled");
	ret = !--work->disabled;
	pthread_mutex_unlock(&lock);
	return ret;
}

/* Delayed */

void user_delayed_work_fire(struct user_alarm *alarm)
{
	struct delayed_work *dwork = container_of(alarm, struct delayed_work, timer);

	pthread_mutex_lock(&lock);
	dwork->timed = false;
	enqueue(dwork->wq, &dwork->work);
	pthread_mutex_unlock(&lock);
}

void user_delayed_work_init(struct delayed_work *dwork, work_func_t func)
{
	memset(dwork, 0, sizeof(*dwork));
	user_work_init(&dwork->work, func);
	dwork->timer.fire = user_delayed_work_fire;
}

/* With the lock held; a timer that fires just now waits for the lock, and is waited for. */
static bool grab_locked(struct delayed_work *dwork)
{
	while (dwork->timed) {
		if (user_alarm_cancel(&dwork->timer) > 0) {
			dwork->timed = false;
			dwork->work.pending = false;
			return true;
		}
		pthread_mutex_unlock(&lock);
		user_yield();
		pthread_mutex_lock(&lock);
	}
	return dequeue_locked(&dwork->work);
}

static bool queue_delayed_locked(struct workqueue_struct *wq, struct delayed_work *dwork,
				 unsigned long delay)
{
	if (!delay)
		return queue_locked(wq, &dwork->work);
	if (dwork->work.pending || dwork->work.disabled)
		return false;
	dwork->wq = wq;
	dwork->work.pending = true;
	dwork->timed = true;
	user_alarm_set(&dwork->timer, ktime_get_ns() + delay * NSEC_PER_MSEC, true);
	return true;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	bool ret;

	if (!dwork->work.func)
		user_bug(__FILE__, __LINE__, "queue_delayed_work() of what INIT_DELAYED_WORK() has not seen");
	pthread_mutex_lock(&lock);
	ret = queue_delayed_locked(wq, dwork, delay);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was;

	pthread_mutex_lock(&lock);
	was = grab_locked(dwork);
	queue_delayed_locked(wq, dwork, delay);
	pthread_mutex_unlock(&lock);
	return was;
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	bool ret;

	pthread_mutex_lock(&lock);
	ret = grab_locked(dwork);
	pthread_mutex_unlock(&lock);
	return ret;
}

bool user_cancel_delayed_work_sync(struct delayed_work *dwork, const char *file, int line)
{
	bool ret;

	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	ret = grab_locked(dwork);
	/* The item may start its timer again until it has ended. */
	do {
		wait_locked(&dwork->work, file, line);
		ret |= grab_locked(dwork);
	} while (runs(&dwork->work));
	pthread_mutex_unlock(&lock);
	return ret;
}

bool user_flush_delayed_work(struct delayed_work *dwork, const char *file, int line)
{
	user_might_sleep(file, line);
	pthread_mutex_lock(&lock);
	if (dwork->timed && grab_locked(dwork))
		queue_locked(dwork->wq, &dwork->work);
	pthread_mutex_unlock(&lock);
	return user_flush_work(&dwork->work, file, line);
}

bool delayed_work_pending(struct delayed_work *dwork)
{
	return work_pending(&dwork->work);
}
