// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits: a wait queue counts how often it was woken. Who waits takes that number, looks at his
 * condition, and sleeps only while the number is still the same: so no wake-up is lost.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <user/work.h>

#include "private.h"
#include "virtual.h"

USER_HOLDS(wait_queue_head_t, lock, pthread_mutex_t);
USER_HOLDS(wait_queue_head_t, cond, pthread_cond_t);
USER_HOLDS(struct task_struct, wait_lock, pthread_mutex_t);

#define RAW(_wait) ((pthread_mutex_t *)(_wait)->lock)
#define COND(_wait) ((pthread_cond_t *)(_wait)->cond)

static bool cond_wait_virtually(pthread_cond_t *cond, pthread_mutex_t *lock, u64 end)
{
	bool in_time;

	pthread_mutex_unlock(lock);
	in_time = user_virtual_wait(cond, end);
	pthread_mutex_lock(lock);
	return in_time;
}

bool user_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, u64 end)
{
	struct timespec ts = { .tv_sec = end / NSEC_PER_SEC, .tv_nsec = end % NSEC_PER_SEC };

	if (user_virtual_on)
		return cond_wait_virtually(cond, lock, end);
	if (!end)
		return !pthread_cond_wait(cond, lock);
	return pthread_cond_clockwait(cond, lock, CLOCK_MONOTONIC, &ts) != ETIMEDOUT;
}

void user_cond_wake(pthread_cond_t *cond)
{
	if (user_virtual_on)
		user_virtual_wake(cond);
	else
		pthread_cond_broadcast(cond);
}

void init_waitqueue_head(wait_queue_head_t *wait)
{
	pthread_mutex_init(RAW(wait), NULL);
	pthread_cond_init(COND(wait), NULL);
	wait->woken = 0;
}

void user_wake(wait_queue_head_t *wait)
{
	pthread_mutex_lock(RAW(wait));
	wait->woken++;
	user_cond_wake(COND(wait));
	pthread_mutex_unlock(RAW(wait));
}

/* What a thread waits for, for wake_up_process(). Taken before a queue's lock. */
#define TASK(_task) ((pthread_mutex_t *)(_task)->wait_lock)

unsigned long user_wait_begin(wait_queue_head_t *wait, const char *file, int line)
{
	struct task_struct *me = current;
	unsigned long woken;

	user_might_sleep(file, line);
	me->seen = __atomic_load_n(&me->woken, __ATOMIC_ACQUIRE);
	pthread_mutex_lock(RAW(wait));
	woken = wait->woken;
	pthread_mutex_unlock(RAW(wait));
	return woken;
}

/* Return: it was not woken by itself since it began. */
static bool waits_on(wait_queue_head_t *wait)
{
	struct task_struct *me = current;
	bool ret;

	pthread_mutex_lock(TASK(me));
	ret = __atomic_load_n(&me->woken, __ATOMIC_ACQUIRE) == me->seen;
	me->waits_on = ret ? wait : NULL;
	pthread_mutex_unlock(TASK(me));
	return ret;
}

static bool wait_on(wait_queue_head_t *wait, unsigned long seen, u64 end)
{
	struct task_struct *me = current;
	bool in_time = true;

	pthread_mutex_lock(RAW(wait));
	while (wait->woken == seen && in_time &&
	       __atomic_load_n(&me->woken, __ATOMIC_ACQUIRE) == me->seen)
		in_time = user_cond_wait(COND(wait), RAW(wait), end);
	pthread_mutex_unlock(RAW(wait));
	return in_time;
}

bool user_wait(wait_queue_head_t *wait, unsigned long seen, u64 end)
{
	bool in_time;

	if (!waits_on(wait))
		return true;
	in_time = wait_on(wait, seen, end);
	waits_on(NULL);
	return in_time;
}

int wake_up_process(struct task_struct *task)
{
	wait_queue_head_t *wait;

	user_kthread_go(task);
	pthread_mutex_lock(TASK(task));
	__atomic_fetch_add(&task->woken, 1, __ATOMIC_SEQ_CST);
	wait = task->waits_on;
	if (wait) {
		pthread_mutex_lock(RAW(wait));
		user_cond_wake(COND(wait));
		pthread_mutex_unlock(RAW(wait));
	}
	pthread_mutex_unlock(TASK(task));
	return wait != NULL;
}

u64 user_wait_end(long timeout)
{
	if (timeout >= LONG_MAX / NSEC_PER_MSEC)
		return 0;
	return ktime_get_ns() + max(timeout, 1L) * NSEC_PER_MSEC;
}

long user_wait_left(u64 end)
{
	s64 left = end - ktime_get_ns();

	return end ? max(left / NSEC_PER_MSEC, 1L) : MAX_SCHEDULE_TIMEOUT;
}

/* A short wait may be one that looks now and then. */
void user_wait_unwoken(long timeout, const char *file, int line)
{
	if (timeout >= HZ / 4 && timeout != MAX_SCHEDULE_TIMEOUT)
		user_warn(file, line, "a wait of %ld ms was over before it saw that its condition is true: wake_up() is missing where that becomes true",
			  timeout * MSEC_PER_SEC / HZ);
}

void init_completion(struct completion *x)
{
	WRITE_ONCE(x->done, 0);
	init_waitqueue_head(&x->wait);
}

void reinit_completion(struct completion *x)
{
	WRITE_ONCE(x->done, 0);
}

/* Under the queue's lock: whoever has taken it may free the completion at once. */
static void complete_by(struct completion *x, unsigned int done)
{
	pthread_mutex_lock(RAW(&x->wait));
	if (x->done != UINT_MAX)
		WRITE_ONCE(x->done, done == UINT_MAX ? done : x->done + done);
	x->wait.woken++;
	user_cond_wake(COND(&x->wait));
	pthread_mutex_unlock(RAW(&x->wait));
}

void complete(struct completion *x)
{
	complete_by(x, 1);
}

void complete_all(struct completion *x)
{
	complete_by(x, UINT_MAX);
}

bool try_wait_for_completion(struct completion *x)
{
	bool done;

	pthread_mutex_lock(RAW(&x->wait));
	done = x->done;
	if (done && x->done != UINT_MAX)
		x->done--;
	pthread_mutex_unlock(RAW(&x->wait));
	return done;
}

bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done);
}
