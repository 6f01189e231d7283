// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that does with its rings what it should not. Its neighbour sees none of it, and each
 * thing is mended by starting the rings again.
 */
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "nic.h"

#define SOON (3000L * slowness())
#define NOWHERE 0x700000000000ULL

static struct nic a, b;		/* the guest, and its neighbour */
static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static uint32_t number;		/* of the last good frame */

static uint32_t runs(const struct nic *nic)
{
	return nic_get(nic, NIC_STATUS) & (NIC_TX_RUNS | NIC_RX_RUNS);
}

static bool told_broken(const struct nic *nic)
{
	bool told = nic_get(nic, NIC_ISR) & NIC_BROKEN;

	nic_put(nic, NIC_ISR, NIC_BROKEN);
	return told;
}

/* Waits for the next frame of the test. Return: it came whole; its number is in *got. */
static bool comes(struct nic *nic, uint32_t *got, long ms)
{
	long end = now_ms() + ms;
	const char *frame;
	bool bad, good = false;
	uint32_t len;

	do {
		frame = nic_received(nic, &len, &bad);
		if (frame && !bad && frame_read(frame, len, got, &good)) {
			nic_give(nic);
			return good;
		}
		if (frame)
			nic_give(nic);
		else
			nic_wait(nic, 5);
	} while (now_ms() < end);
	return false;
}

static void make(struct nic *from, const uint8_t *dest, const uint8_t *source, uint32_t len)
{
	frame_make(nic_buffer(from), dest, source, ++number, len);
	nic_queue(from, len);
}

/* A good frame goes from one to the other, and it is the next one that comes there. */
static bool passes(struct nic *from, struct nic *to)
{
	unsigned int bad = 0;
	uint32_t got = 0;

	make(from, to->mac, from->mac, 600);
	return nic_flush(from, &bad, SOON) && !bad && comes(to, &got, SOON) && got == number;
}

static bool both_start(void)
{
	return nic_start(&a) && nic_start(&b);
}

/* Rings */

static void test_ring_setup(void)
{
	static const struct {
		const char *name;
		uint64_t base;
		uint32_t size;
	} wrong[] = {
		{ "setup.size_of_one", NIC_TX_RING, 1 },
		{ "setup.size_no_power_of_two", NIC_TX_RING, 48 },
		{ "setup.size_beyond_the_largest", NIC_TX_RING, 2048 },
		{ "setup.size_65535", NIC_TX_RING, 0xffff },
		{ "setup.base_not_mapped", NOWHERE, 64 },
		{ "setup.base_wraps", 0xfffffffffffffff0, 64 },
		{ "setup.base_zero", 0, 64 },
		{ "setup.end_not_mapped", NIC_BASE + NIC_MEMORY - 16, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		nic_set_ring(&a, NIC_TX, wrong[i].base, wrong[i].size);
		nic_put(&a, NIC_TX + NIC_TAIL, 1);
		ok(told_broken(&a) && !(runs(&a) & NIC_TX_RUNS) &&
		   !nic_get(&a, NIC_TX + NIC_HEAD), wrong[i].name);
	}
	ok(both_start() && passes(&a, &b), "setup.mended");
}

static bool index_breaks(uint32_t ring, uint32_t first, uint32_t second)
{
	uint32_t bit = ring == NIC_TX ? NIC_TX_RUNS : NIC_RX_RUNS;

	if (!both_start())
		return false;
	memset(a.tx, 0, NIC_RING * sizeof(*a.tx));
	nic_put(&a, ring + NIC_TAIL, first);
	if (!(runs(&a) & bit))
		return false;
	nic_put(&a, ring + NIC_TAIL, second);
	return told_broken(&a) && !(runs(&a) & bit);
}

static void test_indices(void)
{
	ok(index_breaks(NIC_TX, 0, NIC_RING + 1), "index.one_too_far");
	ok(index_breaks(NIC_TX, 0, 0x80000000), "index.far_too_far");
	ok(index_breaks(NIC_TX, 0, 0xffffffff), "index.back_from_nothing");
	ok(index_breaks(NIC_TX, 8, 7), "index.back");
	ok(index_breaks(NIC_RX, NIC_RING, NIC_RING + 1), "index.more_buffers_than_places");
	ok(index_breaks(NIC_RX, NIC_RING, 0), "index.buffers_taken_back");
	nic_put(&a, NIC_RX + NIC_TAIL, NIC_RING);
	ok(!(runs(&a) & NIC_RX_RUNS), "index.a_good_one_mends_nothing");
	ok(both_start() && passes(&a, &b), "index.mended");
}

/* Over the end of the ring again and again, with as many at once as there is room for. */
static void test_seam(void)
{
	unsigned int bad = 0, came = 0;
	uint32_t got;

	both_start();
	for (unsigned int i = 0; i < 10; i++) {
		for (unsigned int j = 0; j < NIC_RING; j++)
			make(&a, b.mac, a.mac, 100 + j);
		nic_ring(&a);
		for (unsigned int j = 0; j < NIC_RING; j++)
			came += comes(&b, &got, SOON) && got == number - NIC_RING + 1 + j;
		nic_flush(&a, &bad, SOON);
	}
	ok_is(came, 10 * NIC_RING, "seam.full_rings");
	ok(!bad && nic_get(&a, NIC_TX + NIC_HEAD) == 10 * NIC_RING, "seam.head");
}

/* Frames */

static bool refused(uint64_t addr, uint32_t len)
{
	uint32_t errors = nic_get(&a, NIC_TX_ERRORS);
	unsigned int bad = 0;

	make(&a, b.mac, a.mac, 64);
	a.tx[(a.tx_tail - 1) % NIC_RING].addr = addr;
	a.tx[(a.tx_tail - 1) % NIC_RING].len = len;
	return nic_flush(&a, &bad, SOON) && bad == 1 && nic_get(&a, NIC_TX_ERRORS) == errors + 1;
}

static void test_descriptors(void)
{
	ok(refused(NIC_TX_BUFS, 0), "frame.no_bytes");
	ok(refused(NIC_TX_BUFS, 13), "frame.runt");
	ok(refused(NIC_TX_BUFS, 9019), "frame.giant");
	ok(refused(NIC_TX_BUFS, 0xffffffff), "frame.4_GiB");
	ok(refused(NOWHERE, 64), "frame.not_mapped");
	ok(refused(0xffffffffffffffe0, 64), "frame.wraps");
	ok(refused(0xffffffffffffffff, 1500), "frame.wraps_at_once");
	ok(refused(NIC_BASE + NIC_MEMORY - 32, 64), "frame.end_not_mapped");
	ok(passes(&a, &b), "frame.good_one_is_next");
}

static bool counted(uint32_t counter, const uint8_t *dest, const uint8_t *source)
{
	uint32_t before = nic_get(&a, counter);
	unsigned int bad = 0;

	make(&a, dest, source, 64);
	return nic_flush(&a, &bad, SOON) && nic_get(&a, counter) == before + 1;
}

static void test_addresses(void)
{
	static const uint8_t none[6], many[6] = { 1, 0, 0x5e, 0, 0, 1 };
	unsigned int bad = 0, strange = 0;
	uint8_t made[6] = { 2, 7 };

	ok(counted(NIC_TX_ERRORS, b.mac, many), "source.multicast");
	ok(counted(NIC_TX_ERRORS, b.mac, none), "source.zero");
	ok(counted(NIC_TX_ERRORS, all, b.mac), "source.is_the_neighbours");
	ok(counted(NIC_TX_DROPS, a.mac, a.mac), "dest.itself");
	ok(passes(&a, &b) && passes(&b, &a), "source.good_ones_are_next");
	ok(counted(NIC_TX_FRAMES, all, a.mac) && comes(&b, &strange, SOON) && strange == number,
	   "dest.all");
	ok(!comes(&a, &strange, 50), "dest.all_but_the_sender");
	/* More addresses than anybody has room for. */
	for (unsigned int i = 0; i < 2000; i++) {
		memcpy(made + 2, &i, sizeof(i));
		make(&a, a.mac, made, 64);
		if (i % NIC_RING == NIC_RING - 1)
			nic_flush(&a, &bad, SOON);
	}
	ok(nic_flush(&a, &bad, SOON) && !bad, "source.2000_of_them");
	ok(passes(&a, &b) && passes(&b, &a), "source.nobody_is_forgotten");
}

/* Buffers to receive into */

static bool buffer_refused(uint64_t addr, uint32_t len)
{
	uint32_t errors = nic_get(&a, NIC_RX_ERRORS), got;
	unsigned int bad = 0;
	bool was_bad = false;
	long end = now_ms() + SOON;

	nic_start(&a);
	a.rx[0].addr = addr;
	a.rx[0].len = len;
	errors = nic_get(&a, NIC_RX_ERRORS);
	make(&b, a.mac, b.mac, 600);
	make(&b, a.mac, b.mac, 600);
	nic_flush(&b, &bad, SOON);
	while (!nic_received(&a, &got, &was_bad) && now_ms() < end)
		nic_wait(&a, 5);
	nic_give(&a);
	return was_bad && !got && nic_get(&a, NIC_RX_ERRORS) == errors + 1 &&
	       comes(&a, &got, SOON) && got == number;
}

static void test_buffers(void)
{
	char *page = memory(PAGE);

	both_start();
	ok(buffer_refused(NIC_RX_BUFS, 599), "buffer.too_small");
	ok(buffer_refused(NIC_RX_BUFS, 0), "buffer.no_bytes");
	ok(buffer_refused(NOWHERE, NIC_BUF), "buffer.not_mapped");
	ok(buffer_refused(0xffffffffffffffff, 0xffffffff), "buffer.wraps");
	vfio_map_dma(&a.v, NOWHERE, page, PAGE, READ);
	ok(buffer_refused(NOWHERE, PAGE), "buffer.read_only");
	ok_is(vfio_unmap_dma(&a.v, NOWHERE, PAGE, 0), PAGE, "buffer.unmapped");
	munmap(page, PAGE);
	/* The ring is overwritten by what it receives. */
	nic_start(&a);
	for (uint32_t i = 0; i < NIC_RING; i++)
		a.rx[i].addr = NIC_RX_RING;
	number = 0;
	for (uint32_t i = 0; i < NIC_RING; i++)
		make(&b, a.mac, b.mac, 1024);
	nic_ring(&b);
	sleep_ms(100);
	ok(both_start() && passes(&a, &b) && passes(&b, &a), "buffer.is_the_ring");
}

/* Threads that do something meanwhile. */

static atomic_bool stop;

/* A descriptor changes while it is looked at: its length, and where its frame is. */
static void *change(void *arg)
{
	volatile struct nic_desc *ring = arg;

	while (!stop)
		for (uint32_t i = 0; i < NIC_RING; i++)
			ring[i].len = ring[i].len == 64 ? 9000 : 64;
	return NULL;
}

/* Return: bytes of it that are not what its sender has in all of its buffers. */
static bool all_the_same(const char *frame, uint32_t len)
{
	for (uint32_t i = NIC_HEADER; i < len; i++)
		if (frame[i] != 0x5a)
			return false;
	return true;
}

/* Whatever length is taken, the frame is of that length, and from its buffer. */
static void test_changed_while_read(void)
{
	unsigned int bad = 0, wrong = 0, came = 0, sizes = 0;
	struct timespec tick = { 0 };
	pthread_t thread;
	long end;

	both_start();
	memset(a.memory + 2 * PAGE, 0x5a, NIC_RING * NIC_BUF);
	for (uint32_t i = 0; i < NIC_RING; i++) {
		memcpy(a.memory + 2 * PAGE + i * NIC_BUF, b.mac, 6);
		memcpy(a.memory + 2 * PAGE + i * NIC_BUF + 6, a.mac, 6);
		a.tx[i].len = 64;
	}
	stop = false;
	pthread_create(&thread, NULL, change, a.tx);
	for (end = now_ms() + 1500 * slowness(); now_ms() < end;) {
		const char *frame;
		uint32_t len;
		bool refused_one;

		while (nic_room(&a, &bad)) {
			atomic_store(&a.tx[a.tx_tail % NIC_RING].status, 0);
			a.tx_tail++;
		}
		nic_ring(&a);
		while ((frame = nic_received(&b, &len, &refused_one))) {
			came++;
			sizes |= len == 64 ? 1 : len == 9000 ? 2 : 4;
			wrong += refused_one || !all_the_same(frame, len);
			nic_give(&b);
		}
		nanosleep(&tick, NULL);
	}
	stop = true;
	pthread_join(thread, NULL);
	if (wrong)
		diag("%u of %u frames", wrong, came);
	ok(came > 100 && !wrong, "change.never_outside_its_buffer");
	ok(sizes == 3 && !bad, "change.both_lengths_were_seen");
	ok(both_start() && passes(&a, &b), "change.mended");
}

/* Sends and receives as fast as it can; whatever comes of it. */
static void *traffic(void *arg)
{
	struct nic *nic = arg;
	const uint8_t *dest = nic == &a ? b.mac : a.mac;

	while (!stop) {
		unsigned int bad = 0;
		bool refused_one;
		uint32_t len;

		while (nic_room(nic, &bad)) {
			frame_make(nic_buffer(nic), dest, nic->mac, 1, 1000);
			nic_queue(nic, 1000);
		}
		nic_ring(nic);
		while (nic_received(nic, &len, &refused_one))
			nic_give(nic);
		nic_wait(nic, 1);
	}
	return NULL;
}

static bool starts_patiently(struct nic *nic)
{
	long end = now_ms() + SOON;

	/* What was unmapped cannot be pinned at once: mdk/pin.h. */
	while (!nic_start(nic) && now_ms() < end)
		usleep(10000);
	told_broken(nic);
	return runs(nic) == (NIC_TX_RUNS | NIC_RX_RUNS);
}

static pthread_t movers[2];

static void traffic_begin(void)
{
	stop = false;
	starts_patiently(&a);
	starts_patiently(&b);
	pthread_create(&movers[0], NULL, traffic, &a);
	pthread_create(&movers[1], NULL, traffic, &b);
	sleep_ms(50);
}

static void traffic_end(void)
{
	stop = true;
	pthread_join(movers[0], NULL);
	pthread_join(movers[1], NULL);
}

static long slowest;

static void unmap_and_map(uint64_t from, uint64_t size)
{
	long begin = now_ms();

	vfio_unmap_dma(&a.v, from, size, 0);
	if (now_ms() - begin > slowest)
		slowest = now_ms() - begin;
	usleep(20000);
	vfio_map_dma(&a.v, from, a.memory + (from - NIC_BASE), size, READ | WRITE);
}

/* type1 unmaps whole mappings: so the memory is mapped in three parts. */
static void map_in_parts(void)
{
	vfio_unmap_dma(&a.v, NIC_BASE, NIC_MEMORY, 0);
	vfio_map_dma(&a.v, NIC_BASE, a.memory, 2 * PAGE, READ | WRITE);
	vfio_map_dma(&a.v, NIC_TX_BUFS, a.memory + 2 * PAGE, NIC_RING * NIC_BUF, READ | WRITE);
	vfio_map_dma(&a.v, NIC_RX_BUFS, a.memory + 2 * PAGE + NIC_RING * NIC_BUF,
		     NIC_RING * NIC_BUF, READ | WRITE);
}

static void test_unmap(void)
{
	long end;

	nic_stop(&a);
	map_in_parts();
	traffic_begin();
	for (unsigned int i = 0; i < 5; i++) {
		unmap_and_map(NIC_TX_BUFS, NIC_RING * NIC_BUF);
		unmap_and_map(NIC_RX_BUFS, NIC_RING * NIC_BUF);
	}
	ok(runs(&a) == (NIC_TX_RUNS | NIC_RX_RUNS), "unmap.buffers_leave_the_rings");
	/* Each finds out at its next descriptor. */
	unmap_and_map(NIC_BASE, 2 * PAGE);
	for (end = now_ms() + SOON; runs(&a) && now_ms() < end;)
		usleep(10000);
	ok(!runs(&a) && told_broken(&a), "unmap.rings_break");
	traffic_end();
	ok(slowest < SOON, "unmap.is_not_held_up");
	/* What the neighbour has not sent yet is none of the frames that come next. */
	nic_stop(&b);
	ok(starts_patiently(&a) && nic_start(&b) && passes(&a, &b) && passes(&b, &a),
	   "unmap.mended");
}

static void test_reset(void)
{
	long begin = now_ms();
	unsigned int clean = 0;

	traffic_begin();
	for (unsigned int i = 0; i < 20; i++) {
		reset_user(&a.v);
		clean += !runs(&a);
		starts_patiently(&a);
		usleep(5000);
	}
	ok(now_ms() - begin < 20 * SOON / 10, "reset.is_not_held_up");
	ok_is(clean, 20, "reset.stops_the_rings");
	traffic_end();
	reset_user(&a.v);
	reset_user(&b.v);
	ok_is(wait_locked(0), 0, "reset.no_page_stays");
	ok(!nic_get(&a, NIC_TX + NIC_HEAD) && !nic_get(&a, NIC_TX_FRAMES), "reset.counts_anew");
	ok(both_start() && passes(&a, &b) && passes(&b, &a), "reset.mended");
}

static void test_close(void)
{
	unsigned int good = 0;
	uint8_t mac[6];

	memcpy(mac, a.mac, sizeof(mac));
	for (unsigned int i = 0; i < 5; i++) {
		unsigned int bad;

		both_start();
		for (unsigned int j = 0; j < NIC_RING; j++) {
			make(&a, b.mac, a.mac, 1500);
			make(&b, a.mac, b.mac, 1500);
		}
		nic_ring(&a);
		nic_ring(&b);
		nic_close(&a);
		/* What is still for it goes nowhere; its neighbour is not held up. */
		good += nic_flush(&b, &bad, SOON);
		if (i & 1)
			remove_mdev(UUID_A), nic_create(UUID_A);
		nic_open(&a, UUID_A);
		good += !nic_get(&a, NIC_TX + NIC_HEAD) && !nic_get(&a, NIC_TX_FRAMES) &&
			!runs(&a) && !memcmp(mac, a.mac, sizeof(mac));
	}
	ok_is(good, 10, "close.the_next_user_finds_nothing");
	ok(both_start() && passes(&a, &b) && passes(&b, &a), "close.mended");
}

/* A neighbour that takes nothing holds up its senders for a while, and then no longer. */
static void test_stuck(void)
{
	uint32_t sent = NIC_RING + NIC_QUEUE + 100, came = 0, got;
	unsigned int bad = 0;
	long begin;

	both_start();
	for (begin = now_ms(); a.tx_tail < sent && now_ms() - begin < 8000 * slowness();) {
		if (nic_room(&a, &bad)) {
			make(&a, b.mac, a.mac, 64);
			nic_ring(&a);
		} else {
			nic_wait(&a, 5);
		}
	}
	ok(nic_flush(&a, &bad, 8000 * slowness()) && !bad, "stuck.sender_goes_on");
	ok(now_ms() - begin > 1500, "stuck.but_waits_first");
	ok_is(nic_get(&b, NIC_RX_DROPS), 100, "stuck.drops_are_counted");
	while (comes(&b, &got, 500 * slowness()))
		came++;
	ok_is(came, NIC_RING + NIC_QUEUE, "stuck.all_others_came");
	ok(passes(&a, &b), "stuck.mended");
}

static void test_link(void)
{
	uint64_t count;
	uint32_t drops;

	both_start();
	drops = nic_get(&b, NIC_RX_DROPS);
	while (read(b.event, &count, sizeof(count)) > 0)
		;
	ok_is(write_file(mdev_path(UUID_B, "nic/link"), "sideways"), -EINVAL, "link.up_or_down");
	ok(!write_file(mdev_path(UUID_B, "nic/link"), "down") &&
	   read(b.event, &count, sizeof(count)) > 0 && nic_get(&b, NIC_ISR) & 4 &&
	   !(nic_get(&b, NIC_STATUS) & NIC_LINK), "link.down_is_an_interrupt");
	ok(!passes(&a, &b) && nic_get(&b, NIC_RX_DROPS) == drops + 1, "link.down_receives_nothing");
	ok(!passes(&b, &a) && nic_get(&b, NIC_TX_DROPS) == 1, "link.down_sends_nothing");
	ok(!write_file(mdev_path(UUID_B, "nic/link"), "up") && passes(&a, &b) && passes(&b, &a),
	   "link.up");
}

/* The hardware goes while both move frames: the driver's parameter gone calls mdk_gone(). */
int nicgone_main(void)
{
	struct vfio late = VFIO_CLOSED;
	long begin;

	ok(!nic_create(UUID_A) && !nic_create(UUID_B) && !nic_open(&a, UUID_A) &&
	   !nic_open(&b, UUID_B) && both_start() && passes(&a, &b), "two_instances");
	traffic_begin();
	begin = now_ms();
	ok_is(write_file("/sys/module/mynic/parameters/gone", "1"), 0, "gone");
	ok(now_ms() - begin < SOON, "gone.waits_for_nobody");
	ok_is(wait_locked(0), 0, "gone.no_page_stays");
	ok(nic_get(&a, NIC_STATUS) == 0xffffffff && nic_get(&b, NIC_TX + NIC_HEAD) == 0xffffffff,
	   "gone.reads_are_all_ones");
	traffic_end();
	nic_close(&a);
	ok(open_user(&late, UUID_A) == -ENODEV, "gone.nobody_opens_it");
	close_user(&late);
	nic_close(&b);
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "gone.both_are_removed");
	ok(nic_create(UUID_A) == -ENODEV, "gone.nothing_is_created");
	return done();
}

/* Nobody has another's address; the host neither. */
static void test_twins(void)
{
	static const uint8_t other[6] = { 2, 1, 2, 3, 4, 5 };

	ok_is(host_set_mac(b.mac), -EADDRINUSE, "twins.host_takes_a_guests");
	ok_is(remove_mdev(UUID_B), 0, "twins.the_guest_goes");
	ok_is(host_set_mac(b.mac), 0, "twins.host_takes_what_is_free");
	ok_is(nic_create(UUID_B), -EADDRINUSE, "twins.guest_finds_its_own_taken");
	ok(!host_set_mac(other) && !nic_create(UUID_B), "twins.mended");
}

int nichostile_main(void)
{
	ok(!nic_create(UUID_A) && !nic_create(UUID_B) && !nic_open(&a, UUID_A) &&
	   !nic_open(&b, UUID_B) && memcmp(a.mac, b.mac, 6), "two_instances");
	test_ring_setup();
	test_indices();
	test_seam();
	test_descriptors();
	test_addresses();
	test_buffers();
	test_changed_while_read();
	test_unmap();
	test_reset();
	test_close();
	test_stuck();
	test_link();
	nic_close(&a);
	nic_close(&b);
	ok_is(wait_locked(0), 0, "no_page_stays");
	test_twins();
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "both_are_removed");
	return done();
}
