#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: broken gates and waits that keep the host awake are caught; gates without memory hold
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | piece of core-client | results that must fail, or what the verdict must say
variants() {
	cat <<-'END'
	gate-count-kept|gate|not ok .*again.soon_after_it
	no-gate|gate|not ok .*again.not_before_the_pause
	END
}

# On two processors. VFIO asks far too often, at worst until its BUG_ON; how often depends on what else
# the machine does.
starved_variants() {
	cat <<-'END'
	gate-five-ms|gatestarved|not ok .*vfio_asks_no_more|kernel BUG|the guest hung
	END
}

# A host whose devices cannot sleep hangs.
sleep_variants() {
	cat <<-'END'
	removal-not-frozen|sleepremove|not ok .*user.tasks_freeze
	removal-frozen-with-lock|sleepremove|the guest hung|INFO: task|not ok .*devices_sleep
	END
}

all_caught() {
	local variant piece pattern
	while IFS='|' read -r variant piece pattern; do
		check "$variant" caught "$variant" "$piece" "$pattern"
	done
}

without_memory() {
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/gates-without-memory.patch" && build_in_copy || return
	boot_copy sdkgates >"$TMP/boot.out" 2>&1 || { cat "$TMP/boot.out" "$TMP/ktap"; return 1; }
	cat "$TMP/ktap"
	# Else the reserve was enough.
	grep -E '^# [1-9][0-9]* merged' "$TMP/ktap"
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy gate
}
check "as it is the copy passes" as_it_is
all_caught < <(variants)
BOOT_OPTIONS=(--qemu '-smp 2')
BOOTS=8
all_caught < <(starved_variants)
BOOTS=3
BOOT_OPTIONS=(--bus kernel)
all_caught < <(sleep_variants)
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh
PATCHES=tests/broken/framework
BOOT_OPTIONS=("${PARENT[@]}")
ko=$(fixture_for 6.1)
check "apart-deaf-to-sleep" caught apart-deaf-to-sleep pcisleep 'not ok .*though_a_vcpu_waits'
check "owed-reset-not-frozen" caught owed-reset-not-frozen pcisleep 'not ok .*broken.tasks_freeze'
FIXTURE=mdkpin
ko=$(fixture_for 6.1)
BOOT_OPTIONS=()
check "gates without memory hold" without_memory
finish
