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
	END
}

client_build
FIXTURE=mdkrows
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk
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
