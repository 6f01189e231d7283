// SPDX-License-Identifier: GPL-2.0-only
/* Sets of equal registers, counters of 64 bits, reset by register; fixture mdkrows. */
#include <pthread.h>

#include "../fixtures/mdkrows/mdkrows.h"
#include "rows.h"

#define COMMAND ((7ULL << 40) + 4)
#define COMMAND_MASTER 4
#define CAP ((7ULL << 40) + MDKROWS_CAP)
#define DEBUGFS "/sys/kernel/debug/mdk/"

static uint64_t get64(uint64_t at)
{
	uint64_t val = 0;

	if (pread(rows.device, &val, sizeof(val), at) != sizeof(val))
		diag("read at %llx: %s", (unsigned long long)at, strerror(errno));
	return val;
}

static bool file_has(const char *path, const char *words)
{
	static char text[16384];
	int ret = read_file(path, text, sizeof(text));

	if (ret < 0)
		diag("%s: %s", path, strerror(-ret));
	return ret >= 0 && strstr(text, words);
}

static void test_sets(void)
{
	bool good = true;
	uint8_t byte = 9;

	for (unsigned int i = 0; i < 4; i++)
		good &= get32(MDKROWS_QUEUE + 8 * i) == 7 && get32(MDKROWS_SQUARE + 8 * i) == i * i;
	ok(good, "set.each_has_its_value");
	put32(MDKROWS_QUEUE + 16, 0x10055);
	ok_is(get32(MDKROWS_LAST), 2 << 16 | 0x55, "set.callback_is_told_which");
	ok(get32(MDKROWS_QUEUE + 16) == 0x55 && get32(MDKROWS_QUEUE + 8) == 7,
	   "set.one_is_written_alone");
	if (pwrite(rows.device, &byte, 1, MDKROWS_QUEUE + 24) != 1)
		diag("write: %s", strerror(errno));
	ok_is(get32(MDKROWS_LAST), 3 << 16 | 9, "set.a_byte_of_the_last");
	ok_is(get64(MDKROWS_QUEUE + 16), 4ULL << 32 | 0x55, "set.eight_bytes_of_two_sets");
	ok(file_has(DEBUGFS "mdkrows/registers", "| 0x050 | QUEUE[2] | RW |"), "set.in_the_page");
}

static void test_counters(void)
{
	put32(MDKROWS_ADD, ~0U);
	ok_is(get64(MDKROWS_COUNT), 0xffffffff, "counter.counts");
	ok(get32(MDKROWS_COUNT) == ~0U && !get32(MDKROWS_COUNT + 4), "counter.by_halves");
	get32(MDKROWS_COUNT);
	put32(MDKROWS_ADD, 1);
	ok_is(get32(MDKROWS_COUNT + 4), 0, "counter.high_half_is_of_the_same_moment");
	ok(!get32(MDKROWS_COUNT) && get32(MDKROWS_COUNT + 4) == 1, "counter.carries");
	put32(MDKROWS_ADD_HIGH, 5);
	ok_is(get64(MDKROWS_COUNT), 6LL << 32, "counter.has_64_bits");
	put32(MDKROWS_COUNT, 0);
	ok_is(get64(MDKROWS_COUNT), 6LL << 32, "counter.no_guest_writes_it");
	ok(file_has(DEBUGFS UUID_A, "COUNT 25769803776\n"), "counter.in_debugfs");
	ok(file_has(DEBUGFS "mdkrows/registers", "| COUNT | COUNTER64 |"), "counter.in_the_page");
	ok_is(get64(MDKROWS_MOMENT), 2LL << 32 | 2, "counter.of_a_callback");
	ok(get32(MDKROWS_MOMENT) == 3 && get32(MDKROWS_MOMENT + 4) == 3,
	   "counter.of_a_callback_by_halves");
}

static void *read_stall(void *arg)
{
	(void)arg;
	get32(MDKROWS_STALL);
	return NULL;
}

/* A guest has the driver's callbacks busy: who reads debugfs does not wait for it. */
static void test_busy(void)
{
	pthread_t guest;
	bool busy;
	long since;

	set_param_of("mdkrows", "stall_ms", "3000");
	pthread_create(&guest, NULL, read_stall, NULL);
	sleep_ms(300);
	since = now_ms();
	busy = file_has(DEBUGFS UUID_A, "MOMENT busy\n");
	ok(busy && now_ms() - since < 1500, "counter.of_a_busy_device_does_not_wait");
	ok(file_has(DEBUGFS UUID_A, "COUNT 25769803776\n"), "counter.that_is_stored_is_shown");
	pthread_join(guest, NULL);
	set_param_of("mdkrows", "stall_ms", "0");
	ok(!file_has(DEBUGFS UUID_A, "MOMENT busy\n"), "counter.is_shown_afterwards");
}

static void test_resets(void)
{
	put32(MDKROWS_UPDATE, 0xabcd);
	ok_is(get32(MDKROWS_KEPT), 0x12cd, "update.changes_its_bits_alone");
	put32(MDKROWS_RESET, 0);
	ok_is(get32(MDKROWS_KEPT), 0x12cd, "reset.a_zero_does_nothing");
	put32(MDKROWS_RAISE, 1);
	put32(MDKROWS_RESET, 1);
	ok(get32(MDKROWS_KEPT) == 0x1234 && get32(MDKROWS_QUEUE + 16) == 7 &&
	   !get64(MDKROWS_COUNT) && !get32(MDKROWS_STATUS), "reset.registers_are_as_new");
	ok_is(get64(MDKROWS_MOMENT), 1LL << 32 | 1, "reset.the_driver_was_told");
	ok(get32(COMMAND) & COMMAND_MASTER, "reset.bus_mastering_stays");
	put32(MDKROWS_KEPT, 1U << 31 | 5);
	ok_is(get32(MDKROWS_KEPT), 0x1234, "reset.what_else_was_written_is_gone");
}

/* A byte of the capability's, behind its header of three. */
static uint8_t shown(unsigned int nr)
{
	uint8_t byte = 0;

	if (pread(rows.device, &byte, 1, CAP + 3 + nr) != 1)
		diag("read: %s", strerror(errno));
	return byte;
}

static bool all_shown_from(uint8_t first)
{
	bool good = true;

	for (unsigned int i = 0; i < MDKROWS_CAP_SIZE; i++)
		good &= shown(i) == (uint8_t)(first + i);
	return good;
}

static void test_live(void)
{
	uint8_t byte = 0xff;

	ok((get32(CAP) & 0xff00ff) == (((3 + MDKROWS_CAP_SIZE) << 16) | 9),
	   "live.header_is_the_sdk's");
	ok(all_shown_from(MDKROWS_CAP_POWER_ON), "live.power_on_is_the_state's");
	put32(MDKROWS_CAP_SET, 0 << 8 | 1);
	put32(MDKROWS_CAP_SET, 8 << 8 | 2);
	ok(shown(0) == 1 && shown(8) == 2, "live.what_the_driver_stores_is_read");
	put32(MDKROWS_CAP_SET, 2 << 8 | 0x34);
	ok(get32(CAP + 4) >> 8 << 8 == 0xa4a33400, "live.in_four_bytes");
	if (pwrite(rows.device, &byte, 1, CAP + 4) != 1)
		diag("write: %s", strerror(errno));
	ok_is(shown(1), 0xa0 | MDKROWS_CAP_WRITABLE, "live.a_guest_writes_by_mask");
	ok_is(get32(MDKROWS_CAP_GET), 0xa4a334af, "live.what_a_guest_writes_is_the_driver's");
	put32(CAP + 4, 0);
	put32(CAP + 8, 0);
	ok(get32(MDKROWS_CAP_GET) == 0xa4a334a0 && shown(8) == 2, "live.nothing_else_is_written");
	put32(CAP, ~0U);
	ok((get32(CAP) & 0xff) == 9 && shown(0) == 1, "live.no_guest_writes_the_header");
	put32(MDKROWS_RESET, 1);
	ok(all_shown_from(MDKROWS_CAP_POWER_ON), "live.as_the_reset_leaves_it");
	put32(MDKROWS_CAP_SET, 3 << 8 | 7);
	reset_user(&rows);
	ok(all_shown_from(MDKROWS_CAP_POWER_ON), "live.by_any_reset");
	ok(file_has(DEBUGFS "mdkrows/registers", "bytes of the driver's state"), "live.in_the_page");
}

void test_regs(void)
{
	if (system("mount -t debugfs none /sys/kernel/debug 2>/dev/null"))
		diag("debugfs is mounted already");
	ok_is(open_user_pci(&rows, UUID_A), 0, "regs.open");
	test_sets();
	test_counters();
	test_busy();
	test_resets();
	test_live();
	close_user(&rows);
}
