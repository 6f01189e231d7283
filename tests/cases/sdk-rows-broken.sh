#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what the SDK does for a row is caught by the test that is there for it
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | results that must fail
variants() {
	cat <<-'END'
	param-range-unchecked|not ok .*param.below_its_range
	param-lost-by-reset|not ok .*param.survives_a_reset_that_clears_the_state
	param-changed-while-open|not ok .*param.closed_while_open
	cause-mask-ignored|not ok .*mask.a_one_holds_back
	cause-unmasked-forgotten|not ok .*mask.sent_when_unmasked
	cause-pin-stays-up|not ok .*pin.down_when_the_last_is_masked
	cause-polarity-ignored|not ok .*enable\.|not ok .*mask.a_one_holds_back
	cause-pin-looked-at-once|not ok .*race.the_pin_is_right_at_the_end
	set-tells-the-first|not ok .*set.callback_is_told_which
	set-shares-a-value|not ok .*set.one_is_written_alone
	counter-not-latched|not ok .*counter.high_half_is_of_the_same_moment
	counter-outlives-reset|not ok .*reset.registers_are_as_new
	register-resets-nothing|not ok .*reset.registers_are_as_new
	register-resets-config|not ok .*reset.bus_mastering_stays
	cause-mask-serves-one|not ok .*common.the_other_register
	cause-forgotten-at-open|not ok .*causes.from_before_the_open
	cause-of-the-life-before|not ok .*reset.tells_of_nothing
	param-floods-the-log|not ok .*flood.of_bad_numbers
	counter-waits-for-guest|not ok .*counter.of_a_busy_device
	cause-pair-keeps-two|not ok .*pair.either_gives_the_mask
	cause-pair-clears-all|not ok .*pair.a_one_clears
	cause-pair-forgets|not ok .*pair.sent_when_cleared
	cause-set-forgets|not ok .*pair.sent_when_set
	cause-does-not-mask-itself|not ok .*auto.a_message_masks_its_cause
	cause-masks-itself-for-nobody|not ok .*auto.the_pin_masks_nothing
	cause-pick-ignored|not ok .*pick.reaches_the_vector
	cause-pick-beyond|not ok .*pick.one_too_many_interrupts_nobody
	gap-ignored|not ok .*gap.the_last_is_not_lost
	gap-loses-the-last|not ok .*gap.the_last_is_not_lost
	gap-outlives-reset|not ok .*gap.the_next_life_begins
	gap-without-end|not ok .*gap.no_longer_than_a_second
	cap-live-stale|not ok .*live.what_the_driver_stores
	cap-live-unmasked|not ok .*live.a_guest_writes_by_mask
	cap-live-write-lost|not ok .*live.what_a_guest_writes
	gap-sends-what-is-over|not ok .*gap.cleared_meanwhile
	END
}

# A model whose register table is missing is refused; a variant looks into it.
boot_refused() {
	"$TMP/sdk/mdev-sdk" boot --kernel 6.1 --file "$refused:/lab/refused.ko" \
		--run 'insmod /lab/refused.ko bad=cause_no_table; true' --log "$TMP/log" --timeout 60
}

is_refused() {
	boot_refused >"$TMP/boot.out" 2>&1
	grep 'cause 0: .* has no register at 0x0' "$TMP/log"
}

looked_into() {
	local status=0
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/cause-table-unchecked.patch" || return 1
	build_in_copy && is_refused && status=1
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/cause-table-unchecked.patch"
	[ "$status" = 0 ] && grep 'NULL pointer' "$TMP/log"
}

client_build
FIXTURE=mdkrows
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk
# One processor has no race between a guest and an interrupt.
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
framework_for 6.1 && ko=$(fixture_for 6.1) && refused=$(FIXTURE=refused fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy rows && is_refused
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" rows "$pattern"
done < <(variants)
check "cause-table-unchecked" looked_into
finish
