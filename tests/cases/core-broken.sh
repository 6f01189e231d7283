#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of the framework is caught by the test that is there for it
# tier: full
# timeout: 1200
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | piece of core-client | results that must fail, or what the verdict must say
variants() {
	cat <<-'END'
	unpin-in-dma-unmap|storm|the guest hung|INFO: task
	no-gate|repin|kernel BUG|BUG:|not ok .*repin
	gave-up-forgotten|stall|not ok .*ask_again_and_again|kernel BUG
	early-uevent|uevents|not ok .*add.vendor_attributes_are_there
	busy-removed|lifetime|not ok .*busy.remove|the guest hung
	refusal-loses-files|lifetime|not ok .*refused.remove_is_back
	evict-one-by-one|lifetime|not ok .*evict.both_were_asked
	idle-ones-first|evict|not ok .*the_other_is_asked
	parent-leaves-early|evict|sysfs: cannot create duplicate
	pins-outlive-close|pins|not ok .*time.close_releases_pins
	migration-size-not-answered|migrate|not ok .*data_size.get
	migration-offers-unknown|migrate|not ok .*offer.flags_that_the_kernel_knows
	migration-state-unchecked|migrate|not ok .*targets.none
	migration-number-is-a-file|migrate|BUG:|Oops|the guest hung
	END
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1) && migrating=$(FIXTURE=rawmig fixture_for 6.1)
copy_sdk

# One piece has a second driver.
options_for() { # piece
	BOOT_OPTIONS=()
	[ "$1" != migrate ] || BOOT_OPTIONS=(--module "$migrating")
}

as_it_is() {
	options_for migrate
	build_in_copy && boot_copy migrate || return 1
	options_for pins
	boot_copy pins
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant piece pattern; do
	options_for "$piece"
	check "$variant" caught "$variant" "$piece" "$pattern"
done < <(variants)
finish
