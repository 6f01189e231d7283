// SPDX-License-Identifier: GPL-2.0-only
/* Rings that a driver starts, or that a guest selects; causes of a descriptor; fixture mdkrings. */
#include <pthread.h>

#include "rings.h"

#define STRAY 0xfff00000u	/* where no memory is */
#define QUEUE(_reg) (MDKRINGS_QUEUE + (_reg))
#define QUIET 20000		/* us, for what must not come */

/* Causes of a descriptor */

/* Return: what was raised from now on until @bit was, when it was seen first. */
static uint32_t raised_with(uint32_t bit)
{
	long end = now_ms() + SOON * slowness();
	uint32_t isr;

	do
		isr = get(MDKRINGS_ISR);
	while (!(isr & bit) && now_ms() < end && !usleep(500));
	return isr;
}

void test_raises(void)
{
	uint32_t isr;

	start(MDKRINGS_WORK, RING(0));
	make(RING(0), 0, MDKRINGS_RAISE);
	make(RING(0), 1, MDKRINGS_SLEEP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 2);
	isr = raised_with(MDKRINGS_ISR_JOB);
	ok(isr & MDKRINGS_ISR_JOB, "raises.what_a_descriptor_says");
	ok(get(MDKRINGS_WORK + MDKRINGS_HEAD) == 2 && desc(RING(0), 0)->status == MDKRINGS_DONE &&
	   desc(RING(0), 1)->status == MDKRINGS_DONE, "raises.when_the_round_is_over");
	caused(MDKRINGS_ISR_WORK);
	make(RING(0), 2, MDKRINGS_NOP);
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 3);
	ok_is(raised_with(MDKRINGS_ISR_WORK), MDKRINGS_ISR_WORK, "raises.nothing_for_the_next_one");
	start(SECOND, RING(1));
	make(RING(1), 0, MDKRINGS_RAISE);
	put(SECOND + MDKRINGS_TAIL, 1);
	ok_is(raised_with(MDKRINGS_ISR_JOB), MDKRINGS_ISR_JOB | MDKRINGS_ISR_WORK << 1,
	      "raises.the_same_bit_from_each_ring");
	put(MDKRINGS_ISR, ~0U);
	put(MDKRINGS_WORK + MDKRINGS_SIZE, 0);
	put(SECOND + MDKRINGS_SIZE, 0);
}

/* Started by the driver */

/* Return: the errno of a command in a register. */
static uint32_t command_is(uint32_t op, uint64_t ring)
{
	put(MDKRINGS_COMMAND, ring | op);
	return get(MDKRINGS_ANSWER);
}

/* Again while memory of the address is being unmapped. */
static bool started(uint32_t op, uint64_t ring)
{
	long end = now_ms() + SOON * slowness();

	while (command_is(op, ring) == EAGAIN && now_ms() < end)
		usleep(10000);
	return !get(MDKRINGS_ANSWER);
}

static bool io_starts(void)
{
	bool good = started(MDKRINGS_START | MDKRINGS_OF_IOC, RING(3)) &&
		    started(MDKRINGS_START, RING(2));

	memset(at(RING(3)), 0, PAGE);
	put(MDKRINGS_ISR, ~0U);
	return good && get(MDKRINGS_IO + MDKRINGS_STATE) == MDKRINGS_RUNS &&
	       get(MDKRINGS_IOC + MDKRINGS_STATE) == MDKRINGS_RUNS;
}

static void io_submit(unsigned int first, unsigned int count, uint32_t op)
{
	for (unsigned int i = first; i < first + count; i++)
		make(RING(2), i, op);
	put(MDKRINGS_IO + MDKRINGS_TAIL, (first + count) % SIZE);
}

static bool io_is_stopped(void)
{
	return !get(MDKRINGS_IO + MDKRINGS_STATE) && !get(MDKRINGS_IO + MDKRINGS_HEAD) &&
	       !get(MDKRINGS_IO + MDKRINGS_TAIL);
}

static void test_refused_start(void)
{
	uint32_t changed;

	put(MDKRINGS_IO + MDKRINGS_TAIL, 5);
	put(MDKRINGS_IOC + MDKRINGS_HEAD, ~0U);
	ok(get(MDKRINGS_WHY) == ENXIO && !get(MDKRINGS_IO + MDKRINGS_STATE) &&
	   !get(MDKRINGS_IO + MDKRINGS_HEAD), "driver.doorbell_before_the_start");
	put(MDKRINGS_ISR, ~0U);
	changed = get(MDKRINGS_CHANGED);
	ok(command_is(MDKRINGS_START, STRAY) && broken(MDKRINGS_IO), "driver.refused_start_is_shown");
	usleep(QUIET);
	ok(!get(MDKRINGS_ISR) && get(MDKRINGS_CHANGED) == changed,
	   "driver.refused_start_is_the_driver's_to_tell");
	ok(started(MDKRINGS_START, RING(2)) && get(MDKRINGS_CHANGED) == changed,
	   "driver.start_is_not_told");
	ok_is(get(MDKRINGS_IO + MDKRINGS_TAIL), 0, "driver.start_clears_the_guest's_end");
}

static void test_io(void)
{
	io_submit(0, 2, MDKRINGS_WRITE);
	usleep(QUIET);
	ok_is(get(MDKRINGS_IO + MDKRINGS_HEAD), 0, "driver.work_waits_for_the_ring_of_completions");
	memset(at(RING(3)), 0, PAGE);
	started(MDKRINGS_START | MDKRINGS_OF_IOC, RING(3));
	ok(comes(MDKRINGS_IO + MDKRINGS_HEAD, 2) && comes(MDKRINGS_IOC + MDKRINGS_TAIL, 2) &&
	   caused(MDKRINGS_ISR_IO), "driver.start_looks_for_work");
	ok(entry(0)->phase == MDKRINGS_PHASE && entry(1)->phase == MDKRINGS_PHASE &&
	   !entry(2)->phase && *word(1) == MDKRINGS_WORD, "driver.started_rings_work");
	io_submit(2, 6, MDKRINGS_NOP);
	ok(comes(MDKRINGS_IOC + MDKRINGS_TAIL, 7), "driver.all_places_of_completions_but_one");
	put(MDKRINGS_IOC + MDKRINGS_HEAD, 7);
	ok(comes(MDKRINGS_IO + MDKRINGS_HEAD, 0), "driver.and_around");
	put(MDKRINGS_IO + MDKRINGS_TAIL, SIZE);
	ok(broken(MDKRINGS_IO) && caused(MDKRINGS_ISR_IO) && get(MDKRINGS_WHY) == ERANGE,
	   "driver.bad_doorbell_breaks");
	ok(io_starts(), "driver.mended");
}

/* By a descriptor of another ring: in the worker. */
static bool told(uint32_t op, uint64_t ring)
{
	start(MDKRINGS_WORK, RING(0));
	*desc(RING(0), 0) = (struct mdkrings_desc){ .addr = ring, .op = op };
	put(MDKRINGS_WORK + MDKRINGS_TAIL, 1);
	return comes(MDKRINGS_WORK + MDKRINGS_HEAD, 1) && desc(RING(0), 0)->status == MDKRINGS_DONE;
}

static void test_commands(void)
{
	ok(told(MDKRINGS_STOP, 0) && io_is_stopped(), "driver.stops_by_a_command_of_another_ring");
	ok(told(MDKRINGS_START, RING(2)) && get(MDKRINGS_IO + MDKRINGS_STATE) == MDKRINGS_RUNS,
	   "driver.starts_by_a_command_of_another_ring");
	io_submit(0, 1, MDKRINGS_WRITE);
	ok(comes(MDKRINGS_IO + MDKRINGS_HEAD, 1), "driver.which_works");
}

static void test_io_reset(void)
{
	io_starts();
	io_submit(0, 6, MDKRINGS_SLEEP);
	usleep(30000);
	ok_is(reset_user(rings), 0, "driver.reset_during_work");
	memset(at(BUFFER), 0, PAGE);
	usleep(50000);
	ok(io_is_stopped() && !get(MDKRINGS_ISR) && !memchr(at(BUFFER), MDKRINGS_WORD & 0xff, PAGE),
	   "driver.reset_ends_it");
	put(MDKRINGS_IO + MDKRINGS_TAIL, 1);
	ok_is(get(MDKRINGS_WHY), ENXIO, "driver.reset_stops_the_ring");
	ok_is(wait_locked(0), 0, "driver.reset_leaves_nothing_pinned");
	ok(io_starts(), "driver.starts_in_the_next_life");
	command_is(MDKRINGS_STOP, 0);
	command_is(MDKRINGS_STOP | MDKRINGS_OF_IOC, 0);
	ok(io_is_stopped() && !wait_locked(0), "driver.stop_unpins");
}

void test_driver_starts(void)
{
	test_refused_start();
	test_io();
	test_commands();
	test_io_reset();
}

/* Selected by the guest */

static void select_ring(uint32_t i)
{
	put(MDKRINGS_SELECT, i);
}

static bool queue_starts(uint32_t i)
{
	long end = now_ms() + SOON * slowness();

	select_ring(i);
	do {
		put(QUEUE(MDKRINGS_SIZE), 0);
		place(MDKRINGS_QUEUE, RING(i));
		put(QUEUE(MDKRINGS_SIZE), MDKRINGS_ENABLE | SIZE);
	} while (get(QUEUE(MDKRINGS_STATE)) != MDKRINGS_RUNS && now_ms() < end && !usleep(10000));
	return get(QUEUE(MDKRINGS_STATE)) == MDKRINGS_RUNS;
}

/* Three of the selected ring, which runs: it raises its own cause. */
static bool queue_works(uint32_t i)
{
	bool good;

	select_ring(i);
	memset(at(BUFFER), 0, PAGE);
	put(MDKRINGS_ISR, ~0U);
	for (unsigned int n = 0; n < 3; n++)
		make(RING(i), n, MDKRINGS_WRITE);
	put(QUEUE(MDKRINGS_TAIL), 3);
	good = comes(QUEUE(MDKRINGS_HEAD), 3) && *word(2) == MDKRINGS_WORD;
	return good && raised_with(MDKRINGS_ISR_QUEUE << i) == MDKRINGS_ISR_QUEUE << i;
}

static bool queues_work(void)
{
	bool good = true;
	uint32_t i;

	for (i = 0; i < MDKRINGS_QUEUES; i++)
		good = queue_starts(i) && good;
	for (i = 0; i < MDKRINGS_QUEUES; i++)
		good = queue_works(i) && good;
	return good;
}

/* What queues_work() leaves of one of them. */
static bool queue_is_as_left(uint32_t i)
{
	const uint32_t left[] = { RING(i), 0, MDKRINGS_ENABLE | SIZE, 3, 3, MDKRINGS_RUNS };
	uint32_t block[16] = {};

	select_ring(i);
	for (uint32_t reg = 0; reg < ARRAY_SIZE(left); reg++)
		if (get(QUEUE(4 * reg)) != left[reg])
			return false;
	return pread(rings->device, block, sizeof(block), QUEUE(0)) == sizeof(block) &&
	       !memcmp(block, left, sizeof(left));
}

static bool queues_are_as_left(void)
{
	bool good = true;

	for (uint32_t i = 0; i < MDKRINGS_QUEUES; i++)
		good = queue_is_as_left(i) && good;
	return good;
}

static bool nothing_there(uint32_t i)
{
	bool good = true;

	select_ring(i);
	for (uint32_t reg = 0; reg <= MDKRINGS_STATE; reg += 4)
		put(QUEUE(reg), ~0U);
	for (uint32_t reg = 0; reg <= MDKRINGS_STATE; reg += 4)
		good = good && !get(QUEUE(reg));
	put(MDKRINGS_SEES, 0x5000);
	return good && !get(MDKRINGS_SEES);
}

static void test_selected(void)
{
	ok(queues_work(), "select.each_ring_has_its_own_registers");
	ok(queues_are_as_left(), "select.they_stay_what_they_are");
	ok(nothing_there(MDKRINGS_QUEUES) && nothing_there(MDKRINGS_QUEUES + 1) &&
	   nothing_there(1U << 31) && nothing_there(~0U), "select.none_reads_0_and_drops_writes");
	ok(queues_are_as_left(), "select.none_is_none");
	select_ring(2);
	ok_is(get(MDKRINGS_SEES), RING(2), "select.the_driver_reads_the_selected_one");
	put(MDKRINGS_SEES, RING(3));
	ok_is(get(QUEUE(MDKRINGS_LOW)), RING(3), "select.and_writes_it");
	select_ring(1);
	ok_is(get(QUEUE(MDKRINGS_LOW)), RING(1), "select.and_no_other");
	put(QUEUE(MDKRINGS_SIZE), SIZE);
	ok(!get(QUEUE(MDKRINGS_STATE)) && !get(QUEUE(MDKRINGS_TAIL)), "select.stops_the_selected_one");
	put(QUEUE(MDKRINGS_SIZE), 2 * SIZE);
	ok_is(get(QUEUE(MDKRINGS_STATE)), 0, "select.size_alone_starts_nothing");
	select_ring(0);
	ok_is(get(QUEUE(MDKRINGS_STATE)), MDKRINGS_RUNS, "select.and_stops_no_other");
	ok(queues_work(), "select.mended");
}

/* Another number each time, while the others write what they like. */
static void *flip(void *arg)
{
	static const uint32_t numbers[] = { 0, 1, 2, 3, ~0U, 1U << 16 };
	long end = now_ms() + 600;

	for (uint32_t i = 0; now_ms() < end; i++)
		pwrite(*(int *)arg, &numbers[i % ARRAY_SIZE(numbers)], 4, MDKRINGS_SELECT);
	return NULL;
}

static void *scribble(void *arg)
{
	static const struct {
		uint32_t reg, val;
	} writes[] = {
		{ MDKRINGS_LOW, RING(0) }, { MDKRINGS_SIZE, MDKRINGS_ENABLE | SIZE },
		{ MDKRINGS_TAIL, 1 }, { MDKRINGS_TAIL, ~0U }, { MDKRINGS_HIGH, 0 },
		{ MDKRINGS_SIZE, 0 }, { MDKRINGS_LOW, ~0U }, { MDKRINGS_HEAD, ~0U },
	};
	long end = now_ms() + 600;
	uint32_t block[16];

	for (uint32_t i = 0; now_ms() < end; i++) {
		pwrite(*(int *)arg, &writes[i % ARRAY_SIZE(writes)].val, 4,
		       QUEUE(writes[i % ARRAY_SIZE(writes)].reg));
		pread(*(int *)arg, block, sizeof(block), QUEUE(0));
	}
	return NULL;
}

/* What a hostile guest does to its own is nothing to another device. */
static void test_hostile_select(void)
{
	struct vfio other = VFIO_CLOSED, *first = rings;
	pthread_t flipper, scribbler;
	bool good = true;

	if (!ok(rings_open(&other, UUID_B, "1"), "select.another_device"))
		return;
	pthread_create(&flipper, NULL, flip, &first->device);
	pthread_create(&scribbler, NULL, scribble, &first->device);
	rings = &other;
	for (long end = now_ms() + 500; now_ms() < end;)
		good = queues_work() && queues_are_as_left() && good;
	ok(good, "select.hostile_one_changes_nothing_of_another_device");
	pthread_join(flipper, NULL);
	pthread_join(scribbler, NULL);
	rings = first;
	ok(queues_work() && queues_are_as_left(), "select.hostile_one_is_mended");
	ok_is(system("test $(dmesg | grep -c mdkrings) -lt 10"), 0, "select.hostile_one_prints_nothing");
	rings = &other;
	ok(queues_are_as_left(), "select.two_devices_have_their_own");
	rings = first;
	close_user(&other);
	remove_mdev(UUID_B);
}

static void test_select_reset(void)
{
	bool good = true;

	select_ring(2);
	ok_is(reset_user(rings), 0, "select.reset");
	ok_is(get(MDKRINGS_SELECT), 0, "select.reset_selects_the_first");
	for (uint32_t i = 0; i < MDKRINGS_QUEUES; i++) {
		select_ring(i);
		for (uint32_t reg = 0; reg <= MDKRINGS_STATE; reg += 4)
			good = good && !get(QUEUE(reg));
		put(QUEUE(MDKRINGS_TAIL), 1);
	}
	ok(good, "select.reset_registers_of_all_are_as_new");
	ok_is(wait_locked(0), 0, "select.reset_leaves_nothing_pinned");
	ok(queues_work(), "select.works_in_the_next_life");
	reset_user(rings);
}

void test_select(void)
{
	test_selected();
	test_hostile_select();
	test_select_reset();
}
