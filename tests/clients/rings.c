// SPDX-License-Identifier: GPL-2.0-only
/* Rings as rows, and what a hostile guest does with their registers; fixture mdkrings. */
#include <pthread.h>

#include "rings.h"

static struct vfio v = VFIO_CLOSED;
struct vfio *rings = &v;
static char *guest;

uint32_t get(uint32_t at)
{
	uint32_t val = 0xdeadbeef;

	if (pread(rings->device, &val, sizeof(val), at) != sizeof(val))
		diag("read at %x: %s", at, strerror(errno));
	return val;
}

void put(uint32_t at, uint32_t val)
{
	if (pwrite(rings->device, &val, sizeof(val), at) != sizeof(val))
		diag("write at %x: %s", at, strerror(errno));
}

bool comes(uint32_t at, uint32_t val)
{
	long end = now_ms() + SOON * slowness();

	while (get(at) != val && now_ms() < end)
		usleep(500);
	return get(at) == val;
}

/* A cause, which is cleared. */
bool caused(uint32_t bits)
{
	long end = now_ms() + SOON * slowness();
	bool came;

	while ((get(MDKRINGS_ISR) & bits) != bits && now_ms() < end)
		usleep(500);
	came = (get(MDKRINGS_ISR) & bits) == bits;
	put(MDKRINGS_ISR, ~0U);
	return came;
}

void *at(uint64_t iova)
{
	return guest + (iova - GUEST);
}

volatile uint32_t *word(unsigned int i)
{
	return (uint32_t *)at(BUFFER + 64 * i);
}

struct mdkrings_desc *desc(uint64_t ring, unsigned int i)
{
	return (struct mdkrings_desc *)at(ring) + i % SIZE;
}

void make(uint64_t ring, unsigned int i, uint32_t op)
{
	*desc(ring, i) = (struct mdkrings_desc){ .addr = BUFFER + 64 * (i % SIZE), .op = op };
}

void place(uint32_t base, uint64_t ring)
{
	put(base + MDKRINGS_LOW, ring);
	put(base + MDKRINGS_HIGH, ring >> 32);
}

/* Return: it runs. A ring whose memory was unmapped may have to be asked for again. */
bool start(uint32_t base, uint64_t ring)
{
	long end = now_ms() + SOON * slowness();

	do {
		place(base, ring);
		put(base + MDKRINGS_SIZE, SIZE);
	} while (get(base + MDKRINGS_STATE) != MDKRINGS_RUNS && now_ms() < end && !usleep(10000));
	put(MDKRINGS_ISR, ~0U);
	return get(base + MDKRINGS_STATE) == MDKRINGS_RUNS;
}

bool broken(uint32_t base)
{
	return comes(base + MDKRINGS_STATE, MDKRINGS_BROKE);
}

/* A ring "work" does what it should: so many, of the operation. */
bool works(uint32_t base, uint64_t ring)
{
	bool good = start(base, ring);

	memset(at(BUFFER), 0, PAGE);
	for (unsigned int i = 0; i < 3; i++)
		make(ring, i, MDKRINGS_WRITE);
	put(base + MDKRINGS_TAIL, 3);
	good = good && comes(base + MDKRINGS_HEAD, 3);
	for (unsigned int i = 0; i < 3; i++)
		good = good && *word(i) == MDKRINGS_WORD && desc(ring, i)->status == MDKRINGS_DONE;
	return good;
}

/* The rows */

static void test_work(void)
{
	unsigned int i;
	bool good = true;

	ok(works(MDKRINGS_WORK, RING(0)), "work.is_done_and_written_back");
	ok(caused(MDKRINGS_ISR_WORK), "work.raises_its_cause");
	ok(works(SECOND, RING(1)) && caused(MDKRINGS_ISR_WORK << 1),
	   "work.second_ring_of_the_row_has_its_own");
	start(MDKRINGS_WORK, RING(0));
	for (i = 0; good && i < 10 * SIZE; i++) {
		make(RING(0), i, MDKRINGS_WRITE);
		put(MDKRINGS_WORK + MDKRINGS_TAIL, i + 1);
		good = comes(MDKRINGS_WORK + MDKRINGS_HEAD, i + 1);
	}
	ok(good, "work.around_the_ring");
	for (i = 0; i < SIZE; i++)
		make(RING(0), i, MDKRINGS_NOP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 11 * SIZE);
	ok(comes(MDKRINGS_WORK + MDKRINGS_HEAD, 11 * SIZE), "work.a_full_ring_is_more_than_a_batch");
	put(MDKRINGS_WORK + MDKRINGS_SIZE, 0);
	ok(!get(MDKRINGS_WORK + MDKRINGS_STATE) && !get(MDKRINGS_WORK + MDKRINGS_HEAD) &&
	   !get(MDKRINGS_WORK + MDKRINGS_TAIL), "work.size_0_stops");
	put(SECOND + MDKRINGS_SIZE, 0);
	ok_is(wait_locked(0), 0, "work.stopped_rings_pin_nothing");
}

static void test_outcomes(void)
{
	uint32_t changed;

	start(MDKRINGS_WORK, RING(0));
	make(RING(0), 0, MDKRINGS_AGAIN);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	ok(comes(MDKRINGS_WORK + MDKRINGS_HEAD, 1), "outcome.EAGAIN_comes_again");
	make(RING(0), 1, MDKRINGS_BUSY);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 2);
	usleep(50000);
	ok_is(get(MDKRINGS_WORK + MDKRINGS_HEAD), 1, "outcome.EBUSY_waits");
	ok(works(SECOND, RING(1)), "outcome.EBUSY_holds_up_no_other_ring");
	put(MDKRINGS_KICK, 1);
	ok(comes(MDKRINGS_WORK + MDKRINGS_HEAD, 2), "outcome.EBUSY_until_the_worker_is_queued");
	put(MDKRINGS_ISR, ~0U);
	changed = get(MDKRINGS_CHANGED);
	make(RING(0), 2, MDKRINGS_FAIL);
	make(RING(0), 3, MDKRINGS_WRITE);
	*word(3) = 0;
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 4);
	ok(broken(MDKRINGS_WORK) && caused(MDKRINGS_ISR_BROKE), "outcome.an_error_breaks_the_ring");
	ok(get(MDKRINGS_WHY) == EIO && get(MDKRINGS_CHANGED) == changed + 1,
	   "outcome.the_driver_hears_of_it_once");
	usleep(20000);
	ok(get(MDKRINGS_WORK + MDKRINGS_HEAD) == 2 && !*word(3), "outcome.nothing_behind_it_is_done");
	ok(works(MDKRINGS_WORK, RING(0)), "outcome.started_again_it_works");
}

/* Completions: the ring "sq" reports to "cq", whose ends are places. */

volatile struct mdkrings_entry *entry(unsigned int i)
{
	return (struct mdkrings_entry *)at(RING(3)) + i;
}

static bool both(void)
{
	put(MDKRINGS_CONTROL, 0);
	place(MDKRINGS_SQ, RING(2));
	place(MDKRINGS_CQ, RING(3));
	put(MDKRINGS_SQ + MDKRINGS_SIZE, SIZE - 1);
	put(MDKRINGS_CQ + MDKRINGS_SIZE, 3);
	memset(at(RING(3)), 0, PAGE);
	put(MDKRINGS_CONTROL, 3);
	put(MDKRINGS_ISR, ~0U);
	return get(MDKRINGS_SQ + MDKRINGS_STATE) == MDKRINGS_RUNS &&
	       get(MDKRINGS_CQ + MDKRINGS_STATE) == MDKRINGS_RUNS;
}

static void submit(unsigned int first, unsigned int count)
{
	for (unsigned int i = first; i < first + count; i++)
		make(RING(2), i, MDKRINGS_WRITE);
	put(MDKRINGS_SQ + MDKRINGS_TAIL, (first + count) % SIZE);
}

static void test_completions(void)
{
	uint32_t number;

	ok(both(), "cq.both_start");
	submit(0, 2);
	ok(comes(MDKRINGS_CQ + MDKRINGS_TAIL, 2) && caused(MDKRINGS_ISR_CQ), "cq.raises_its_cause");
	number = entry(0)->number;
	ok(entry(0)->addr == BUFFER && entry(1)->number == number + 1 &&
	   entry(0)->phase == MDKRINGS_PHASE && entry(1)->phase == MDKRINGS_PHASE &&
	   !entry(2)->phase, "cq.entries_of_the_first_turn");
	ok(!desc(RING(2), 0)->status, "cq.nothing_is_written_back");
	submit(2, 3);
	usleep(100000);
	ok(get(MDKRINGS_CQ + MDKRINGS_TAIL) == 3 && get(MDKRINGS_SQ + MDKRINGS_HEAD) == 3 &&
	   get(MDKRINGS_SQ + MDKRINGS_STATE) == MDKRINGS_RUNS, "cq.full_one_lets_work_wait");
	put(MDKRINGS_CQ + MDKRINGS_HEAD, 2);
	ok(comes(MDKRINGS_SQ + MDKRINGS_HEAD, 5) && get(MDKRINGS_CQ + MDKRINGS_TAIL) == 1,
	   "cq.freed_places_let_it_go_on");
	ok(entry(3)->phase == MDKRINGS_PHASE && !entry(0)->phase && entry(0)->number == number + 4,
	   "cq.phase_changes_with_the_turn");
	put(MDKRINGS_CQ + MDKRINGS_HEAD, 1);
	submit(5, 3);
	ok(comes(MDKRINGS_CQ + MDKRINGS_TAIL, 0) && !entry(1)->phase && !entry(3)->phase,
	   "cq.second_turn");
	put(MDKRINGS_CQ + MDKRINGS_HEAD, 0);
	submit(8, 1);
	ok(comes(MDKRINGS_CQ + MDKRINGS_TAIL, 1) && entry(0)->phase == MDKRINGS_PHASE,
	   "cq.third_turn");
}

/* Return: @head of a fresh ring with one entry breaks it, and the work waits unharmed. */
static bool head_breaks(uint32_t head)
{
	bool good = both();

	submit(0, 1);
	good = good && comes(MDKRINGS_CQ + MDKRINGS_TAIL, 1);
	put(MDKRINGS_CQ + MDKRINGS_HEAD, head);
	good = good && broken(MDKRINGS_CQ) && caused(MDKRINGS_ISR_LOST);
	submit(1, 1);
	usleep(20000);
	return good && get(MDKRINGS_SQ + MDKRINGS_HEAD) == 1 &&
	       get(MDKRINGS_SQ + MDKRINGS_STATE) == MDKRINGS_RUNS && !entry(1)->number;
}

static void test_hostile_completions(void)
{
	ok(head_breaks(2), "cq.head_in_front_of_the_entries");
	ok(head_breaks(4), "cq.head_behind_the_ring");
	ok(head_breaks(~0U), "cq.head_of_all_ones");
	put(MDKRINGS_CONTROL, 1);
	place(MDKRINGS_CQ, RING(4));
	put(MDKRINGS_CONTROL, 3);
	ok(comes(MDKRINGS_SQ + MDKRINGS_HEAD, 2), "cq.started_again_work_goes_on");
	both();
	place(MDKRINGS_CQ, NOWHERE);
	put(MDKRINGS_CONTROL, 1);
	put(MDKRINGS_CONTROL, 3);
	ok(broken(MDKRINGS_CQ) && caused(MDKRINGS_ISR_LOST),
	   "cq.not_mapped_is_refused");
	ok(both(), "cq.mended");
}

/* How many more, and a time when the device has no use for any */

static bool start_more(void)
{
	place(MDKRINGS_MORE, RING(5));
	put(MDKRINGS_MORE + MDKRINGS_SIZE, MDKRINGS_EXPONENT(3) | MDKRINGS_NOISE);
	put(MDKRINGS_ISR, ~0U);
	for (unsigned int i = 0; i < SIZE; i++)
		make(RING(5), i, MDKRINGS_WRITE);
	return get(MDKRINGS_MORE + MDKRINGS_STATE) == MDKRINGS_RUNS;
}

static void test_more(void)
{
	ok(start_more(), "more.starts");
	put(MDKRINGS_MORE + MDKRINGS_TAIL, 3);
	put(MDKRINGS_MORE + MDKRINGS_TAIL, 4);
	ok(comes(MDKRINGS_MORE + MDKRINGS_HEAD, 7) && caused(MDKRINGS_ISR_MORE), "more.adds_up");
	put(MDKRINGS_MORE + MDKRINGS_TAIL, 0);
	put(MDKRINGS_OPEN, 0);
	put(MDKRINGS_MORE + MDKRINGS_TAIL, 2);
	usleep(20000);
	ok_is(get(MDKRINGS_MORE + MDKRINGS_HEAD), 7, "more.waits_until_there_is_a_use");
	/* It was not fetched yet. */
	desc(RING(5), 7)->addr = BUFFER + 2048;
	put(MDKRINGS_OPEN, 1);
	put(MDKRINGS_KICK, 1);
	ok(comes(MDKRINGS_MORE + MDKRINGS_HEAD, 9) && *word(32) == MDKRINGS_WORD,
	   "more.fetched_when_it_is_used");
	put(MDKRINGS_MORE + MDKRINGS_TAIL, SIZE + 1);
	ok(broken(MDKRINGS_MORE) && caused(MDKRINGS_ISR_LOST), "more.than_there_is_room_breaks");
	ok(start_more(), "more.starts_again");
	put(MDKRINGS_MORE + MDKRINGS_TAIL, ~0U);
	ok(broken(MDKRINGS_MORE), "more.of_all_ones_breaks");
	start_more();
	put(MDKRINGS_MORE + MDKRINGS_SIZE, MDKRINGS_EXPONENT(31));
	ok(broken(MDKRINGS_MORE), "more.exponent_31_is_refused");
	put(MDKRINGS_MORE + MDKRINGS_SIZE, MDKRINGS_EXPONENT(35));
	ok(broken(MDKRINGS_MORE), "more.exponent_35_is_refused");
	start_more();
	put(MDKRINGS_MORE + MDKRINGS_SIZE, MDKRINGS_NOISE);
	ok_is(get(MDKRINGS_MORE + MDKRINGS_STATE), 0, "more.a_size_of_0_stops_whatever_the_other_bits");
}

/* A hostile guest */

static void test_setup(void)
{
	static const struct {
		const char *name;
		uint64_t base;
		uint32_t size;
	} wrong[] = {
		{ "setup.size_1", RING(0), 1 },
		{ "setup.size_no_power_of_two", RING(0), 12 },
		{ "setup.size_beyond_the_largest", RING(0), 2 * MDKRINGS_MAX },
		{ "setup.size_2_to_31", RING(0), 1U << 31 },
		{ "setup.size_of_all_ones", RING(0), ~0U },
		{ "setup.base_not_mapped", NOWHERE, SIZE },
		{ "setup.base_wraps", 0xfffffffffffffff0ULL, SIZE },
		{ "setup.base_zero", 0, SIZE },
		{ "setup.base_not_aligned", RING(0) + 8, SIZE },
		{ "setup.end_not_mapped", RING(PAGES) - 16, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		start(MDKRINGS_WORK, RING(0));
		place(MDKRINGS_WORK, wrong[i].base);
		put(MDKRINGS_WORK + MDKRINGS_SIZE, wrong[i].size);
		put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
		ok(caused(MDKRINGS_ISR_BROKE) && broken(MDKRINGS_WORK) &&
		   !get(MDKRINGS_WORK + MDKRINGS_HEAD), wrong[i].name);
	}
	put(MDKRINGS_WORK + MDKRINGS_SIZE, 0);
	ok_is(get(MDKRINGS_WORK + MDKRINGS_STATE), 0, "setup.a_stop_takes_back_that_it_was_refused");
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 5);
	ok_is(get(MDKRINGS_WHY), ENXIO, "setup.doorbell_of_a_stopped_ring");
	ok(works(MDKRINGS_WORK, RING(0)), "setup.mended");
}

static bool index_breaks(uint32_t first, uint32_t second)
{
	bool good = start(MDKRINGS_WORK, RING(0));

	for (unsigned int i = 0; i < SIZE; i++)
		make(RING(0), i, MDKRINGS_NOP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, first);
	good = good && comes(MDKRINGS_WORK + MDKRINGS_HEAD, first);
	put(MDKRINGS_ISR, ~0U);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, second);
	return good && broken(MDKRINGS_WORK) && caused(MDKRINGS_ISR_BROKE) &&
	       get(MDKRINGS_WHY) == ERANGE && get(MDKRINGS_WORK + MDKRINGS_HEAD) == first;
}

static bool place_breaks(uint32_t tail)
{
	bool good = both();

	submit(0, 2);
	good = good && comes(MDKRINGS_SQ + MDKRINGS_HEAD, 2);
	put(MDKRINGS_SQ + MDKRINGS_TAIL, tail);
	return good && broken(MDKRINGS_SQ) && get(MDKRINGS_WHY) == ERANGE;
}

static void test_indices(void)
{
	uint32_t changed;

	ok(index_breaks(0, SIZE + 1), "index.one_too_far");
	ok(index_breaks(5, 5 + SIZE + 1), "index.one_too_far_behind_some");
	ok(index_breaks(4, 3), "index.back");
	ok(index_breaks(0, 1U << 31), "index.far_too_far");
	ok(index_breaks(0, ~0U), "index.back_from_nothing");
	changed = get(MDKRINGS_CHANGED);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	ok(broken(MDKRINGS_WORK) && get(MDKRINGS_CHANGED) == changed, "index.a_good_one_mends_nothing");
	ok(place_breaks(SIZE), "index.place_behind_the_ring");
	ok(place_breaks(~0U), "index.place_of_all_ones");
	ok(works(MDKRINGS_WORK, RING(0)), "index.mended");
}

/* While it runs: another size begins anew, another address counts at the next start. */
static void test_while_running(void)
{
	start(MDKRINGS_WORK, RING(0));
	make(RING(0), 0, MDKRINGS_SLEEP);
	make(RING(0), 1, MDKRINGS_SLEEP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 2);
	memset(at(RING(1)), 0, PAGE);
	place(MDKRINGS_WORK, NOWHERE);
	ok(comes(MDKRINGS_WORK + MDKRINGS_HEAD, 2), "running.address_is_of_the_next_start");
	place(MDKRINGS_WORK, RING(0));
	make(RING(0), 2, MDKRINGS_SLEEP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 3);
	put(MDKRINGS_WORK + MDKRINGS_SIZE, 2);
	ok(!get(MDKRINGS_WORK + MDKRINGS_HEAD) && !get(MDKRINGS_WORK + MDKRINGS_TAIL),
	   "running.size_begins_anew");
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 3);
	ok(broken(MDKRINGS_WORK), "running.the_new_size_counts");
	ok(works(MDKRINGS_WORK, RING(0)), "running.mended");
}

/* Doorbells as fast as they go, good and bad ones. */
static void *storm(void *arg)
{
	long end = now_ms() + 500;

	while (now_ms() < end)
		for (unsigned int i = 0; i < 100; i++)
			put(MDKRINGS_WORK + MDKRINGS_TAIL, i % 3 ? *(uint32_t *)arg : i);
	return NULL;
}

static void test_storm(void)
{
	uint32_t same = 0;
	pthread_t thread;
	long begin, slowest = 0, end;

	start(MDKRINGS_WORK, RING(0));
	for (unsigned int i = 0; i < SIZE; i++)
		make(RING(0), i, MDKRINGS_NOP);
	start(SECOND, RING(1));
	pthread_create(&thread, NULL, storm, &same);
	for (end = now_ms() + 400; now_ms() < end;) {
		begin = now_ms();
		put(MDKRINGS_WORK + MDKRINGS_SIZE, SIZE);
		get(MDKRINGS_WORK + MDKRINGS_STATE);
		if (now_ms() - begin > slowest)
			slowest = now_ms() - begin;
	}
	pthread_join(thread, NULL);
	ok(slowest < 1000 * slowness(), "storm.other_accesses_get_through");
	ok_is(system("test $(dmesg | grep -c mdkrings) -lt 10"), 0, "storm.prints_nothing");
	ok(works(SECOND, RING(1)) && works(MDKRINGS_WORK, RING(0)), "storm.mended");
}

static void test_unmap(void)
{
	start(MDKRINGS_WORK, RING(0));
	both();
	ok_is(vfio_unmap_dma(&v, GUEST, PAGES * PAGE, 0), PAGES * PAGE, "unmap.with_rings_in_it");
	ok(get(MDKRINGS_WORK + MDKRINGS_STATE) == MDKRINGS_BROKE &&
	   get(MDKRINGS_CQ + MDKRINGS_STATE) == MDKRINGS_BROKE, "unmap.breaks_at_once");
	ok(caused(MDKRINGS_ISR_BROKE | MDKRINGS_ISR_LOST) && get(MDKRINGS_WHY) == EFAULT,
	   "unmap.is_told_without_a_doorbell");
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	ok_is(wait_locked(0), 0, "unmap.nothing_stays_pinned");
	vfio_map_dma(&v, GUEST, guest, PAGES * PAGE, READ | WRITE);
	ok(works(MDKRINGS_WORK, RING(0)), "unmap.mended");
}

static void test_off(void)
{
	start(MDKRINGS_WORK, RING(0));
	make(RING(0), 0, MDKRINGS_WRITE);
	*word(0) = 0;
	vfio_bus_master(v.device, false);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	ok(broken(MDKRINGS_WORK) && caused(MDKRINGS_ISR_BROKE), "off.breaks");
	put(MDKRINGS_WORK + MDKRINGS_SIZE, SIZE);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	usleep(20000);
	ok(broken(MDKRINGS_WORK) && !*word(0), "off.cannot_start");
	vfio_bus_master(v.device, true);
	ok(works(MDKRINGS_WORK, RING(0)), "off.mended");
}

static void load(void)
{
	start(MDKRINGS_WORK, RING(0));
	for (unsigned int i = 0; i < SIZE; i++)
		make(RING(0), i, MDKRINGS_SLEEP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, SIZE);
	usleep(30000);
}

/* In the middle of work: what is not done by then is never done. */
static void test_ends(void)
{
	uint32_t worked;

	load();
	ok_is(reset_user(&v), 0, "reset.during_work");
	memset(at(BUFFER), 0, PAGE);
	worked = get(MDKRINGS_WORKED);
	ok(!get(MDKRINGS_WORK + MDKRINGS_STATE) && !get(MDKRINGS_WORK + MDKRINGS_HEAD) &&
	   !get(MDKRINGS_ISR), "reset.registers_are_as_new");
	usleep(100000);
	ok(get(MDKRINGS_WORKED) == worked && !get(MDKRINGS_ISR), "reset.no_work_is_done_after_it");
	ok(!memchr(at(BUFFER), MDKRINGS_WORD & 0xff, PAGE), "reset.nothing_is_written_after_it");
	ok_is(wait_locked(0), 0, "reset.nothing_stays_pinned");
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	ok_is(get(MDKRINGS_WHY), ENXIO, "reset.stops_the_ring");
	ok(works(MDKRINGS_WORK, RING(0)), "reset.mended");
	load();
	close_user(&v);
	memset(at(BUFFER), 0, PAGE);
	usleep(100000);
	ok(!memchr(at(BUFFER), MDKRINGS_WORD & 0xff, PAGE), "close.nothing_is_written_after_it");
}

bool rings_open(struct vfio *user, const char *uuid, const char *type)
{
	char file[80];

	snprintf(file, sizeof(file), "mdkrings/mdev_supported_types/mdkrings-%s/create", type);
	return !write_file(class_path(file), uuid) && !open_user_pci(user, uuid) &&
	       !vfio_map_dma(user, GUEST, guest, PAGES * PAGE, READ | WRITE);
}

/* 40 descriptors of 100 a second, of which some were saved up. */
static void test_rate(void)
{
	long begin = now_ms(), took;

	ok(rings_open(&v, UUID_A, "slow") && start_more(), "rate.start");
	for (unsigned int i = 0; i < 5; i++) {
		put(MDKRINGS_MORE + MDKRINGS_TAIL, SIZE);
		comes(MDKRINGS_MORE + MDKRINGS_HEAD, SIZE * (i + 1));
	}
	took = now_ms() - begin;
	diag("%u descriptors took %ld ms", 5 * SIZE, took);
	ok(took >= 350 && get(MDKRINGS_MORE + MDKRINGS_HEAD) == 5 * SIZE, "rate.is_kept");
	begin = now_ms();
	ok(works(MDKRINGS_WORK, RING(0)) && works(SECOND, RING(1)) &&
	   now_ms() - begin < 1000 * slowness(), "rate.holds_up_no_other_ring");
	close_user(&v);
	remove_mdev(UUID_A);
}

int rings_main(void)
{
	guest = memory(PAGES * PAGE);
	if (!ok(rings_open(&v, UUID_A, "1"), "create"))
		return done();
	ok_is(get(MDKRINGS_ID), MDKRINGS_MAGIC, "id");
	test_work();
	test_outcomes();
	test_completions();
	test_hostile_completions();
	test_more();
	test_raises();
	test_driver_starts();
	test_select();
	test_setup();
	test_indices();
	test_while_running();
	test_storm();
	test_unmap();
	test_off();
	test_ends();
	remove_mdev(UUID_A);
	test_rate();
	return done();
}
