// SPDX-License-Identifier: GPL-2.0-only
/* The SDK's pins, through the command block of the fixture mdkpin. */
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "../fixtures/mdkpin/mdkpin.h"
#include "client.h"

#define BOTH (READ | WRITE)
#define A 0x100000UL		/* three maps of 700 pages, read and write, side by side */
#define A_PAGES 700
#define A_SIZE (A_PAGES * PAGE)
#define PAGES (3 * A_PAGES)
#define R (A + PAGES * PAGE)	/* 4 pages, read only */
#define HOLE (R + 4 * PAGE)
#define BUDGET 2048
#define GATE_US 5000		/* shut for so long at least after an unmap */

static uint32_t *mem, *mem_r;

/* The command block */

static uint32_t get(const struct vfio *v, uint32_t reg)
{
	uint32_t value = 0;

	if (pread(v->device, &value, sizeof(value), reg) != sizeof(value))
		diag("read of 0x%x: %s", reg, strerror(errno));
	return value;
}

static void put(const struct vfio *v, uint32_t reg, uint64_t value, size_t size)
{
	if (pwrite(v->device, &value, size, reg) != (ssize_t)size)
		diag("write of 0x%x: %s", reg, strerror(errno));
}

static int command_slot(const struct vfio *v, unsigned int command, unsigned int slot)
{
	put(v, MDKPIN_SLOT, slot, 4);
	put(v, MDKPIN_COMMAND, command, 4);
	return get(v, MDKPIN_RESULT);
}

static void range(const struct vfio *v, uint64_t iova, uint64_t size, unsigned int dir)
{
	put(v, MDKPIN_IOVA, iova, 8);
	put(v, MDKPIN_SIZE, size, 8);
	put(v, MDKPIN_DIR, dir, 4);
}

static int slot_pin(const struct vfio *v, unsigned int slot, uint64_t iova, uint64_t size,
		    unsigned int dir)
{
	range(v, iova, size, dir);
	return command_slot(v, MDKPIN_PIN, slot);
}

/* Again while the gate of an earlier unmap is shut. */
static int slot_pin_patiently(const struct vfio *v, unsigned int slot, uint64_t iova,
			      uint64_t size, unsigned int dir)
{
	long end = now_ms() + 3000;
	int ret;

	while ((ret = slot_pin(v, slot, iova, size, dir)) == -EAGAIN && now_ms() < end)
		usleep(10000);
	return ret;
}

static int slot_unpin(const struct vfio *v, unsigned int slot)
{
	return command_slot(v, MDKPIN_UNPIN, slot);
}

static int slot_access(const struct vfio *v, unsigned int command, unsigned int slot,
		       uint32_t offset)
{
	put(v, MDKPIN_OFFSET, offset, 4);
	return command_slot(v, command, slot);
}

static int slot_read(const struct vfio *v, unsigned int slot, uint32_t offset)
{
	return slot_access(v, MDKPIN_READ, slot, offset);
}

static int set_errno(int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	return write_file("/sys/module/mdkpin/parameters/quiesce_errno", text);
}

static int create_sdk(const char *model, const char *uuid)
{
	char file[200];

	snprintf(file, sizeof(file), "%s/mdev_supported_types/%s-1/create", model, model);
	return write_file(class_path(file), uuid);
}

/* Memory */

static void fill(void)
{
	for (size_t i = 0; i < PAGES; i++)
		mem[i * PAGE / 4] = 0xa0000 + i;
}

static int map_third(const struct vfio *v, int third)
{
	return vfio_map_dma(v, A + third * A_SIZE, mem + third * A_SIZE / 4, A_SIZE, BOTH);
}

static int open_mapped(struct vfio *v, const char *uuid)
{
	int ret;

	*v = (struct vfio)VFIO_CLOSED;
	ret = open_user_pci(v, uuid);
	for (int third = 0; !ret && third < 3; third++)
		ret = map_third(v, third);
	return ret ?: vfio_map_dma(v, R, mem_r, 4 * PAGE, READ);
}

/* Physically contiguous runs of the pages [first, first + pages) of mem. */
static int runs(size_t first, size_t pages)
{
	int fd = open("/proc/self/pagemap", O_RDONLY), count = 0;
	uint64_t entry, last = 0;

	for (size_t i = 0; i < pages; i++) {
		off_t at = ((uintptr_t)mem / PAGE + first + i) * 8;

		if (pread(fd, &entry, 8, at) != 8)
			break;
		entry &= (1ULL << 55) - 1;
		count += entry != last + 1;
		last = entry;
	}
	close(fd);
	return count;
}

/* Tests */

struct arg_case {
	const char *name;
	uint64_t iova;
	uint64_t size;
	unsigned int dir;
	int needed;
	int pages;
};

static const struct arg_case arg_cases[] = {
	{ "arg.one_byte", A + 5, 1, READ, 0, 1 },
	{ "arg.two_bytes_in_two_pages", A + PAGE - 1, 2, BOTH, 0, 2 },
	{ "arg.511_pages", A, 511 * PAGE, BOTH, 0, 511 },
	{ "arg.512_pages", A, 512 * PAGE, BOTH, 0, 512 },
	{ "arg.513_pages", A, 513 * PAGE, BOTH, 0, 513 },
	{ "arg.over_three_maps_up_to_the_budget", A, BUDGET * PAGE, BOTH, 0, BUDGET },
	{ "arg.one_page_more", A, (BUDGET + 1) * PAGE, BOTH, -ENOSPC, 0 },
	{ "arg.a_byte_more", A + 1, BUDGET * PAGE, BOTH, -ENOSPC, 0 },
	{ "arg.whole_address_space", 0, UINT64_MAX, BOTH, -ENOSPC, 0 },
	{ "arg.no_bytes", A, 0, BOTH, -EINVAL, 0 },
	{ "arg.wraps", UINT64_MAX - 4, 10, BOTH, -EINVAL, 0 },
	{ "arg.last_byte_of_all", UINT64_MAX, 1, READ, -EINVAL, 0 },
	{ "arg.no_direction", A, PAGE, 0, -EINVAL, 0 },
	{ "arg.unknown_direction", A, PAGE, 4, -EINVAL, 0 },
	{ "arg.read_only_map", R, PAGE, READ, 0, 1 },
	{ "arg.read_only_map_to_write", R, PAGE, WRITE, -EPERM, 0 },
	{ "arg.hole", HOLE, PAGE, READ, -EINVAL, 0 },
	{ "arg.runs_into_a_hole_in_the_second_call", HOLE - 520 * PAGE, 521 * PAGE, READ, -EINVAL, 0 },
	{ "arg.runs_into_read_only_in_the_second_call", R - 600 * PAGE, 601 * PAGE, BOTH, -EPERM, 0 },
};

static void test_arguments(const struct vfio *v)
{
	long before = wait_locked(0);
	int found, pages;

	for (size_t i = 0; i < ARRAY_SIZE(arg_cases); i++) {
		const struct arg_case *c = &arg_cases[i];

		found = slot_pin(v, 0, c->iova, c->size, c->dir);
		pages = get(v, MDKPIN_PAGES);
		if (pages != c->pages || (!found && locked_pages() - before != pages))
			diag("%d pages counted, %ld charged, needed %d", pages,
			     locked_pages() - before, c->pages);
		ok_is(found == c->needed && pages != c->pages ? 1 : found, c->needed, c->name);
		slot_unpin(v, 0);
		/* Of many failures the last result tells. */
		if (i < 8)
			wait_locked(before);
	}
	ok_is(wait_locked(before), before, "arg.nothing_stays_charged");
	ok_is(get(v, MDKPIN_RANGES), 0, "arg.nothing_stays_in_the_books");
}

static void test_cache(const struct vfio *v)
{
	uint32_t pins = get(v, MDKPIN_PINS), hits = get(v, MDKPIN_HITS);
	long before = wait_locked(0);

	slot_pin(v, 0, A, 100 * PAGE, BOTH);
	ok_is(get(v, MDKPIN_PINS) - pins, 1, "cache.first");
	ok_is(slot_pin(v, 1, A, 100 * PAGE, BOTH), 0, "cache.same_again");
	ok_is(slot_pin(v, 2, A + 7 * PAGE + 5, 3 * PAGE, BOTH), 0, "cache.part_of_it");
	ok_is(slot_pin(v, 3, A, PAGE, READ), 0, "cache.one_direction_of_both");
	ok_is(get(v, MDKPIN_PINS) - pins, 1, "cache.no_further_pin");
	ok_is(get(v, MDKPIN_HITS) - hits, 3, "cache.three_hits");
	slot_unpin(v, 0);
	slot_unpin(v, 1);
	usleep(50000);
	ok_is(locked_pages() - before, 100, "cache.lives_as_long_as_its_last_handle");
	slot_unpin(v, 3);
	slot_unpin(v, 2);
	ok_is(wait_locked(before), before, "cache.gone_with_its_last_handle");

	pins = get(v, MDKPIN_PINS);
	slot_pin(v, 0, A, PAGE, READ);
	slot_pin(v, 1, A, PAGE, WRITE);
	ok_is(get(v, MDKPIN_PINS) - pins, 2, "cache.a_reader_does_not_serve_a_writer");
	slot_pin(v, 2, A, PAGE, BOTH);
	ok_is(get(v, MDKPIN_PINS) - pins, 3, "cache.nor_do_both_serve_one_that_wants_both");
	ok_is(get(v, MDKPIN_PAGES), 1, "cache.one_page_three_times_is_one_page");
	for (int i = 0; i < 3; i++)
		slot_unpin(v, i);
}

/* Overlaps: the budget counts different pages, in whatever order they come and go. */
static void test_budget(const struct vfio *v)
{
	long before = wait_locked(0);

	slot_pin(v, 0, A, 1000 * PAGE, BOTH);
	slot_pin(v, 1, A + 900 * PAGE, 1000 * PAGE, BOTH);
	ok_is(get(v, MDKPIN_PAGES), 1900, "budget.overlap");
	ok_is(locked_pages() - before, 1900, "budget.as_charged");
	ok_is(slot_pin(v, 2, A + 1800 * PAGE, 249 * PAGE, BOTH), -ENOSPC, "budget.one_too_many");
	ok_is(slot_pin(v, 2, A + 1800 * PAGE, 248 * PAGE, BOTH), 0, "budget.all");
	ok_is(slot_pin(v, 3, A + 500 * PAGE, 1200 * PAGE, BOTH), 0, "budget.inside_of_it");
	ok_is(slot_pin(v, 4, R, PAGE, READ), -ENOSPC, "budget.another_page");
	slot_unpin(v, 1);
	ok_is(get(v, MDKPIN_PAGES), 1000 + 700 + 248, "budget.middle_goes");
	slot_unpin(v, 0);
	ok_is(get(v, MDKPIN_PAGES), 1200 + 248, "budget.first_goes");
	slot_unpin(v, 2);
	slot_unpin(v, 3);
	ok_is(get(v, MDKPIN_PAGES), 0, "budget.empty");
	ok_is(wait_locked(before), before, "budget.nothing_stays_charged");
}

/* Each range holds all those before it, so none is found, and they cost no pages to speak of. */
static void test_nested(const struct vfio *v)
{
	uint32_t named = 0, i;
	int ret = 0;

	for (i = 0; !ret && i < 120; i++) {
		ret = slot_pin(v, i, A + (1000 - 8 * i) * PAGE, (16 * i + 1) * PAGE, BOTH);
		named += ret ? 0 : 16 * i + 1;
	}
	diag("%u ranges of %u pages in all over %u pages", i, named, get(v, MDKPIN_PAGES));
	ok_is(ret, -ENOSPC, "nested.has_an_end");
	ok(named <= 4 * 2048, "nested.which_is_near");
	while (i--)
		slot_unpin(v, i);
	ok_is(get(v, MDKPIN_PAGES), 0, "nested.nothing_left");
	ok_is(slot_pin(v, 0, A, 2048 * PAGE, BOTH), 0, "nested.all_the_budget_is_there_again");
	slot_unpin(v, 0);
}

/* 256 ranges, in an order that has nothing to do with their addresses. */
static void test_many(const struct vfio *v)
{
	uint32_t pins = get(v, MDKPIN_PINS), misses;
	unsigned int i, failed = 0;

	for (i = 0; i < MDKPIN_SLOTS; i++)
		failed += !!slot_pin(v, i, A + (i * 77 % 256) * 8 * PAGE, (1 + i % 8) * PAGE, BOTH);
	ok_is(failed, 0, "many.pinned");
	misses = get(v, MDKPIN_PINS) - pins;
	for (i = 0; i < MDKPIN_SLOTS; i++)
		slot_unpin(v, i);
	ok_is(misses, MDKPIN_SLOTS, "many.each_once");
	/* A wide range under many narrow ones that do not cover what is asked. */
	slot_pin(v, 0, A, 2000 * PAGE, BOTH);
	for (i = 1; i < MDKPIN_SLOTS; i++)
		slot_pin(v, i, A + i * PAGE, PAGE, WRITE);
	pins = get(v, MDKPIN_PINS);
	slot_unpin(v, 1);
	ok_is(slot_pin(v, 1, A + 100 * PAGE, 1800 * PAGE, READ), 0, "many.pinned_wide");
	ok_is(get(v, MDKPIN_PINS), pins, "many.found_wide");
	for (i = 0; i < MDKPIN_SLOTS; i++)
		slot_unpin(v, i);
	ok_is(get(v, MDKPIN_PAGES), 0, "many.nothing_left");
}

static void test_contents(const struct vfio *v)
{
	slot_pin(v, 0, A + 5 * PAGE, 4 * PAGE, BOTH);
	ok_is(slot_read(v, 0, PAGE), 0, "copy.read");
	ok_is(get(v, MDKPIN_DATA), 0xa0006, "copy.reads_what_the_user_wrote");
	put(v, MDKPIN_DATA, 0x11223344, 4);
	ok_is(slot_access(v, MDKPIN_WRITE, 0, 2 * PAGE - 2), 0, "copy.write_over_two_pages");
	ok(!memcmp((char *)mem + 7 * PAGE - 2, "\x44\x33\x22\x11", 4),
	   "copy.the_user_reads_what_was_written");
	ok_is(slot_read(v, 0, 4 * PAGE - 4), 0, "copy.last_bytes");
	ok_is(slot_read(v, 0, 4 * PAGE - 3), -EINVAL, "copy.past_the_end");
	ok_is(slot_read(v, 0, 4 * PAGE), -EINVAL, "copy.behind_the_end");
	ok_is(slot_read(v, 0, UINT32_MAX), -EINVAL, "copy.far_behind_the_end");
	slot_pin(v, 1, A + 8 * PAGE + 4, PAGE, READ);
	mem[8 * PAGE / 4 + 2] = 0x5555;
	ok(!slot_read(v, 1, 4) && get(v, MDKPIN_DATA) == 0x5555, "copy.part_of_a_shared_pin");
	ok_is(slot_access(v, MDKPIN_WRITE, 1, 4), -EPERM, "copy.write_through_a_reader");
	slot_pin(v, 2, A, PAGE, WRITE);
	ok_is(slot_read(v, 2, 0), -EPERM, "copy.read_through_a_writer");
	for (int i = 0; i < 3; i++)
		slot_unpin(v, i);
	fill();
	range(v, A + 9 * PAGE, 0, 0);
	ok_is(command_slot(v, MDKPIN_DMA_READ, 0), 0, "copy.dma_read");
	ok_is(get(v, MDKPIN_DATA), 0xa0009, "copy.dma_reads_what_the_user_wrote");
	put(v, MDKPIN_DATA, 0x77, 4);
	ok_is(command_slot(v, MDKPIN_DMA_WRITE, 0), 0, "copy.dma_write");
	ok_is(mem[9 * PAGE / 4], 0x77, "copy.the_user_reads_what_dma_wrote");
	range(v, HOLE, 0, 0);
	ok_is(command_slot(v, MDKPIN_DMA_READ, 0), -EINVAL, "copy.dma_read_of_a_hole");
	range(v, R, 0, 0);
	ok_is(command_slot(v, MDKPIN_DMA_WRITE, 0), -EPERM, "copy.dma_write_of_read_only");
	fill();
}

static void test_sgt(const struct vfio *v)
{
	slot_pin(v, 0, A + 3 * PAGE + 8, 600 * PAGE, BOTH);
	ok_is(command_slot(v, MDKPIN_SGT, 0), runs(3, 601), "sgt.contiguous_pages_are_merged");
	ok_is(get(v, MDKPIN_DATA), 600 * PAGE, "sgt.bytes");
	ok_is(command_slot(v, MDKPIN_SGT, 0), runs(3, 601), "sgt.again");
	ok_is(slot_access(v, MDKPIN_SGT_READ, 0, 555 * PAGE - 8), 0, "sgt.read");
	ok_is(get(v, MDKPIN_DATA), 0xa0000 + 558, "sgt.bus_addresses_are_those_of_the_pages");
	slot_pin(v, 1, A + 10 * PAGE + 100, 10, READ);
	ok_is(command_slot(v, MDKPIN_SGT, 1), 1, "sgt.part_of_a_shared_pin");
	ok_is(get(v, MDKPIN_DATA), 10, "sgt.part.bytes");
	slot_unpin(v, 0);
	mem[10 * PAGE / 4 + 25] = 0x4711;
	ok(!slot_access(v, MDKPIN_SGT_READ, 1, 0) && get(v, MDKPIN_DATA) == 0x4711, "sgt.part.read");
	slot_unpin(v, 1);
	fill();
}

/* The middle of three maps goes; slot 0 and 3 lie beside it, 1 reaches into it, 2 lies inside. */
static void test_unmap(const struct vfio *v)
{
	uint32_t quiesces = get(v, MDKPIN_QUIESCES), killed = get(v, MDKPIN_KILLED);
	uint64_t middle = A + A_SIZE;
	long before = wait_locked(0);
	long long start;
	int shut;

	slot_pin(v, 0, A, 10 * PAGE, BOTH);
	slot_pin(v, 1, middle - 600 * PAGE, 700 * PAGE, BOTH);
	slot_pin(v, 2, middle + 200 * PAGE, 100 * PAGE, READ);
	slot_pin(v, 3, middle + A_SIZE, 10 * PAGE, WRITE);
	slot_pin(v, 4, middle - 600 * PAGE, PAGE, BOTH);
	command_slot(v, MDKPIN_SGT, 1);
	command_slot(v, MDKPIN_SGT, 2);
	start = now_us();
	ok_is(vfio_unmap_dma(v, middle, A_SIZE, 0), A_SIZE, "unmap.returns");
	shut = slot_pin(v, 5, middle - PAGE, 2 * PAGE, READ);
	/* It opens 5 ms after the notice: a machine so slow sees only that nothing is there. */
	if (shut != -EAGAIN && now_us() - start >= GATE_US)
		ok_is(shut, -EINVAL, "unmap.gate_is_shut");
	else
		ok_is(shut, -EAGAIN, "unmap.gate_is_shut");
	ok(get(v, MDKPIN_QUIESCES) > quiesces, "unmap.quiesce");
	ok_is(get(v, MDKPIN_QUIESCE_IOVA), middle - 600 * PAGE, "unmap.quiesce_from_the_first_dead_byte");
	ok_is(get(v, MDKPIN_QUIESCE_SIZE), 600 * PAGE + A_SIZE, "unmap.quiesce_to_the_last");
	ok_is(slot_read(v, 0, 0), 0, "unmap.before_it_alive");
	ok_is(slot_read(v, 1, 0), -EFAULT, "unmap.overlapping_dead");
	ok_is(slot_read(v, 2, 0), -EFAULT, "unmap.inside_dead");
	ok_is(slot_access(v, MDKPIN_WRITE, 3, 0), 0, "unmap.behind_it_alive");
	ok_is(slot_read(v, 4, 0), -EFAULT, "unmap.shared_with_the_overlapping_dead");
	ok_is(slot_access(v, MDKPIN_WRITE, 1, 0), -EFAULT, "unmap.no_write_either");
	ok_is(command_slot(v, MDKPIN_SGT, 1), -EFAULT, "unmap.no_scatter_list");
	ok_is(get(v, MDKPIN_KILLED) - killed, 2, "unmap.two_pins_killed");
	ok_is(get(v, MDKPIN_PAGES), 20, "unmap.budget_is_free_again");
	ok_is(wait_locked(before + 20), before + 20, "unmap.pages_are_gone");

	map_third(v, 1);
	ok_is(slot_pin_patiently(v, 5, middle - 600 * PAGE, 700 * PAGE, BOTH), 0, "unmap.pin_again");
	ok_is(slot_read(v, 1, 0), -EFAULT, "unmap.dead_handles_stay_dead");
	slot_unpin(v, 1);
	slot_unpin(v, 2);
	slot_unpin(v, 4);
	usleep(50000);
	ok_is(locked_pages() - before, 720, "unmap.dead_handles_take_nothing_with_them");
	ok(!slot_read(v, 5, 0) && get(v, MDKPIN_DATA) == 0xa0000 + 100, "unmap.new_handle_works");
	slot_unpin(v, 0);
	slot_unpin(v, 3);
	slot_unpin(v, 5);
	ok_is(wait_locked(before), before, "unmap.nothing_stays_charged");
}

/* Long enough for the gate to open, however slow the machine is. */
static void wait_for_worker(const struct vfio *v)
{
	uint32_t pins = get(v, MDKPIN_STRESS_PINS);
	long end = now_ms() + 10000;

	while (get(v, MDKPIN_STRESS_PINS) - pins < 3 && now_ms() < end)
		usleep(10000);
	if (get(v, MDKPIN_STRESS_PINS) == pins)
		diag("nothing is pinned: errno %d", slot_pin(v, 9, A, PAGE, BOTH));
}

/* After an unmap has returned the memory is the user's alone. */
static bool stress_round(const struct vfio *v)
{
	bool alone;

	usleep(3000);
	if (vfio_unmap_dma(v, A, A_SIZE, 0) != (long long)A_SIZE)
		return false;
	mem[0] = 0xdead0000;
	usleep(1000);
	alone = ((volatile uint32_t *)mem)[0] == 0xdead0000;
	if (!alone)
		diag("somebody wrote to memory after its unmap");
	return !map_third(v, 0) && alone;
}

static void test_stress(const struct vfio *v, uint64_t size, const char *name)
{
	uint32_t pins = get(v, MDKPIN_STRESS_PINS);
	long before = wait_locked(0), bad = 0;

	range(v, A, size, BOTH);
	command_slot(v, MDKPIN_STRESS, 0);
	for (int i = 0; i < 40; i++) {
		if (i % 8 == 0)
			wait_for_worker(v);
		bad += !stress_round(v);
	}
	pins = get(v, MDKPIN_STRESS_PINS) - pins;
	diag("%u pins of the worker, %ld of 40 rounds failed", pins, bad);
	ok(!bad && pins >= 15, name);
	command_slot(v, MDKPIN_STRESS_STOP, 0);
	ok_is(wait_locked(before), before, "stress.nothing_stays_charged");
}

static void test_failing_quiesce(const struct vfio *v)
{
	uint32_t resets = get(v, MDKPIN_RESETS);
	long before = wait_locked(0);

	ok_is(slot_pin_patiently(v, 0, A, 10 * PAGE, BOTH), 0, "fail.pin");
	command_slot(v, MDKPIN_SGT, 0);
	set_errno(EIO);
	ok_is(vfio_unmap_dma(v, A, A_SIZE, 0), A_SIZE, "fail.unmap_returns");
	ok(get(v, MDKPIN_RESETS) > resets, "fail.reset");
	vfio_bus_master(v->device, true);
	ok_is(slot_read(v, 0, 0), -EFAULT, "fail.dead");
	ok_is(wait_locked(before), before, "fail.pages_are_gone");
	set_errno(0);
	slot_unpin(v, 0);
	map_third(v, 0);
}

static void *linger(void *arg)
{
	const struct vfio *v = arg;

	command_slot(v, MDKPIN_LINGER, 0);
	return NULL;
}

/* Holds the lock that pins want, and waits for the one that the other unmap holds. */
static void *unmap_third(void *arg)
{
	usleep(200000);
	vfio_unmap_dma(arg, A + 2 * A_SIZE, A_SIZE, 0);
	return NULL;
}

/* The reset waits for a callback that is in pin calls, which wait for locks of the unmap. */
static void test_failing_quiesce_busy(const struct vfio *v)
{
	uint32_t resets = get(v, MDKPIN_RESETS);
	pthread_t threads[2];
	long start;

	slot_pin_patiently(v, 1, A + 2 * A_SIZE, PAGE, BOTH);
	ok_is(slot_pin_patiently(v, 0, A, 10 * PAGE, BOTH), 0, "busy.pin");
	set_errno(EIO);
	range(v, A + A_SIZE, PAGE, BOTH);
	put(v, MDKPIN_OFFSET, 1000, 4);
	pthread_create(&threads[0], NULL, linger, (void *)v);
	pthread_create(&threads[1], NULL, unmap_third, (void *)v);
	usleep(100000);
	start = now_ms();
	ok_is(vfio_unmap_dma(v, A, A_SIZE, 0), A_SIZE, "busy.unmap_returns");
	diag("after %ld ms", now_ms() - start);
	ok(now_ms() - start >= 200, "busy.not_before_the_reset");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	ok(get(v, MDKPIN_RESETS) > resets, "busy.reset");
	vfio_bus_master(v->device, true);
	set_errno(0);
	slot_unpin(v, 0);
	slot_unpin(v, 1);
	map_third(v, 0);
	map_third(v, 2);
}

static void test_close(struct vfio *v)
{
	long before = wait_locked(0);

	slot_pin_patiently(v, 0, A, 600 * PAGE, BOTH);
	slot_pin(v, 1, A + 50 * PAGE, PAGE, READ);
	command_slot(v, MDKPIN_SGT, 0);
	range(v, A + A_SIZE, PAGE, BOTH);
	command_slot(v, MDKPIN_STRESS, 0);
	usleep(20000);
	close_user_device(v);
	ok_is(locked_pages(), before, "close.releases_pins");
	close_user(v);
	ok_is(open_mapped(v, UUID_A), 0, "close.open_again");
	ok_is(slot_read(v, 0, 0), -EFAULT, "close.handles_are_dead");
	ok_is(command_slot(v, MDKPIN_SGT, 0), -EFAULT, "close.so_are_scatter_lists");
	ok_is(slot_pin(v, 2, A, PAGE, BOTH), 0, "close.pin_again");
	ok_is(slot_unpin(v, 0), 0, "close.unpin_a_dead_one");
	ok_is(locked_pages() - before, 1, "close.which_takes_nothing_with_it");
	slot_unpin(v, 2);
	/* Slot 1 is left to ops.fini. */
}

/* Not over the limit for a process without CAP_IPC_LOCK; its maps remember that. */
static int limited(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	const struct rlimit limit = { 600 * PAGE, 600 * PAGE };
	struct vfio v = VFIO_CLOSED;
	int ret;

	if (open_user_pci(&v, UUID_B))
		return 10;
	if (syscall(SYS_capset, &header, data) || setrlimit(RLIMIT_MEMLOCK, &limit))
		return 11;
	if (map_third(&v, 0))
		return 12;
	ret = slot_pin(&v, 0, A, 601 * PAGE, READ);
	if (ret != -ENOMEM || wait_locked(0) || get(&v, MDKPIN_PAGES))
		return 13;
	if (slot_pin(&v, 0, A, 600 * PAGE, READ) || locked_pages() != 600)
		return 14;
	/* What is charged already costs nothing more. */
	if (slot_pin(&v, 1, A + 100 * PAGE, 500 * PAGE, BOTH))
		return 15;
	if (slot_pin(&v, 2, A + 600 * PAGE, PAGE, READ) != -ENOMEM)
		return 16;
	slot_unpin(&v, 0);
	if (wait_locked(500) != 500 || slot_pin(&v, 2, A + 600 * PAGE, PAGE, READ))
		return 17;
	close_user(&v);
	return wait_locked(0) ? 18 : 0;
}

static void test_without(void)
{
	struct vfio v = VFIO_CLOSED;

	ok_is(create_sdk("mdknopin", UUID_C), 0, "without.create");
	ok_is(open_mapped(&v, UUID_C), 0, "without.open");
	ok_is(slot_pin(&v, 0, A, PAGE, READ), -EOPNOTSUPP, "without.pin_pages_no_pin");
	ok_is((int)get(&v, MDKPIN_INIT_RESULT), -EOPNOTSUPP, "without.nor_in_init");
	range(&v, A + 9 * PAGE, 0, 0);
	ok_is(command_slot(&v, MDKPIN_DMA_READ, 0), 0, "without.dma_read");
	ok_is(get(&v, MDKPIN_DATA), 0xa0009, "without.reads_what_the_user_wrote");
	close_user(&v);
	ok_is(remove_mdev(UUID_C), 0, "without.remove");
}

int sdkpins_main(void)
{
	struct vfio v;

	mem = memory(PAGES * PAGE);
	mem_r = memory(4 * PAGE);
	fill();
	ok_is(create_sdk("mdkpin", UUID_A), 0, "create");
	ok_is(create_sdk("mdkpin", UUID_B), 0, "create");
	ok_is(open_mapped(&v, UUID_A), 0, "open");
	/* What a model that does not look at bus mastering gets there is in master.c. */
	ok_is((int)get(&v, MDKPIN_INIT_RESULT), -ESHUTDOWN, "time.pin_in_init");
	ok_is((int)get(&v, MDKPIN_OPEN_RESULT), -ESHUTDOWN, "time.pin_in_open");
	test_arguments(&v);
	test_cache(&v);
	test_budget(&v);
	test_nested(&v);
	test_many(&v);
	test_contents(&v);
	test_sgt(&v);
	test_unmap(&v);
	test_failing_quiesce(&v);
	test_failing_quiesce_busy(&v);
	test_stress(&v, PAGE, "stress.one_page");
	test_stress(&v, A_SIZE, "stress.two_calls");
	test_close(&v);
	close_user(&v);
	ok_is(wait_locked(0), 0, "close.nothing_stays_charged");
	ok_is(in_child(limited), 0, "limit.RLIMIT_MEMLOCK");
	test_without();
	ok_is(remove_mdev(UUID_A), 0, "remove");
	ok_is(remove_mdev(UUID_B), 0, "remove");
	return done();
}

/* A guest that watches a word, takes it and clears it, while the device writes. */

#define WORDS_MS 2000
#define WORDS_NEEDED 1000
#define WORDS_ROUNDS 20		/* a busy machine needs more than one */

struct words {
	atomic_bool stop;
	unsigned int taken, torn, again;
};

static void *take_words(void *arg)
{
	_Atomic uint32_t *word = (_Atomic uint32_t *)mem;
	struct words *words = arg;
	uint32_t last = MDKPIN_FIRST_WORD - 1, value;

	atomic_store(word, 0);
	while (!words->stop) {
		value = atomic_load(word);
		if (!value)
			continue;
		words->taken++;
		words->torn += value < last;
		words->again += value == last;
		last = value > last ? value : last;
		atomic_store(word, 0);
	}
	return NULL;
}

/* The device begins anew with its first word. */
static int words_round(const struct vfio *v, struct words *words)
{
	pthread_t thread;
	int err;

	words->stop = false;
	pthread_create(&thread, NULL, take_words, words);
	err = slot_access(v, MDKPIN_WORDS, 0, WORDS_MS);
	words->stop = true;
	pthread_join(thread, NULL);
	return err;
}

int sdkwords_main(void)
{
	struct words words = { 0 };
	int err = 0;
	struct vfio v;

	mem = memory(PAGES * PAGE);
	mem_r = memory(4 * PAGE);
	ok_is(create_sdk("mdkpin", UUID_A), 0, "create");
	ok_is(open_mapped(&v, UUID_A), 0, "open");
	slot_pin(&v, 0, A, PAGE, BOTH);
	for (int i = 0; i < WORDS_ROUNDS && !err && words.taken < WORDS_NEEDED; i++)
		err = words_round(&v, &words);
	ok_is(err, 0, "words.written");
	diag("%u words taken, %u torn, %u came again", words.taken, words.torn, words.again);
	ok(words.taken >= WORDS_NEEDED, "words.taken");
	ok(!words.torn, "words.whole");
	ok(!words.again, "words.once");
	slot_unpin(&v, 0);
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}

/* How long a pin takes beside VFIO's own calls of 512 pages. */

#define TIMED_PAGES 4096

static long long timed(const struct vfio *v, unsigned int npage, bool bare)
{
	struct mdkpin_time time = { .iova = A, .npage = npage, .bare = bare };
	long long best = INT64_MAX;

	for (int i = 0; i < 9; i++) {
		if (ioctl(v->device, MDKPIN_TIME_IOCTL, &time) || time.ns < 0) {
			diag("pin: %lld", (long long)time.ns);
			return -1;
		}
		if (time.ns < best)
			best = time.ns;
		wait_locked(0);
	}
	return best;
}

static void test_time(const struct vfio *v, unsigned int npage, const char *name)
{
	long long bare = timed(v, npage, true), cached = timed(v, npage, false);

	diag("%u pages: vfio_pin_pages %lld ns, mdk_pin %lld ns: %.2f %%", npage, bare, cached,
	     100. * cached / bare);
	ok(bare > 0 && cached > 0 && cached * 100 <= bare * 105, name);
}

/* With -icount a nanosecond is an instruction. */
int sdkpintime_main(void)
{
	struct vfio v = VFIO_CLOSED;

	mem = memory(TIMED_PAGES * PAGE);
	ok_is(write_file(class_path("mdkpin-dma/mdev_supported_types/platform-raw/create"),
			 UUID_A), 0, "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	ioctl(v.device, MDKPIN_TIME_IOCTL, &(struct mdkpin_time){ 0 });
	ok_is(vfio_map_dma(&v, A, mem, TIMED_PAGES * PAGE, BOTH), 0, "map");
	test_time(&v, 512, "time.512_pages_within_5_percent");
	test_time(&v, TIMED_PAGES, "time.4096_pages_within_5_percent");
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}

/*
 * Where there is memory for them, all unmaps are told apart; else the nearest become one, and that
 * is counted. 40 mappings of a page each lie in two heaps far from each other.
 */
#define HEAP 20
#define HEAP_A 0x40000000UL
#define HEAP_B 0x80000000UL

static uint64_t heap_page(unsigned int i)
{
	return (i < HEAP ? HEAP_A : HEAP_B) + 2 * (i % HEAP) * PAGE;
}

static long unmaps_merged(void)
{
	char text[1024], *hit;

	mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (read_file("/sys/kernel/debug/mdk/" UUID_A, text, sizeof(text)) < 0)
		return -1;
	hit = strstr(text, "unmaps_merged ");
	return hit ? atol(hit + strlen("unmaps_merged ")) : -1;
}

/* Return: -EAGAIN if that is what a pin of a page says that was never unmapped. */
static int neighbour(const struct vfio *v, uint64_t iova, unsigned int slot)
{
	vfio_map_dma(v, iova, mem, PAGE, BOTH);
	return slot_pin(v, slot, iova, PAGE, BOTH);
}

int sdkgates_main(void)
{
	unsigned int pinned = 0, unmapped = 0;
	struct vfio v;
	long before;

	mem = memory(PAGES * PAGE);
	mem_r = memory(4 * PAGE);
	ok_is(create_sdk("mdkpin", UUID_A), 0, "create");
	ok_is(open_mapped(&v, UUID_A), 0, "open");
	before = wait_locked(0);
	for (unsigned int i = 0; i < 2 * HEAP; i++)
		pinned += !vfio_map_dma(&v, heap_page(i), mem + i * PAGE / 4, PAGE, BOTH) &&
			  !slot_pin(&v, i, heap_page(i), PAGE, BOTH);
	for (unsigned int i = 0; i < 2 * HEAP; i++)
		unmapped += vfio_unmap_dma(&v, heap_page(i), PAGE, 0) == (long long)PAGE;
	ok_is(pinned, 2 * HEAP, "gates.pinned");
	ok_is(unmapped, 2 * HEAP, "gates.all_unmaps_return");
	diag("%ld merged", unmaps_merged());
	ok_is(neighbour(&v, HEAP_A + PAGE, 100), unmaps_merged() ? -EAGAIN : 0,
	      "gates.beside_them_as_far_as_there_was_memory");
	ok_is(neighbour(&v, (HEAP_A + HEAP_B) / 2, 101), 0, "gates.the_heaps_are_told_apart");
	ok(unmaps_merged() >= 0, "gates.counted");
	ok_is(slot_pin_patiently(&v, 102, HEAP_A + PAGE, PAGE, BOTH), 0, "gates.they_open");
	slot_unpin(&v, 100);
	slot_unpin(&v, 101);
	slot_unpin(&v, 102);
	ok_is(wait_locked(before), before, "gates.nothing_stays_charged");
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
