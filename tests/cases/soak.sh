#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: half an hour of storms on two processors: no warning in the log, memory back where it was
# tier: full
# timeout: 3600
# SOAK_MINUTES=N takes another time than 30; the newest kernel gets a tenth of it.
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

seconds=$((${SOAK_MINUTES:-30} * 60))
# The storms share two processors with each other and with whatever else this machine does.
both=(--qemu '-smp 2')

soak() { # kernel seconds
	local ko
	framework_for "$1" && ko=$(FIXTURE=mdkirq fixture_for "$1") || return
	VARS=SOAK_S=$2 run_piece "$1" soak --module "$ko" "${both[@]}" --timeout $(($2 + 240))
}

# Never frees the structure of a removed device, a kilobyte; two minutes make thousands of them.
leak_is_found() {
	local irq
	irq=$(FIXTURE=mdkirq fixture_for 6.1) && ko=$(FIXTURE=pinner fixture_for 6.1) || return 1
	patch -s -p1 -d "$TMP/sdk" <tests/broken/framework/mdev-leaked.patch || return 1
	build_in_copy || return 1
	"$TMP/sdk/mdev-sdk" boot --kernel 6.1 --module "$ko" --module "$irq" "${both[@]}" \
		--file "$CLIENT:/bin/core-client" --run 'SOAK_S=120 core-client soak' \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 400 >"$TMP/boot.out" 2>&1
	cat "$TMP/boot.out" "$TMP/ktap"
	grep -q "^not ok .*soak.so_are_the_kernel_s_objects" "$TMP/ktap" &&
		! grep '^not ok' "$TMP/ktap" | grep -v 'memory_is_back\|kernel_s_objects'
}

client_build
soak 6.1 $seconds
soak newest $((seconds / 10))
copy_sdk
check "a leak of one small object for each removal is found" leak_is_found
finish
