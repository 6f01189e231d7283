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
