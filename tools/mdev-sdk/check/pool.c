// SPDX-License-Identifier: GPL-2.0-only
/* So many jobs at a time, each a thread that waits for a program. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "lab/lab.h"
#include "pool.h"

#define TICK_NS (200 * 1000 * 1000)

struct shared {
	const struct pool *pool;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	size_t next, done;
};

static void *thread_run(void *data)
{
	struct shared *shared = data;

	pthread_mutex_lock(&shared->lock);
	while (shared->next < shared->pool->count) {
		size_t index = shared->next++;

		pthread_mutex_unlock(&shared->lock);
		shared->pool->work(index, shared->pool->data);
		pthread_mutex_lock(&shared->lock);
		shared->done++;
		pthread_cond_signal(&shared->ended);
	}
	pthread_mutex_unlock(&shared->lock);
	return NULL;
}

static void wait_for_all(struct shared *shared)
{
	const struct pool *pool = shared->pool;

	pthread_mutex_lock(&shared->lock);
	while (shared->done < pool->count) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&shared->ended, &shared->lock, &until);
		if (pool->tick)
			pool->tick(shared->done, pool->count, pool->data);
	}
	pthread_mutex_unlock(&shared->lock);
}

void pool_run(const struct pool *pool)
{
	unsigned int count = pool->threads < pool->count ? pool->threads : pool->count, made = 0;
	pthread_t *threads = lab_grow(NULL, count + 1, sizeof(*threads));
	struct shared shared = { .pool = pool };

	pthread_mutex_init(&shared.lock, NULL);
	pthread_cond_init(&shared.ended, NULL);
	while (made < count && !pthread_create(&threads[made], NULL, thread_run, &shared))
		made++;
	/* Without a thread the jobs are still to be done. */
	if (!made)
		thread_run(&shared);
	wait_for_all(&shared);
	for (unsigned int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&shared.ended);
	pthread_mutex_destroy(&shared.lock);
	free(threads);
}
