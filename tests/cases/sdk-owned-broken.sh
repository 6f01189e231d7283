#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each thing of the SDK's that outlives a reset or a close is caught; so is a break that nobody hears of
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | results that must fail
variants() {
	cat <<-'END'
	owned-queued-runs|reset.timer.does_not_run
	delay-outlives-close|close.timer.(does_not_run|no_message|the_picture)
	delay-in-ticks|delay.is_not_a_tick
	owned-running-goes-on|reset.worker_that_runs.has_ended
	owned-new-one-lost|reset.queues.runs_once
	owned-ring-goes-on|(reset|close).ring.is_not_served
	owned-pin-lives|reset.pin.is_dead
	owned-port-keeps-frames|(reset|close).port.is_empty
	owned-frame-is-sent|(reset|close).frame.is_not_sent
	owned-port-opened|close.port.nothing_came_between
	owned-plane-kept|reset.plane.is_forgotten
	owned-plane-counts-anew|reset.plane.has_another_number
	owned-pin-stays-high|(reset|close).interrupt.is_not_the_next_user
	break-found-late|break.unmap.does_not_run
	break-not-told|break.unmap.the_driver_hears_of_it
	END
}

# All faults of a model are in one log: the first and the last of seven.
boot_refused() {
	"$TMP/sdk/mdev-sdk" boot --kernel 6.1 --file "$refused:/lab/refused.ko" \
		--run 'insmod /lab/refused.ko bad=of_all_kinds; true' --log "$TMP/log" --timeout 60
}

all_are_named() {
	boot_refused >"$TMP/boot.out" 2>&1
	grep 'of state without ops.reset' "$TMP/log" && grep "register 'DOORBELL'" "$TMP/log"
}

in_two_stages() {
	local status=0
	patch -s -p1 -d "$TMP/sdk" <tests/broken/sdk/faults-in-two-stages.patch || return 1
	build_in_copy && all_are_named && status=1
	patch -s -R -p1 -d "$TMP/sdk" <tests/broken/sdk/faults-in-two-stages.patch
	[ "$status" = 0 ] && grep 'of state without ops.reset' "$TMP/log"
}

client_build
FIXTURE=forgetful
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
framework_for 6.1 && ko=$(fixture_for 6.1) && refused=$(FIXTURE=refused fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy forget && all_are_named
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" forget "^not ok .*($pattern)"
done < <(variants)
# shellcheck disable=SC2034
BOOTS=1
check "owned-ring-first" caught owned-ring-first forget 'the guest hung|INFO: task'
check "faults-in-two-stages" in_two_stages
finish
