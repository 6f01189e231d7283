// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must go well for as long as it likes, three storms beside each other: SOAK_S seconds
 * (default 20) of map and unmap against workers that pin again, of SET_IRQS against triggers and
 * close, of open and close against remove. Then no page is charged and memory is back where it was.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "client.h"

#define WARM_UP_MS 8000
/* One pass of the first storm; after each of them nothing may be charged. */
#define PASS_MS 4000
/* What a young kernel still fetches for itself; a leak of 64 bytes a round is soon more. */
#define SLACK_KB 1536

#define UUID_REPIN "dddddddd-0000-4000-8000-000000000001"
#define UUID_REMOVE "dddddddd-0000-4000-8000-000000000002"

/* Storms: each in a process of its own, whose memory goes with it. Return: it went well. */

static bool map_unmap(long ms)
{
	long end = now_ms() + ms, rounds = 0, pins = 0, most = 0, charged = 0;
	unsigned int pass;

	for (pass = 0; now_ms() < end; pass++) {
		struct repin r = { .rounds = -1 };

		/* A parent with a notifier and one with quiesce, in turn. */
		if (!create(pass & 1, UUID_REPIN))
			r = repin(UUID_REPIN, pass & 2 ? 64 : 1, 1 + pass % 4, PASS_MS);
		charged += wait_locked(0);
		if (remove_mdev(UUID_REPIN) || r.rounds < 0 || charged)
			break;
		rounds += r.rounds;
		pins += r.pins;
		most = r.most_notices > most ? r.most_notices : most;
	}
	diag("map and unmap: %u passes, %ld rounds, %ld pins; at most %ld notices an unmap; %ld pages stay charged",
	     pass, rounds, pins, most, charged);
	/* The eleventh would stop the host; where it hardly runs, the tenth waits for its end. */
	return now_ms() >= end && !charged && pins && most <= 10;
}

static bool set_irqs(long ms)
{
	unsigned int rounds;

	if (!irq_storm_begin())
		return false;
	rounds = irq_storm(ms);
	diag("SET_IRQS, trigger and close: %u rounds", rounds);
	return irq_storm_end() && rounds;
}

static atomic_long opened;

static void *opener(void *arg)
{
	long end = *(long *)arg;

	while (now_ms() < end) {
		struct vfio v = VFIO_CLOSED;

		if (!open_user(&v, UUID_REMOVE) && !touch_user(&v))
			opened++;
		close_user(&v);
	}
	return NULL;
}

static bool open_remove(long ms)
{
	long end = now_ms() + ms, removed = 0, busy = 0, wrong = 0;
	pthread_t ids[2];

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		pthread_create(&ids[i], NULL, opener, &end);
	while (now_ms() < end) {
		int ret;

		wrong += !!create(0, UUID_REMOVE);
		while ((ret = remove_mdev(UUID_REMOVE)) == -EBUSY)
			busy++;
		wrong += !!ret;
		removed++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		pthread_join(ids[i], NULL);
	diag("open and close against remove: %ld opened, %ld removed, %ld times busy, %ld wrong",
	     (long)opened, removed, busy, wrong);
	/* Eight seconds of a host that hardly runs may not bring the two together. */
	return !wrong && removed && opened && (busy || ms <= WARM_UP_MS);
}

static const struct storm {
	const char *name;
	bool (*run)(long ms);
} storms[] = {
	{ "map_unmap_against_pinning_workers", map_unmap },
	{ "SET_IRQS_against_trigger_and_close", set_irqs },
	{ "open_and_close_against_remove", open_remove },
};

static void run_storms(const char *when, long ms)
{
	pid_t ids[ARRAY_SIZE(storms)];
	char name[80];
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(storms); i++) {
		ids[i] = fork();
		if (!ids[i])
			_exit(!storms[i].run(ms));
	}
	for (size_t i = 0; i < ARRAY_SIZE(storms); i++) {
		status = -1;
		waitpid(ids[i], &status, 0);
		snprintf(name, sizeof(name), "%s.%s", when, storms[i].name);
		ok_is(status, 0, name);
	}
}

/* Memory */

static long meminfo(const char *text, const char *key)
{
	const char *hit = strstr(text, key);

	return hit ? atol(hit + strlen(key)) : 0;
}

struct usage {
	long used;		/* kB that are not free */
	long slab;		/* kB of them that the kernel's objects take */
};

static struct usage usage(void)
{
	char text[4096];
	struct usage u = { 0 };

	/* RCU and workers have their say, then the caches go. */
	for (int i = 0; i < 3; i++) {
		sleep(1);
		write_file("/proc/sys/vm/drop_caches", "3");
	}
	if (read_file("/proc/meminfo", text, sizeof(text)) > 0) {
		u.used = meminfo(text, "MemTotal:") - meminfo(text, "MemFree:");
		u.slab = meminfo(text, "SUnreclaim:");
	}
	return u;
}

int soak_main(void)
{
	const char *asked = getenv("SOAK_S");
	struct usage before, after;

	run_storms("warm_up", WARM_UP_MS);
	before = usage();
	run_storms("soak", (asked ? atol(asked) : 20) * 1000);
	after = usage();
	diag("used %ld kB before, %ld after; the kernel's objects %ld and %ld", before.used,
	     after.used, before.slab, after.slab);
	ok(before.used && after.used - before.used < SLACK_KB, "soak.memory_is_back");
	ok(before.slab && after.slab - before.slab < SLACK_KB, "soak.so_are_the_kernel_s_objects");
	return done();
}
