#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: memory runs out at each allocation of load, create, open, pin, close, remove and unload
# tier: full
# timeout: 5400
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

# That an allocation failed the kernel may say, with a trace, and kobject_add_internal() that it did.
log_is_clean() {
	! grep -E 'BUG:|KASAN:|WARNING:|Oops|INFO: |UBSAN:|kmemleak:.*mdk_|list_(add|del) corruption|refcount_t:|ODEBUG: [a-z]+ ' \
		"$TMP/log"
}

faults_are_over() {
	whole_ktap "$TMP/ktap" && grep -q 'mdev-lab: exit' "$TMP/log" && log_is_clean &&
		return
	tail -n 25 "$TMP/log"
	tail -n 10 "$TMP/boot.out"
	return 1
}

faults_in() { # MODE
	local ours=build/$kernel/framework
	rm -f "$TMP/ktap" "$TMP/log"
	"$MDEV" boot --kernel "$kernel" --bus "$1" --timeout 2400 --file "$CLIENT:/bin/core-client" \
		--file "$model:/lab/mdkcaps.ko" --file "$pinner:/lab/pinner.ko" \
		--file "$ours/mdk_net.ko:/lab/mdk_net.ko" --file "$ours/mdk_legacy.ko:/lab/mdk_legacy.ko" \
		--run "SLOW=5 core-client faults; s=\$?; $SCAN; exit \$s" --ktap "$TMP/ktap" --log "$TMP/log" \
		>"$TMP/boot.out" 2>&1
	[ ! -f "$TMP/ktap" ] || guest_results "bus=$1: " "$TMP/ktap"
	check "bus=$1: the run" faults_are_over
}

client_build
debug_kernel_needed
if framework_for "$kernel" && model=$(FIXTURE=mdkcaps fixture_for "$kernel") &&
	pinner=$(fixture_for "$kernel"); then
	faults_in own
	faults_in kernel
else
	fail "build" "$(tail -n 20 "$TMP"/*.log)"
fi
finish
