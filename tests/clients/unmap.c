// SPDX-License-Identifier: GPL-2.0-only
/* UNMAP_DMA while pages are pinned, alone, from many threads, and against what gets in its way. */
#include <linux/vfio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "client.h"

#define A 0x100000UL
#define PAGES 64
#define SIZE (PAGES * PAGE)

static uint64_t *mem;

static bool covers(const struct pinner_stats *s, uint64_t iova, uint64_t size)
{
	return s->last_iova <= iova && s->last_size >= size &&
	       s->last_iova + (s->last_size - 1) >= iova + (size - 1);
}

/* One pin under one map, unmapped: gone, and the driver was told. */
static void test_simple(const struct vfio *v, const char *self_unpin, const char *what)
{
	struct pinner_stats before = stats(v), after;
	long charged = locked_pages(), start;
	char name[80];

	set_param("self_unpin", self_unpin);
	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	snprintf(name, sizeof(name), "unmap.%s.pinned", what);
	ok_is(pin_patiently(v, A, PAGES, READ | WRITE), PAGES, name);
	start = now_ms();
	snprintf(name, sizeof(name), "unmap.%s.returns", what);
	ok_is(vfio_unmap_dma(v, A, SIZE, 0), SIZE, name);
	snprintf(name, sizeof(name), "unmap.%s.in_a_second", what);
	ok(now_ms() - start < 1000, name);
	after = stats(v);
	snprintf(name, sizeof(name), "unmap.%s.notice_names_the_range", what);
	ok(after.notices > before.notices && covers(&after, A, SIZE), name);
	snprintf(name, sizeof(name), "unmap.%s.pages_are_gone", what);
	ok_is(wait_locked(charged), charged, name);
	snprintf(name, sizeof(name), "unmap.%s.nothing_left_to_unpin", what);
	ok_is(unpin(v, A, PAGES), -EINVAL, name);
	usleep(700000);
	snprintf(name, sizeof(name), "unmap.%s.cannot_be_pinned", what);
	ok_is(pin(v, A, 1, READ), -EINVAL, name);
	set_param("self_unpin", "0");
}

static void test_remap(const struct vfio *v)
{
	struct pinner_req req = { .op = PINNER_READ, .iova = A, .len = 8 };

	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	pin_patiently(v, A, 1, READ);
	vfio_unmap_dma(v, A, SIZE, 0);
	mem[0] = 0x1122;
	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	ok_is(exec(v, &req), 0, "remap.dma_rw_at_once");
	ok_is(pin_patiently(v, A, 1, READ), 1, "remap.pin");
	ok_is(vfio_unmap_dma(v, A, SIZE, 0), SIZE, "remap.unmap");
}

/* A pin over two maps goes as a whole, and what is left of the maps works on. */
static void test_part(const struct vfio *v)
{
	long charged = locked_pages();

	vfio_map_dma(v, A, mem, SIZE / 2, READ | WRITE);
	vfio_map_dma(v, A + SIZE / 2, mem + SIZE / 16, SIZE / 2, READ | WRITE);
	ok_is(pin_patiently(v, A, PAGES, READ), PAGES, "part.pin_over_two_maps");
	ok_is(vfio_unmap_dma(v, A, SIZE / 2, 0), SIZE / 2, "part.unmap_one");
	ok_is(wait_locked(charged), charged, "part.the_whole_pin_is_released");
	ok_is(pin_patiently(v, A + SIZE / 2, PAGES / 2, READ), PAGES / 2, "part.pin_the_other");
	ok_is(vfio_unmap_dma(v, A + SIZE / 2, SIZE / 2, 0), SIZE / 2, "part.unmap_the_other");
}

static void test_many(const struct vfio *v)
{
	long charged = locked_pages();
	int pins = 0;

	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	pin_patiently(v, A, 1, READ);
	for (int i = 0; i < PAGES; i++)
		for (int j = i; j < PAGES; j++)
			pins += pin(v, A + i * PAGE, PAGES - j, READ) > 0;
	diag("%d overlapping pins", pins);
	ok_is(vfio_unmap_dma(v, A, SIZE, 0), SIZE, "many.unmap");
	ok_is(wait_locked(charged), charged, "many.released");
}

static void test_all(const struct vfio *v)
{
	struct vfio_iommu_type1_dma_unmap all = {
		.argsz = sizeof(all), .flags = VFIO_DMA_UNMAP_FLAG_ALL,
	};
	long charged = locked_pages();

	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	pin_patiently(v, A, PAGES, READ);
	ok_is(ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &all) ? -errno : 0, 0, "all.unmap");
	ok_is(wait_locked(charged), charged, "all.released");
}

static void test_child(const struct vfio *v)
{
	int status = -1;
	pid_t pid;

	vfio_map_dma(v, A, mem, SIZE, READ | WRITE);
	pin_patiently(v, A, PAGES, READ);
	pid = fork();
	if (!pid)
		_exit(vfio_unmap_dma(v, A, SIZE, 0) != SIZE);
	waitpid(pid, &status, 0);
	ok_is(status, 0, "child.unmaps");
}

static void test_quiesce(void)
{
	struct vfio v = VFIO_CLOSED;
	struct pinner_stats s;

	create(1, UUID_B);
	open_user(&v, UUID_B);
	touch_user(&v);
	vfio_map_dma(&v, A, mem, SIZE, READ | WRITE);
	ok_is(pin(&v, A, PAGES, READ), PAGES, "quiesce.pin");
	vfio_unmap_dma(&v, A, SIZE, 0);
	s = stats(&v);
	ok(s.notices && !s.resets && covers(&s, A, SIZE), "quiesce.is_asked");
	set_param("quiesce_errno", "5");
	vfio_map_dma(&v, A, mem, SIZE, READ | WRITE);
	pin_patiently(&v, A, PAGES, READ);
	ok_is(vfio_unmap_dma(&v, A, SIZE, 0), SIZE, "quiesce.fails_and_unmap_returns");
	ok(stats(&v).resets > 0, "quiesce.fails_and_reset_is_called");
	set_param("quiesce_errno", "0");
	close_user(&v);
	ok_is(remove_mdev(UUID_B), 0, "quiesce.remove");
}

int unmap_main(void)
{
	struct vfio v = VFIO_CLOSED;

	mem = memory(SIZE);
	ok_is(create(0, UUID_A), 0, "create");
	open_user(&v, UUID_A);
	touch_user(&v);
	test_simple(&v, "0", "by_the_framework");
	test_simple(&v, "1", "by_the_driver");
	test_remap(&v);
	test_part(&v);
	test_many(&v);
	test_all(&v);
	test_child(&v);
	test_quiesce();
	close_user(&v);
	return done();
}

/* Storms: rounds of map, pin, unmap from several threads, for some seconds. */

#define MS 1500
#define STRIDE 0x1000000UL	/* of the threads' addresses */

struct storm {
	const struct vfio *v;
	unsigned int thread;
	bool same;		/* always the same address, else 64 in turn */
	long end;
	long rounds, pins, failed, slowest;
};

static void *storm_thread(void *arg)
{
	struct storm *s = arg;
	uint64_t *own = mem + s->thread * 4 * PAGE / 8;
	uint64_t base = (s->thread + 1) * STRIDE, iova = base;
	long start;

	for (; now_ms() < s->end; s->rounds++) {
		if (!s->same)
			iova = base + (s->rounds % 64) * 16 * PAGE;
		s->failed += !!vfio_map_dma(s->v, iova, own, 4 * PAGE, READ | WRITE);
		s->pins += pin(s->v, iova, 4, READ | WRITE) == 4;
		start = now_ms();
		s->failed += vfio_unmap_dma(s->v, iova, 4 * PAGE, 0) != 4 * PAGE;
		start = now_ms() - start;
		if (start > s->slowest)
			s->slowest = start;
	}
	return NULL;
}

/* Return: pins in all, or -1 if anything failed. */
static long storm(const struct vfio *v, unsigned int threads, bool same)
{
	struct storm storms[4];
	pthread_t ids[4];
	long pins = 0, failed = 0, slowest = 0, rounds = 0, end = now_ms() + MS;

	for (unsigned int i = 0; i < threads; i++) {
		storms[i] = (struct storm){ .v = v, .thread = i, .same = same, .end = end };
		pthread_create(&ids[i], NULL, storm_thread, &storms[i]);
	}
	for (unsigned int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		pins += storms[i].pins;
		failed += storms[i].failed;
		rounds += storms[i].rounds;
		if (storms[i].slowest > slowest)
			slowest = storms[i].slowest;
	}
	diag("%u threads, %s: %ld rounds, %ld pins in %d ms; slowest unmap %ld ms; %ld failed",
	     threads, same ? "one address each" : "64 addresses each", rounds, pins, MS, slowest,
	     failed);
	return failed || slowest > 1000 ? -1 : pins;
}

/* A second device of the container opens and closes meanwhile. */
static atomic_bool stop;

static void *reopen_thread(void *arg)
{
	struct vfio v = *(const struct vfio *)arg;
	long *rounds = calloc(1, sizeof(*rounds));

	for (; !stop; (*rounds)++) {
		v.group = v.device = -1;
		if (open_user(&v, UUID_B) || touch_user(&v)) {
			*rounds = -1;
			break;
		}
		close_user_device(&v);
		close(v.group);
	}
	return rounds;
}

static void test_reopen(const struct vfio *v)
{
	pthread_t id;
	long *rounds, pins;

	stop = false;
	pthread_create(&id, NULL, reopen_thread, (void *)v);
	pins = storm(v, 2, false);
	stop = true;
	pthread_join(id, (void **)&rounds);
	diag("%ld times opened and closed", *rounds);
	ok(pins > 0 && *rounds > 10, "storm.second_device_opens_and_closes");
}

int storm_main(void)
{
	struct vfio v = VFIO_CLOSED;
	long charged;

	mem = memory(SIZE);
	ok_is(create(0, UUID_A), 0, "create");
	ok_is(create(0, UUID_B), 0, "create_second");
	ok_is(open_user(&v, UUID_A), 0, "open");
	touch_user(&v);
	charged = locked_pages();
	ok(storm(&v, 2, false) > 20, "storm.two_threads");
	ok(storm(&v, 4, false) > 20, "storm.four_threads");
	/* One pin of an address each MDK_GATE_MS. */
	ok(storm(&v, 2, true) >= 2, "storm.two_threads_one_address");
	test_reopen(&v);
	set_param("self_unpin", "1");
	ok(storm(&v, 4, false) > 20, "storm.four_threads_driver_unpins");
	ok_is(wait_locked(charged), charged, "storm.nothing_stays_charged");
	close_user(&v);
	return done();
}

/* A worker of the driver that pins what is being unmapped, again and again. */

/* However slow the machine is. */
#define FEWEST_ROUNDS 20

static struct repin unmap_repeatedly(const struct vfio *v, long ms)
{
	struct repin r = { 0 };
	long end = now_ms() + ms, before, asked;

	for (; (now_ms() < end || r.rounds <= FEWEST_ROUNDS) && r.rounds >= 0; r.rounds++) {
		if (vfio_map_dma(v, A, mem, SIZE, READ | WRITE))
			r.rounds = -2;
		usleep(3000);
		before = stats(v).notices;
		if (vfio_unmap_dma(v, A, SIZE, 0) != SIZE)
			r.rounds = -2;
		asked = stats(v).notices - before;
		if (asked > r.most_notices)
			r.most_notices = asked;
	}
	return r;
}

struct repin repin(const char *uuid, unsigned int npage, unsigned int workers, long ms)
{
	struct pinner_req req = {
		.op = PINNER_WORKER_START, .iova = A, .npage = npage, .len = workers,
	};
	struct repin r = { .rounds = -1 };
	struct vfio v = VFIO_CLOSED;

	if (!mem)
		mem = memory(SIZE);
	if (!open_user(&v, uuid) && !touch_user(&v) && !exec(&v, &req)) {
		r = unmap_repeatedly(&v, ms);
		r.pins = stats(&v).worker_pins;
	}
	close_user(&v);
	return r;
}

/* VFIO asks at most ten times more, then it stops the host: once must do, twice is a conflict. */
static void test_repin(const char *name, unsigned int npage, unsigned int workers)
{
	struct repin r = repin(UUID_A, npage, workers, MS);

	diag("%ld rounds, %ld pins of the worker; one unmap took up to %ld notices", r.rounds,
	     r.pins, r.most_notices);
	ok(r.rounds > FEWEST_ROUNDS && r.pins > 0 && r.most_notices <= 2, name);
	ok_is(wait_locked(0), 0, "nothing_stays_charged");
}

int repin_main(void)
{
	ok_is(create(0, UUID_A), 0, "create");
	test_repin("repin.one_page", 1, 1);
	test_repin("repin.all_pages", PAGES, 1);
	test_repin("repin.four_workers", 1, 4);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
