#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of the framework is caught by the test that is there for it
# tier: full
# timeout: 900
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
	END
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy pins
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant piece pattern; do
	check "$variant" caught "$variant" "$piece" "$pattern"
done < <(variants)
finish
