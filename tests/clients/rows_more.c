// SPDX-License-Identifier: GPL-2.0-only
/* Causes: pairs of mask registers, masks by themselves, picked vectors, moderation; mdkrows. */
#include "../fixtures/mdkrows/mdkrows.h"
#include "rows.h"

#define GAP_MS 300
#define DEBUGFS "/sys/kernel/debug/mdk/" UUID_A

static void all_clear(void)
{
	put32(MDKROWS_MORE_CLEAR, 0xf);
	put32(MDKROWS_MORE, 0xf);
	/* What is pending would be sent again when it is unmasked. */
	put32(MDKROWS_PAIR, 1);
	put32(MDKROWS_PAIR_CLEAR, 1);
}

static bool mask_is(uint32_t mask)
{
	return get32(MDKROWS_MORE_SET) == mask && get32(MDKROWS_MORE_CLEAR) == mask;
}

static void test_pairs(void)
{
	uint8_t byte = 2;

	ok(mask_is(0), "pair.nothing_at_power_on");
	put32(MDKROWS_MORE_SET, 0xfb);
	ok(mask_is(0xb), "pair.either_gives_the_mask");
	put32(MDKROWS_MORE_SET, 0);
	put32(MDKROWS_MORE_CLEAR, 0);
	ok(mask_is(0xb), "pair.zeros_change_nothing");
	put32(MDKROWS_MORE_CLEAR, 1);
	ok(mask_is(0xa), "pair.a_one_clears");
	if (pwrite(rows.device, &byte, 1, MDKROWS_MORE_CLEAR) != 1)
		diag("write: %s", strerror(errno));
	ok(mask_is(8), "pair.by_a_byte");
	all_clear();
	put32(MDKROWS_RAISE_MORE, 2);
	ok(quiet() && !pin_is_up(), "pair.a_zero_holds_back");
	put32(MDKROWS_MORE_SET, 2);
	ok(take(0, SOON) == 1 && pin_is_up(), "pair.sent_when_set");
	put32(MDKROWS_MORE_CLEAR, 2);
	ok(!pin_is_up(), "pair.pin_is_down_when_cleared");
	all_clear();
	put32(MDKROWS_PAIR_SET, 1);
	put32(MDKROWS_RAISE_PAIR, 1);
	ok(quiet() && get32(MDKROWS_PAIR_CLEAR) == 1, "pair.a_one_holds_back");
	put32(MDKROWS_PAIR_CLEAR, 1);
	ok_is(take(1, SOON), 1, "pair.sent_when_cleared");
	all_clear();
}

static void test_auto_masks(void)
{
	put32(MDKROWS_MORE_SET, 1);
	put32(MDKROWS_RAISE_MORE, 1);
	ok(take(0, SOON) == 1 && mask_is(0), "auto.a_message_masks_its_cause");
	put32(MDKROWS_RAISE_MORE, 1);
	ok(quiet(), "auto.nothing_more_is_sent");
	put32(MDKROWS_MORE, 1);
	put32(MDKROWS_MORE_SET, 1);
	ok(quiet() && mask_is(1), "auto.unmasked_without_a_cause");
	put32(MDKROWS_MORE_CLEAR, 1);
	put32(MDKROWS_RAISE_MORE, 1);
	put32(MDKROWS_MORE_SET, 1);
	ok(take(0, SOON) == 1 && mask_is(0), "auto.sent_at_unmask_and_masked_again");
	all_clear();
	put32(MDKROWS_RAISE_PAIR, 1);
	ok(take(1, SOON) == 1 && get32(MDKROWS_PAIR_SET) == 1, "auto.where_a_one_masks");
	all_clear();
	disarm(MSIX, VECTORS);
	put32(MDKROWS_MORE_SET, 1);
	put32(MDKROWS_RAISE_MORE, 1);
	ok(mask_is(1) && pin_is_up(), "auto.the_pin_masks_nothing");
	all_clear();
	arm(MSIX, VECTORS);
}

static bool counted_wrong(unsigned int n)
{
	char text[4096], line[32];

	snprintf(line, sizeof(line), "vectors_wrong %u\n", n);
	return read_file(DEBUGFS, text, sizeof(text)) > 0 && strstr(text, line);
}

static void test_picks(void)
{
	put32(MDKROWS_MORE_SET, 6);
	put32(MDKROWS_PICK, 3 << 8 | 1);
	put32(MDKROWS_RAISE_MORE, 2);
	ok(take(3, SOON) == 1 && quiet(), "pick.reaches_the_vector");
	put32(MDKROWS_PICK, 1 << 8);
	put32(MDKROWS_RAISE_MORE, 2);
	ok(take(1, SOON) == 1 && quiet(), "pick.another_one");
	put32(MDKROWS_PICK, 2 << 8);
	put32(MDKROWS_RAISE_MORE, 6);
	ok(take(2, SOON) == 1 && quiet(), "pick.one_message_for_a_shared_vector");
	ok(counted_wrong(0), "pick.none_was_wrong");
	put32(MDKROWS_PICK, VECTORS << 8);
	put32(MDKROWS_RAISE_MORE, 2);
	ok(quiet() && get32(MDKROWS_MORE) & 2, "pick.one_too_many_interrupts_nobody");
	put32(MDKROWS_PICK, 0xffff);
	put32(MDKROWS_RAISE_MORE, 2);
	ok(quiet() && counted_wrong(2), "pick.and_is_counted");
	all_clear();
}

/* Return: a message was sent at once, and another cause of it waits. */
static bool one_waits(void)
{
	bool sent;

	put32(MDKROWS_GAP, GAP_MS * 1000);
	put32(MDKROWS_MORE_SET, 4);
	put32(MDKROWS_RAISE_MORE, 4);
	sent = take(2, SOON) == 1;
	for (int i = 0; i < 5; i++)
		put32(MDKROWS_RAISE_MORE, 4);
	return sent;
}

static void end_gap(void)
{
	all_clear();
	usleep((GAP_MS + QUIET) * 1000);
}

static void test_gaps(void)
{
	long since = now_ms();

	ok(one_waits(), "gap.the_first_at_once");
	ok(take(2, 5 * GAP_MS) == 1 && now_ms() - since >= GAP_MS - 1, "gap.the_last_is_not_lost");
	ok(quiet_for(GAP_MS + QUIET), "gap.those_between_are_one");
	since = now_ms();
	put32(MDKROWS_RAISE_MORE, 4);
	ok(take(2, SOON) == 1 && now_ms() - since < GAP_MS, "gap.at_once_after_a_pause");
	end_gap();
	one_waits();
	put32(MDKROWS_MORE, 4);
	ok(quiet_for(GAP_MS + QUIET), "gap.cleared_meanwhile_is_not_sent");
	end_gap();
	one_waits();
	put32(MDKROWS_MORE_CLEAR, 4);
	ok(quiet_for(GAP_MS + QUIET), "gap.masked_meanwhile_is_not_sent");
	put32(MDKROWS_MORE_SET, 4);
	ok_is(take(2, SOON), 1, "gap.but_when_it_is_unmasked");
	end_gap();
	put32(MDKROWS_GAP, ~0U);
	put32(MDKROWS_MORE_SET, 4);
	put32(MDKROWS_RAISE_MORE, 4);
	put32(MDKROWS_RAISE_MORE, 4);
	ok(take(2, SOON) == 1 && take(2, 3 * SOON) == 1, "gap.no_longer_than_a_second");
	put32(MDKROWS_GAP, 0);
	usleep(SOON * 1000);
	put32(MDKROWS_RAISE_MORE, 4);
	put32(MDKROWS_RAISE_MORE, 4);
	ok_is(take(2, SOON), 2, "gap.none");
	all_clear();
	put32(MDKROWS_MORE_SET, 8);
	put32(MDKROWS_RAISE_MORE, 8);
	ok(take(3, SOON) == 1 && mask_is(0), "gap.masks_itself_too");
	put32(MDKROWS_MORE_SET, 8);
	ok(take(3, SOON) == 1 && mask_is(0), "gap.unmasked_and_sent_in_its_time");
	end_gap();
}

static void test_gap_ends(void)
{
	one_waits();
	put32(MDKROWS_RESET, 1);
	put32(MDKROWS_MORE_SET, 4);
	ok(quiet_for(GAP_MS + QUIET), "gap.ends_at_a_reset");
	one_waits();
	put32(MDKROWS_RESET, 1);
	put32(MDKROWS_MORE_SET, 4);
	put32(MDKROWS_RAISE_MORE, 4);
	ok_is(take(2, GAP_MS / 3), 1, "gap.the_next_life_begins_without_one");
	disarm(MSIX, VECTORS);
	arm(MSIX, VECTORS);
	put32(MDKROWS_RESET, 1);
	one_waits();
	disarm(MSIX, VECTORS);
	close_user(&rows);
	ok_is(open_user_pci(&rows, UUID_A), 0, "gap.open_again");
	arm(MSIX, VECTORS);
	put32(MDKROWS_MORE_SET, 4);
	ok(quiet_for(GAP_MS + QUIET), "gap.ends_at_the_last_close");
}

void test_more_causes(void)
{
	if (system("mount -t debugfs none /sys/kernel/debug 2>/dev/null"))
		diag("debugfs is mounted already");
	ok_is(open_user_pci(&rows, UUID_A), 0, "more.open");
	arm(MSIX, VECTORS);
	test_pairs();
	test_auto_masks();
	test_picks();
	test_gaps();
	test_gap_ends();
	disarm(MSIX, VECTORS);
	close_user(&rows);
}
