// SPDX-License-Identifier: GPL-2.0-only
/* When pages can be pinned again after an unmap, and which; and when they must not be. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "client.h"

#define A 0x10000000UL
#define B 0x20000000UL
#define US_PER_MS 1000

static struct vfio v = VFIO_CLOSED;
static char *mem;

/* Ranges that are unmapped, and pages between them that never are */

#define RANGES 80		/* more than any table of a device's would hold */

static bool map_page(unsigned int i)
{
	return !vfio_map_dma(&v, A + i * PAGE, mem + i * PAGE, PAGE, READ | WRITE);
}

static void test_between(void)
{
	unsigned int mapped = 0, pinned = 0, unmapped = 0, taken = 0, i;

	for (i = 0; i <= 2 * RANGES; i++)
		mapped += map_page(i);
	for (i = 0; i < RANGES; i++)
		pinned += pin(&v, A + 2 * i * PAGE, 1, READ) == 1;
	for (i = 0; i < RANGES; i++)
		unmapped += vfio_unmap_dma(&v, A + 2 * i * PAGE, PAGE, 0) == (long long)PAGE;
	for (i = 0; i < RANGES; i++)
		taken += pin(&v, A + (2 * i + 1) * PAGE, 1, READ) == 1;
	ok_is(mapped, 2 * RANGES + 1, "between.mapped");
	ok_is(pinned, RANGES, "between.pinned");
	ok_is(unmapped, RANGES, "between.unmapped");
	ok_is(taken, RANGES, "between.other_pages_are_pinned_at_once");
	for (i = 0; i < RANGES; i++)
		vfio_unmap_dma(&v, A + (2 * i + 1) * PAGE, PAGE, 0);
}

/* A range that is unmapped and mapped again at once, as a guest with a vIOMMU does all day */

#define ROUNDS 21
#define MEDIAN_US (20 * US_PER_MS)	/* the pause is 5 ms; the machine may be busy */
#define LEAST_US (5 * US_PER_MS)

struct again {
	long long from_unmap, from_map;
};

static struct again remap(void)
{
	long long unmap, map;

	unmap = now_us();
	if (vfio_unmap_dma(&v, B, PAGE, 0) != (long long)PAGE)
		return (struct again){ -1, -1 };
	vfio_map_dma(&v, B, mem, PAGE, READ | WRITE);
	map = now_us();
	while (pin(&v, B, 1, READ) == -EAGAIN && now_us() - map < 5000 * US_PER_MS)
		usleep(100);
	return (struct again){ now_us() - unmap, now_us() - map };
}

static int compare(const void *a, const void *b)
{
	const struct again *x = a, *y = b;

	return (x->from_map > y->from_map) - (x->from_map < y->from_map);
}

static void test_again(void)
{
	struct again rounds[ROUNDS];
	long long least = INT64_MAX;

	vfio_map_dma(&v, B, mem, PAGE, READ | WRITE);
	ok_is(pin_patiently(&v, B, 1, READ), 1, "again.pin");
	for (int i = 0; i < ROUNDS; i++) {
		rounds[i] = remap();
		if (rounds[i].from_unmap < least)
			least = rounds[i].from_unmap;
	}
	qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
	diag("from the map to the first pin: median %lld us, fastest %lld, slowest %lld of %d",
	     rounds[ROUNDS / 2].from_map, rounds[0].from_map, rounds[ROUNDS - 1].from_map, ROUNDS);
	ok(least >= LEAST_US, "again.not_before_the_pause_is_over");
	ok(rounds[ROUNDS / 2].from_map <= MEDIAN_US, "again.soon_after_it");
	vfio_unmap_dma(&v, B, PAGE, 0);
}

int gate_main(void)
{
	mem = memory((2 * RANGES + 1) * PAGE);
	ok_is(create(0, UUID_A), 0, "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	touch_user(&v);
	test_between();
	test_again();
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}

/*
 * The thread that unmaps hardly runs: a real-time thread has its processor for far longer than a
 * pause, and lets it have a moment now and then. A second device keeps VFIO's lock busy, so that
 * most of these moments end while it waits for that. Workers on the other processor pin what it
 * unmaps, whenever they are let.
 */

#define STARVED_MS 12000
#define HOG_US (15 * US_PER_MS)
#define BREATH_US 300
/* Of eleven. On a busy machine the worker does not come within the patience of one or two. */
#define MOST_NOTICES 4

static atomic_bool stop;

static bool on_processor(int cpu, int fifo)
{
	struct sched_param param = { .sched_priority = fifo };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set) &&
	       (!fifo || !sched_setscheduler(0, SCHED_FIFO, &param));
}

static void *hog(void *arg)
{
	struct timespec breath = { .tv_nsec = BREATH_US * 1000 };

	*(bool *)arg = on_processor(1, 50);
	while (!stop) {
		for (long long end = now_us() + HOG_US; now_us() < end;)
			;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &breath, NULL);
	}
	return NULL;
}

static bool work(const struct vfio *user, uint64_t iova, int npage, unsigned int workers)
{
	struct pinner_req req = {
		.op = PINNER_WORKER_START, .iova = iova, .npage = npage, .len = workers,
	};

	return !exec(user, &req);
}

static struct repin unmap_starved(void)
{
	struct repin r = { 0 };
	long end = now_ms() + STARVED_MS, before, asked;

	while (now_ms() < end && r.rounds >= 0) {
		before = stats(&v).worker_pins;
		if (vfio_map_dma(&v, A, mem, PAGE, READ | WRITE))
			return (struct repin){ .rounds = -1 };
		for (long wait = now_ms() + 2000; now_ms() < wait;)
			if (stats(&v).worker_pins - before)
				break;
		before = stats(&v).notices;
		r.rounds = vfio_unmap_dma(&v, A, PAGE, 0) == (long long)PAGE ? r.rounds + 1 : -1;
		asked = stats(&v).notices - before;
		r.most_notices = asked > r.most_notices ? asked : r.most_notices;
	}
	r.pins = stats(&v).worker_pins;
	return r;
}

static void *starve(void *arg)
{
	on_processor(1, 0);
	*(struct repin *)arg = unmap_starved();
	return NULL;
}

int gatestarved_main(void)
{
	struct vfio busy = VFIO_CLOSED;
	struct repin r = { 0 };
	pthread_t hogger, starved;
	bool fifo = false;

	mem = memory(512 * PAGE);
	ok(!create(0, UUID_A) && !create(0, UUID_B), "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	busy.container = v.container;
	ok_is(open_user(&busy, UUID_B), 0, "open_the_second");
	touch_user(&v);
	touch_user(&busy);
	vfio_map_dma(&v, B, mem, 512 * PAGE, READ | WRITE);
	ok(work(&busy, B, 512, 2) && work(&v, A, 1, 2), "workers");
	write_file("/proc/sys/kernel/sched_rt_runtime_us", "-1");
	on_processor(0, 0);
	pthread_create(&hogger, NULL, hog, &fifo);
	pthread_create(&starved, NULL, starve, &r);
	pthread_join(starved, NULL);
	stop = true;
	pthread_join(hogger, NULL);
	ok(fifo, "the_processor_is_taken");
	diag("%ld rounds, %ld pins of the workers; one unmap took up to %ld notices", r.rounds,
	     r.pins, r.most_notices);
	ok(r.rounds > 5 && r.pins > 0 && r.most_notices <= MOST_NOTICES, "vfio_asks_no_more");
	close_user_device(&busy);
	close(busy.group);
	close_user(&v);
	ok_is(wait_locked(0), 0, "nothing_stays_charged");
	return done();
}
