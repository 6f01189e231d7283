// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two users of what `mdev-sdk new --parent pci` generates, named mypci, on QEMU's edu: one asks for
 * what takes long, and stops in the middle of it; the other one's commands stay right.
 */
#include <sys/ioctl.h>

#include "client.h"

/* As in templates/pci. */
#define VALUE 0x08
#define ADDR_LO 0x10
#define ADDR_HI 0x14
#define LENGTH 0x18
#define COMMAND 0x1c
#define STATUS 0x20
#define LOAD 1
#define STORE 2
#define FACTORIAL 3
#define BUSY 1
#define DONE 2
#define SHARE 1024u

#define BASE 0x100000000ULL
#define PAGES 4
#define OLD 0xee		/* in memory, where a copy should bring something else */

struct user {
	struct vfio v;
	volatile uint8_t *memory;
};

static struct user one = { .v = VFIO_CLOSED }, two = { .v = VFIO_CLOSED };

static void put(const struct user *u, uint32_t at, uint32_t value)
{
	if (pwrite(u->v.device, &value, sizeof(value), at) != sizeof(value))
		diag("write at %x: %s", at, strerror(errno));
}

static uint32_t get(const struct user *u, uint32_t at)
{
	uint32_t value = 0;

	if (pread(u->v.device, &value, sizeof(value), at) != sizeof(value))
		diag("read at %x: %s", at, strerror(errno));
	return value;
}

/* Return: STATUS at its end. */
static uint32_t until_over(const struct user *u, long ms)
{
	long end = now_ms() + ms;
	uint32_t status;

	while ((status = get(u, STATUS)) == BUSY && now_ms() < end)
		usleep(1000);
	return status;
}

static void start(const struct user *u, uint32_t command, uint64_t addr, uint32_t length)
{
	put(u, ADDR_LO, addr);
	put(u, ADDR_HI, addr >> 32);
	put(u, LENGTH, length);
	put(u, COMMAND, command);
}

static bool runs(const struct user *u, uint32_t command, uint64_t addr, uint32_t length)
{
	start(u, command, addr, length);
	return until_over(u, 10000) == DONE;
}

static void fill(struct user *u, uint8_t byte)
{
	for (size_t i = 0; i < PAGES * PAGE; i++)
		u->memory[i] = byte;
}

static bool filled(const struct user *u, size_t from, size_t size, uint8_t byte)
{
	for (size_t i = 0; i < size; i++)
		if (u->memory[from + i] != byte)
			return false;
	return true;
}

static bool begin(struct user *u, const char *uuid)
{
	char path[] = "/sys/bus/pci/drivers/mypci/0000:01:00.0/mdev_supported_types/mypci-1/create";

	if (write_file(path, uuid) || open_user_pci(&u->v, uuid))
		return false;
	u->memory = memory(PAGES * PAGE);
	return !vfio_map_dma(&u->v, BASE, (void *)u->memory, PAGES * PAGE, READ | WRITE);
}

/* Only the hardware's own time passes, not what a neighbour made of it. */
static void test_number(void)
{
	long begin = now_ms();

	put(&one, VALUE, 0xffffffff);
	put(&one, COMMAND, FACTORIAL);
	put(&two, VALUE, 5);
	put(&two, COMMAND, FACTORIAL);
	ok_is(until_over(&two, 10000), DONE, "number.the_neighbour_is_served");
	ok_is(get(&two, VALUE), 120, "number.with_its_own_result");
	ok(now_ms() - begin < 800, "number.at_once");
	until_over(&one, 10000);
}

/*
 * Each copy that is said to be done is. A driver that takes the largest number there is has an
 * interrupt of it coming, seconds later: until then.
 */
static void test_copies(void)
{
	unsigned int early = 0, failed = 0, copies = 0;
	long end;

	fill(&two, 0x11);
	ok(runs(&two, LOAD, BASE, SHARE), "copies.load");
	put(&one, VALUE, 0xffffffff);
	put(&one, COMMAND, FACTORIAL);
	end = now_ms() + (until_over(&one, 500) == BUSY ? 40000 : 2000);
	for (; now_ms() < end && !early; copies++) {
		fill(&two, OLD);
		failed += !runs(&two, STORE, BASE, SHARE);
		early += !filled(&two, 0, SHARE, 0x11);
	}
	diag("%u copies", copies);
	ok_is(failed, 0, "copies.none_fails");
	ok_is(early, 0, "copies.none_is_said_to_be_done_before_it_is");
}

/* The copy has two pieces of 100 ms: memory is not contiguous, or it is one piece and as good. */
static void test_reset(void)
{
	unsigned int late = 0;

	for (int i = 0; i < 5; i++) {
		fill(&two, OLD);
		start(&two, STORE, BASE + PAGE - SHARE / 2, SHARE);
		usleep(20000 + i * 20000);
		reset_user(&two.v);
		fill(&two, OLD);
		usleep(400000);
		late += !filled(&two, 0, PAGES * PAGE, OLD);
	}
	ok_is(late, 0, "reset.nothing_is_written_after_it");
	ok(runs(&two, STORE, BASE, SHARE) && filled(&two, 0, SHARE, 0x11), "reset.mended");
}

/* What was unmapped is somebody else's: it is mapped at another address, to see. */
static void test_unmap(void)
{
	unsigned int late = 0;

	for (int i = 0; i < 5; i++) {
		start(&two, STORE, BASE + PAGE - SHARE / 2, SHARE);
		usleep(20000 + i * 20000);
		vfio_unmap_dma(&two.v, BASE, PAGES * PAGE, 0);
		fill(&two, OLD);
		usleep(300000);
		late += !filled(&two, 0, PAGES * PAGE, OLD);
		until_over(&two, 5000);
		vfio_map_dma(&two.v, BASE, (void *)two.memory, PAGES * PAGE, READ | WRITE);
		usleep(600000);
	}
	ok_is(late, 0, "unmap.nothing_is_written_after_it");
}

int pcishare_main(void)
{
	ok(begin(&one, UUID_A) && begin(&two, UUID_B), "two_users");
	test_number();
	test_copies();
	test_reset();
	test_unmap();
	close_user(&one.v);
	close_user(&two.v);
	ok_is(wait_locked(0), 0, "no_page_stays");
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "both_are_removed");
	return done();
}
