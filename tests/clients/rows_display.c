// SPDX-License-Identifier: GPL-2.0-only
/*
 * A monitor whose guest has no register for its EDID, statistics, and the worker of the ops;
 * fixture mdkrows. How a guest reads the EDID is in vgpu.c.
 */
#include <stddef.h>
#include <sys/mman.h>

#include "../fixtures/mdkrows/mdkrows.h"
#include "rows.h"

#define EDID (9ULL << 40)
#define FIELD(_name) (EDID + offsetof(struct vfio_region_gfx_edid, _name))
#define BLOB (EDID + 64)
#define STATS ((uint64_t)MDKROWS_STATS << 40)

static void link_set(uint32_t state)
{
	put32(FIELD(link_state), state);
}

static void test_monitor(void)
{
	const uint32_t last = BLOB + MDKROWS_EDID_BYTES - 4 - EDID;

	ok_is(get32(FIELD(edid_max_size)), MDKROWS_EDID_BYTES, "monitor.room");
	ok(get32(FIELD(max_xres)) == 64 && get32(FIELD(max_yres)) == 48, "monitor.largest_mode");
	put32(FIELD(edid_size), MDKROWS_EDID_BYTES);
	put32(EDID + last, 0x12345678);
	ok_is(get32(MDKROWS_PLUGS), 0, "monitor.is_not_there_yet");
	link_set(VFIO_DEVICE_GFX_LINK_STATE_UP);
	ok_is(get32(MDKROWS_PLUGS), 1 << 16 | 1 << 15 | MDKROWS_EDID_BYTES, "monitor.driver_is_told");
	ok_is(get32(MDKROWS_LAST_WORD), 0x12345678, "monitor.driver_reads_it");
	put32(FIELD(edid_size), 128);
	link_set(VFIO_DEVICE_GFX_LINK_STATE_UP);
	ok_is(get32(MDKROWS_PLUGS), 2 << 16 | 1 << 15 | 128, "monitor.a_smaller_one");
	ok_is(get32(MDKROWS_LAST_WORD), 0, "monitor.zeroes_behind_it");
	link_set(VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	ok_is(get32(MDKROWS_PLUGS), 3 << 16, "monitor.is_gone");
	put32(FIELD(edid_size), MDKROWS_EDID_BYTES + 1);
	ok_is(get32(FIELD(edid_size)), 128, "monitor.larger_than_the_room_is_not_taken");
}

static void test_next_monitor(void)
{
	link_set(VFIO_DEVICE_GFX_LINK_STATE_UP);
	close_user(&rows);
	ok_is(open_user_pci(&rows, UUID_A), 0, "monitor.next_user");
	ok(get32(FIELD(link_state)) == VFIO_DEVICE_GFX_LINK_STATE_DOWN &&
	   !get32(FIELD(edid_size)) && !get32(BLOB + MDKROWS_EDID_BYTES - 4) &&
	   !get32(MDKROWS_PLUGS), "monitor.next_user_has_none");
}

static bool reaches(volatile uint64_t *number, uint64_t value)
{
	for (int i = 0; i < 200 && *number != value; i++)
		usleep(10000);
	return *number == value;
}

static void test_statistics(void)
{
	volatile uint64_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
				       rows.device, STATS);

	if (page == MAP_FAILED) {
		ok(false, "stats.are_mapped");
		return;
	}
	page[MDKROWS_HARD / 8] = 1000;
	put32(MDKROWS_RAISE_HARD, 1);
	ok(reaches(&page[MDKROWS_HARD / 8], 1), "stats.from_a_hard_interrupt");
	put32(MDKROWS_STAT, 0x50ff8);
	ok_is(page[PAGE / 8 - 1], 0x50ff8, "stats.the_last_one");
	put32(MDKROWS_STAT, 0x1000);
	put32(MDKROWS_STAT, 0x1004);
	ok(!page[0x100 / 8], "stats.none_outside");
	put32(MDKROWS_WORK, 1);
	ok(get32(MDKROWS_LAST) == 1 && reaches(&page[MDKROWS_WORKED / 8], 1), "work.of_the_ops_runs");
	put32(MDKROWS_WORK, 60000);
	put32(MDKROWS_WORK, 60000);
	ok_is(get32(MDKROWS_LAST), 0, "work.is_queued_once");
	reset_user(&rows);
	ok(!page[MDKROWS_WORKED / 8] && !page[PAGE / 8 - 1], "stats.zero_after_a_reset");
	put32(MDKROWS_WORK, 0);
	ok(get32(MDKROWS_LAST) == 1 && reaches(&page[MDKROWS_WORKED / 8], 1),
	   "work.a_reset_took_back_what_was_queued");
	munmap((void *)page, PAGE);
}

void test_rows_display(void)
{
	ok_is(open_user_pci(&rows, UUID_A), 0, "display.open");
	test_monitor();
	test_next_monitor();
	test_statistics();
	close_user(&rows);
}
