#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what happens to a parent is caught by the test that is there for it
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh

# variant | piece | results that must fail
variants() {
	cat <<-'END'
	pause-not-fenced|pci|reset.registers_are_ones
	hardware-not-fenced|pci|reset.hardware_is_ones
	pause-keeps-mappings|pci|reset.hardware_is_ones
	resume-keeps-mappings|pci|back.mappings_show_it_again
	pause-keeps-pins|pci|back.the_pin_is_dead
	pause-forgets-workers|pci|back.the_copy_was_made_anew
	resume-forgets-a-reset|pcilost|owed.the_hardware_is_reset_for_him
	pause-one-by-one|pcilost|stuck.the_other_is_fenced_at_once
	sections-stay-open|pcilost|owed.nobody_touched_the_hardware
	any-address-mapped|pcilost|map_hw.refused
	error-ends-with-sleep|pcilost|error.stays
	unborn-suspended|pcilost|unborn.only_the_others
	close-not-awaited|pcileave|close.nothing_is_written
	waits-inside-vfio|pcistall|stalled.the_other_is_back
	copy-forgets-gone|pci|gone.a_copy_says
	killed-user-waits|pcikill|killed.in_a_callback_that_copies
	stray-keeps-its-fault|pcikill|killed.in_a_callback_that_copies
	close-waits-inside-vfio|pcikill|killed.while_a_worker_copies
	reset-waits-for-a-copy|pcikill|worker.that_copies_does_not_hold_up
	register-reset-lost|pcistall|register.reset_is_not_lost
	gone-does-not-ask|pcilost|lost.both_are_asked_to_leave
	pages-not-merged|pci|dma.contiguous_pages_are_one_piece
	END
}

# As caught(), and the trace must tell of it as well.
seen_from_outside() {
	rm -f "$TMP/trace"
	caught "$1" pci 'not ok' && ! untouched
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
BOOT_OPTIONS=("${PARENT[@]}")
as_it_is() {
	build_in_copy && boot_copy pci && untouched
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant piece pattern; do
	check "$variant" caught "$variant" "$piece" "^not ok .*$pattern"
done < <(variants)
check "a mapping that stays is seen in QEMU's trace" seen_from_outside pause-keeps-mappings
seen_by_the_iommu() {
	caught "$1" pcileave '.' && ! nothing_refused
}
check "DMA to memory that is taken from an instance that goes is seen by the IOMMU" \
	seen_by_the_iommu gone-is-an-excuse
check "an access that is let through is seen in QEMU's trace" seen_from_outside hardware-not-fenced
finish
