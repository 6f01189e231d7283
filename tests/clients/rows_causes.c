// SPDX-License-Identifier: GPL-2.0-only
/* Causes of interrupts: pin, messages and masks follow from registers; fixture mdkrows. */
#include <pthread.h>
#include <stdatomic.h>

#include "../fixtures/mdkrows/mdkrows.h"
#include "rows.h"

#define RACE_MS 2000
#define RACES 100

static void test_messages(void)
{
	arm(MSIX, VECTORS);
	put32(MDKROWS_RAISE, 2);
	ok_is(take(1, SOON), 1, "cause.reaches_its_vector");
	ok(quiet(), "cause.reaches_no_other");
	ok_is(get32(MDKROWS_STATUS), 2, "cause.is_in_the_status_register");
	put32(MDKROWS_RAISE, 2);
	ok_is(take(1, SOON), 1, "cause.pending_is_sent_again");
	put32(MDKROWS_RAISE, 7);
	ok(take(0, SOON) == 1 && take(1, SOON) == 1 && take(2, SOON) == 1, "cause.several_at_once");
	put32(MDKROWS_ENABLE, 3);
	put32(MDKROWS_RAISE_EVENTS, 3);
	ok_is(take(MDKROWS_OTHERS, SOON), 1, "cause.one_message_for_a_shared_vector");
	ok_is(get32(MDKROWS_EVENTS), 3, "cause.read_finds_it");
	ok_is(get32(MDKROWS_EVENTS), 0, "cause.read_clears_it");
	put32(MDKROWS_RAISE_HARD, 4);
	ok_is(take(2, SOON), 1, "cause.from_a_hard_interrupt");
	put32(MDKROWS_ENABLE, 0);
	put32(MDKROWS_STATUS, 7);
}

static void test_masks(void)
{
	put32(MDKROWS_MASK, 2);
	put32(MDKROWS_RAISE, 2);
	ok(quiet(), "mask.a_one_holds_back");
	put32(MDKROWS_MASK, 3);
	ok(quiet(), "mask.still_held_back");
	put32(MDKROWS_MASK, 1);
	ok_is(take(1, SOON), 1, "mask.sent_when_unmasked");
	put32(MDKROWS_MASK, 0);
	ok(quiet(), "mask.sent_once");
	put32(MDKROWS_MASK, 2);
	put32(MDKROWS_STATUS, 2);
	put32(MDKROWS_MASK, 0);
	ok(quiet(), "mask.cleared_meanwhile_is_not_sent");
	put32(MDKROWS_DRIVER_MASK, 4);
	put32(MDKROWS_RAISE, 4);
	ok(quiet(), "mask.by_the_driver");
	put32(MDKROWS_DRIVER_MASK, 0);
	ok_is(take(2, SOON), 1, "mask.unmasked_by_the_driver");
	put32(MDKROWS_RAISE_EVENTS, 1);
	ok(quiet(), "enable.a_zero_holds_back");
	put32(MDKROWS_ENABLE, 1);
	ok_is(take(MDKROWS_OTHERS, SOON), 1, "enable.sent_when_enabled");
	put32(MDKROWS_ENABLE, 0);
	get32(MDKROWS_EVENTS);
	put32(MDKROWS_STATUS, 7);
	disarm(MSIX, VECTORS);
	arm(MSI, 1);
	put32(MDKROWS_RAISE, 4);
	ok_is(take(0, SOON), 1, "cause.by_msi_too");
	put32(MDKROWS_STATUS, 7);
	disarm(MSI, 1);
}

/* One mask register serves two status registers. */
static void test_common_mask(void)
{
	arm(MSIX, VECTORS);
	put32(MDKROWS_MASK, 3);
	put32(MDKROWS_RAISE, 1);
	put32(MDKROWS_RAISE_FAULTS, 2);
	ok(quiet(), "common.a_one_holds_both_back");
	put32(MDKROWS_MASK, 0);
	ok_is(take(0, SOON), 1, "common.sent_when_unmasked");
	ok_is(take(MDKROWS_OTHERS, SOON), 1, "common.the_other_register's_too");
	put32(MDKROWS_STATUS, 7);
	put32(MDKROWS_FAULTS, 7);
	disarm(MSIX, VECTORS);
}

/* What comes while a reset ends the life before is not told to the one after. */
static void test_raised_by_reset(void)
{
	arm(MSIX, VECTORS);
	set_param_of("mdkrows", "reset_raises", "1");
	put32(MDKROWS_RESET, 1);
	ok(quiet() && !get32(MDKROWS_STATUS), "reset.tells_of_nothing_that_it_ends");
	set_param_of("mdkrows", "reset_raises", "0");
	put32(MDKROWS_RAISE, 1);
	ok_is(take(0, SOON), 1, "reset.causes_come_afterwards");
	put32(MDKROWS_STATUS, 7);
	disarm(MSIX, VECTORS);
}

static void test_pin(void)
{
	ok(!pin_is_up(), "pin.down_at_first");
	put32(MDKROWS_RAISE, 3);
	ok(pin_is_up(), "pin.up_with_a_cause");
	put32(MDKROWS_STATUS, 1);
	ok(pin_is_up(), "pin.up_while_one_is_left");
	put32(MDKROWS_MASK, 2);
	ok(!pin_is_up(), "pin.down_when_the_last_is_masked");
	put32(MDKROWS_MASK, 0);
	ok(pin_is_up(), "pin.up_when_unmasked");
	put32(MDKROWS_DRIVE, 1);
	put32(MDKROWS_STATUS, 2);
	ok(pin_is_up(), "pin.up_by_another_status_register");
	put32(MDKROWS_LEVEL, 1);
	ok(pin_is_up(), "pin.no_guest_clears_a_level");
	put32(MDKROWS_DRIVE, 0);
	ok(!pin_is_up() && !get32(MDKROWS_LEVEL), "pin.down_when_the_level_is");
	put32(MDKROWS_ENABLE, 1);
	put32(MDKROWS_RAISE_EVENTS, 1);
	ok(pin_is_up(), "pin.up_until_read");
	get32(MDKROWS_EVENTS);
	ok(!pin_is_up(), "pin.down_by_a_read");
	put32(MDKROWS_RAISE, 1);
	reset_user(&rows);
	ok(!pin_is_up() && !get32(MDKROWS_STATUS), "pin.down_by_a_reset");
	arm(0, 1);
	put32(MDKROWS_RAISE, 1);
	ok_is(take(0, SOON), 1, "pin.is_delivered");
	put32(MDKROWS_STATUS, 7);
	disarm(0, 1);
}

/* Hard interrupts raise while one thread clears and another masks: nothing is lost or left over. */

static atomic_int stop;
static atomic_uint raised;

static void *raiser(void *arg)
{
	(void)arg;
	while (!stop) {
		put32(MDKROWS_RAISE_HARD, 1 + raised % 7);
		raised++;
	}
	return NULL;
}

static void *masker(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; !stop; i++)
		put32(MDKROWS_MASK, i % 8);
	return NULL;
}

/* Nothing is written between the last change and the look at the pin: that would mend it. */
static bool race(unsigned int *cleared)
{
	long end = now_ms() + RACE_MS / RACES;
	pthread_t threads[2];
	bool needed;

	stop = 0;
	pthread_create(&threads[0], NULL, raiser, NULL);
	pthread_create(&threads[1], NULL, masker, NULL);
	while (now_ms() < end) {
		put32(MDKROWS_STATUS, 7);
		(*cleared)++;
	}
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	needed = get32(MDKROWS_STATUS) & ~get32(MDKROWS_MASK);
	return pin_is_up() == needed;
}

static void test_races(void)
{
	unsigned int cleared = 0, wrong = 0;

	for (int i = 0; i < RACES; i++)
		wrong += !race(&cleared);
	diag("%u raised, %u cleared, %u of %u times the pin was wrong", raised, cleared, wrong,
	     RACES);
	ok(!wrong && raised > 100, "race.the_pin_is_right_at_the_end");
	put32(MDKROWS_MASK, 0);
	put32(MDKROWS_STATUS, 7);
}

void test_causes(void)
{
	ok_is(open_user_pci(&rows, UUID_A), 0, "causes.open");
	test_messages();
	test_masks();
	test_common_mask();
	test_raised_by_reset();
	test_pin();
	test_races();
	put32(MDKROWS_RAISE, 1);
	close_user(&rows);
	ok_is(open_user_pci(&rows, UUID_A), 0, "causes.open_again");
	ok(!pin_is_up() && !get32(MDKROWS_STATUS), "causes.next_user_finds_none");
	close_user(&rows);
	ok_is(write_file(mdev_path(UUID_A, "rows/raise"), "1"), 0, "causes.raised_while_closed");
	ok_is(open_user_pci(&rows, UUID_A), 0, "causes.open_once_more");
	ok(pin_is_up() && get32(MDKROWS_STATUS) == 1, "causes.from_before_the_open_has_the_pin_up");
	put32(MDKROWS_STATUS, 1);
	ok(!pin_is_up(), "causes.until_it_is_cleared");
	close_user(&rows);
}
