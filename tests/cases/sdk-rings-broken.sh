#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of rings as rows is caught by the test that is there for it
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | results that must fail
variants() {
	cat <<-'END'
	ring-index-unchecked|index\.(one_too_far|far_too_far|back)
	ring-place-unchecked|index.place_behind_the_ring
	ring-size-kept|work.around_the_ring|running.size_begins_anew
	ring-full-completions-ignored|cq.full_one_lets_work_wait
	ring-phase-stands-still|cq.phase_changes_with_the_turn
	ring-neighbours-registers|work.second_ring_of_the_row_has_its_own|create
	ring-again-forgotten|outcome.EAGAIN_comes_again
	ring-busy-holds-up|outcome.EBUSY_holds_up_no_other_ring
	ring-error-goes-on|outcome.nothing_behind_it_is_done|outcome.an_error_breaks_the_ring
	ring-loss-not-told|unmap.is_told_without_a_doorbell
	ring-shown-as-running|unmap.breaks_at_once
	ring-rate-ignored|rate.is_kept
	ring-fetched-too-early|more.fetched_when_it_is_used
	ring-size-bits-ignored|more.starts|select.each_ring_has_its_own_registers
	ring-refused-start-hidden|setup.size_1|cq.not_mapped_is_refused|driver.refused_start_is_shown
	ring-raises-too-early|raises.when_the_round_is_over
	ring-raises-forgotten|raises.what_a_descriptor_says
	ring-driver-starts-half|driver.start_clears_the_guest's_end|driver.start_looks_for_work
	ring-select-unchecked|select.none_reads_0_and_drops_writes
	ring-select-first|select.they_stay_what_they_are
	ring-select-over-reset|select.reset_registers_of_all_are_as_new
	ring-select-not-for-driver|select.the_driver_reads_the_selected_one
	owned-ring-goes-on|reset.stops_the_ring
	END
}

client_build
FIXTURE=mdkrings
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk
# A guest works its registers while the worker serves the rings.
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy rings
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" rings "^not ok .*($pattern)"
done < <(variants)
# Its model is refused, and there is no client.
# shellcheck disable=SC2034
BOOTS=1
check "ring-pages-not-computed" caught ring-pages-not-computed rings 'explain M199'
finish
