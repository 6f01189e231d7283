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

unsigned long user_wait_begin(wait_queue_head_t *wait, const char *file, int line)
{
	unsigned long woken;

	user_might_sleep(file, line);
	pthread_mutex_lock(RAW(wait));
	woken = wait->woken;
	pthread_mutex_unlock(RAW(wait));
	return woken;
}

bool user_wait(wait_queue_head_t *wait, unsigned long seen, u64 end)
{
	bool in_time = true;

	pthread_mutex_lock(RAW(wait));
	while (wait->woken == seen && in_time)
		in_time = user_cond_wait(COND(wait), RAW(wait), end);
	pthread_mutex_unlock(RAW(wait));
	return in_time;
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
