#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what follows when a guest switches its device off is caught
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | results that must fail
variants() {
	cat <<-'END'
	off-but-pins|power_on.pin$
	off-but-copies|power_on.dma_write
	off-but-fetches|clear.no_fetch
	off-but-speaks|power_on.no_message
	off-and-silent|power_on.(intx|err)_goes_on
	off-but-for-sleep|d3hot.quiesce_once
	off-without-quiesce|clear.quiesce_once
	off-quiesce-failed|fail.reset
	off-not-by-reset|reset.off
	off-pins-outlive-reset|reset.no_page_stays_pinned
	off-copy-not-awaited|race.copies
	off-not-in-turn|switch.on_waits_for_it
	old-model-obeys|mdkold.acts
	always-is-not-asked|mdkalways.acts
	END
}

client_build
FIXTURE=mdkpin
PATCHES=tests/broken/sdk
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy sdkmaster
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" sdkmaster "^not ok .*($pattern)"
done < <(variants)
finish
