// SPDX-License-Identifier: GPL-2.0-only
/* The arithmetic of rings and frames, with what a hostile guest may choose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run/access/ring_index.h"
#include "mdk_net/frame.h"

static void test_size(void **state)
{
	(void)state;
	for (u32 size = 0; size < 5000; size++) {
		bool power = size == 2 || size == 4 || size == 8 || size == 16 || size == 32 ||
			     size == 64 || size == 128 || size == 256 || size == 512 ||
			     size == 1024;

		assert_int_equal(mdk_ring_size_good(size, 1024), power);
	}
	assert_false(mdk_ring_size_good(0x80000000, 32768));
	assert_false(mdk_ring_size_good(0xffffffff, 32768));
	assert_true(mdk_ring_size_good(32768, 32768));
}

/* From each filling, at the start, and over the seam at 2^32. */
static void test_step(void **state)
{
	static const u32 starts[] = { 0, 5, 0x7fffffff, 0xfffffff8, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		for (u32 filled = 0; filled <= 8; filled++) {
			struct mdk_ring_index index = {
				.size = 8, .consumed = starts[i], .produced = starts[i] + filled,
			};

			assert_int_equal(mdk_ring_filled(&index), filled);
			for (u32 step = 0; step <= 8 - filled; step++)
				assert_true(mdk_ring_step_good(&index, index.produced + step));
			assert_false(mdk_ring_step_good(&index, index.consumed + 9));
			assert_false(mdk_ring_step_good(&index, index.produced - 1));
			assert_false(mdk_ring_step_good(&index, index.produced + 0x80000000));
			assert_false(mdk_ring_step_good(&index, index.consumed - 8));
		}
}

/* Slots follow each other, over the end and over the seam. */
static void test_slot(void **state)
{
	struct mdk_ring_index index = { .size = 8, .consumed = 0xfffffff0 };

	(void)state;
	for (u32 i = 0; i < 64; i++, index.consumed++)
		assert_int_equal(mdk_ring_slot(&index), i % 8);
}

static void test_range(void **state)
{
	(void)state;
	assert_false(mdk_ring_range_good(0x1000, 0));
	assert_true(mdk_ring_range_good(0, 1));
	assert_true(mdk_ring_range_good(0, 0xffffffff));
	assert_true(mdk_ring_range_good(UINT64_MAX, 1));
	assert_false(mdk_ring_range_good(UINT64_MAX, 2));
	assert_true(mdk_ring_range_good(UINT64_MAX - 63, 64));
	assert_false(mdk_ring_range_good(UINT64_MAX - 63, 65));
	assert_false(mdk_ring_range_good(UINT64_MAX - 63, 0xffffffff));
}

/* Pieces cover a range without a gap, and none crosses a page. */
static void test_piece(void **state)
{
	static const u64 firsts[] = { 0, 1, 0xfff, 0x1000, 0x12345, UINT64_MAX - 0x2fff };
	static const u32 lens[] = { 1, 2, 4095, 4096, 4097, 9018 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(firsts); i++)
		for (size_t j = 0; j < ARRAY_SIZE(lens); j++)
			for (u32 done = 0, piece; done < lens[j]; done += piece) {
				u64 at = firsts[i] + done;

				piece = mdk_ring_piece(at, lens[j] - done, 12);
				assert_int_not_equal(piece, 0);
				assert_true(piece <= lens[j] - done);
				assert_int_equal(at >> 12, (at + piece - 1) >> 12);
			}
}

static void test_frame(void **state)
{
	static const u8 all[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, none[6];
	static const u8 one[] = { 2, 0, 0, 0, 0, 1 }, last[] = { 0, 0, 0, 0, 0, 1 };

	(void)state;
	assert_false(mdk_frame_len_good(0, 1500));
	assert_false(mdk_frame_len_good(13, 1500));
	assert_true(mdk_frame_len_good(14, 1500));
	assert_true(mdk_frame_len_good(1518, 1500));
	assert_false(mdk_frame_len_good(1519, 1500));
	assert_false(mdk_frame_len_good(0xffffffff, 9000));
	assert_true(mdk_mac_multicast(all) && !mdk_mac_multicast(none));
	assert_false(mdk_mac_unicast(all) || mdk_mac_unicast(none));
	assert_true(mdk_mac_unicast(one) && mdk_mac_unicast(last));
}

/* The address of a UUID never changes: guests' configurations hold it. */
static void test_mac(void **state)
{
	static const u8 known[] = { 0xfa, 0xfe, 0xba, 0x29, 0x52, 0x9f };
	char uuid[] = "aaaaaaaa-0000-4000-8000-000000000001";
	u8 macs[16][6];

	(void)state;
	mdk_mac_of("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", macs[0]);
	assert_memory_equal(macs[0], known, 6);
	for (int i = 0; i < 16; i++) {
		uuid[sizeof(uuid) - 2] = "0123456789abcdef"[i];
		mdk_mac_of(uuid, macs[i]);
		assert_int_equal(macs[i][0] & 3, 2);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(memcmp(macs[i], macs[j], 6), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size), cmocka_unit_test(test_step),
		cmocka_unit_test(test_slot), cmocka_unit_test(test_range),
		cmocka_unit_test(test_piece), cmocka_unit_test(test_frame),
		cmocka_unit_test(test_mac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
