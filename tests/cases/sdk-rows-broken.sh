#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what the SDK does for a row is caught by the test that is there for it
# tier: full
# timeout: 1200
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
	END
}

client_build
FIXTURE=mdkrows
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk
# One processor has no race between a guest and an interrupt.
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy rows
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" rows "$pattern"
done < <(variants)
finish
