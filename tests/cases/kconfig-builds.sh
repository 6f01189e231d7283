#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each option of .config alone, on 6.1 and the newest kernel; broken variants of what they switch
# tier: full
# timeout: 1200
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/careless.sh
. tests/clients/careless.sh
# shellcheck source=tests/clients/beside.sh
. tests/clients/beside.sh

unset MDK_CONFIG

# build_varied KERNEL LINE...: the framework with these lines in .config, in $TMP/varied.
build_varied() {
	local kernel=$1
	shift
	printf '%s\n' "$@" >"$TMP/config"
	MDK_CONFIG=$TMP/config MDK_OUT=$TMP/varied-$kernel KVER=$kernel framework/build.sh framework \
		>"$TMP/build.log" 2>&1 || { tail -n 20 "$TMP/build.log"; return 1; }
	varied=$TMP/varied-$kernel/framework
}

code() { # folder
	objdump -d --no-show-raw-insn "$1/run/access/access.o" | tail -n +4
}

# The checks stand around callbacks, so an access without one has not an instruction more.
plain_access() {
	[ "$(code "$usual" | wc -l)" -gt 100 ] && cmp <(code "$usual") <(code "$varied")
}

differs() { # ERE
	nm "$usual/mdk_model.ko" | grep -Eq "$1" && ! nm "$varied/mdk_model.ko" | grep -E "$1"
}

one_by_one() { # KERNEL
	usual=build/$("$MDEV" kernel "$1" --print release)/framework
	MDK_CONFIG=/dev/null framework_for "$1" || cat "$TMP/framework.log" >&2
	check "$1: without run-time checks" build_varied "$1" '# CONFIG_MDK_RUNTIME_CHECKS is not set'
	check "$1: there are none in it" differs mdk_call_complain
	check "$1: a plain access is the same code" plain_access
	check "$1: without tracing" build_varied "$1" '# CONFIG_MDK_TRACE is not set'
	check "$1: there are no tracepoints in it" differs __tracepoint
	check "$1: private bus" build_varied "$1" CONFIG_MDK_DEFAULT_BUS_PRIVATE=y
	check "$1: the module says so" \
		expect 0 'default: private' modinfo -p "$varied/mdk_mdev.ko"
}

# broken_boot PATCH COMMAND...: what it prints on a framework with the patch; the copy is whole again.
broken_boot() {
	local patch=$1 status=0
	shift
	patch -s -p1 -d "$TMP/sdk" <"$patch" || return 1
	if build_in_copy; then
		"$@" >"$TMP/boot.out" 2>&1 || status=$?
		cat "$TMP/boot.out" "$TMP/said" 2>/dev/null
	else
		status=99
	fi
	patch -s -R -p1 -d "$TMP/sdk" <"$patch"
	[ "$status" != 99 ]
}

unmended() {
	broken_boot tests/broken/sdk/mistake-not-mended.patch boot_with "$copied" >"$TMP/all" || return 1
	cat "$TMP/all"
	grep -q 'scheduling while atomic' "$TMP/all" "$TMP/log"
}

told_again() {
	broken_boot tests/broken/sdk/mistake-told-each-time.patch boot_with "$copied" || return 1
	! once "callback written of 'PREEMPT'"
}

phase_lost() {
	broken_boot tests/broken/sdk/phase-not-kept.patch boot_with "$copied" || return 1
	! once '.* called mdk_work_create\(\) while the instance is open'
}

lock_not_asked() {
	broken_boot tests/broken/sdk/lock-not-asked.patch boot_with "$copied" || return 1
	! once '.*called mdk_ring_stop\(\) without the instance.s lock'
}

lock_again_waits() {
	broken_boot tests/broken/sdk/lock-again-waits.patch boot_with "$copied" || return 1
	! once '.*called mdk_lock\(\) and has that lock already'
}

class_kept() {
	broken_boot tests/broken/framework/private-keeps-class.patch boot_beside 6.1 "$copied" || return 1
	! grep -Fqx 'private: mdev mdk_mdev, class mdev_bus mdk_mdev_bus' "$TMP/said"
}

one_by_one 6.1
one_by_one newest

copy_sdk
copied=$TMP/sdk/build/$("$MDEV" kernel 6.1 --print release)/framework
as_it_is() {
	build_in_copy && careless_build 6.1 && driver_for 6.1 && boot_with "$copied" &&
		once "callback written of 'PREEMPT'" &&
		once '.*called mdk_ring_stop\(\) without the instance.s lock' &&
		once '.*called mdk_lock\(\) and has that lock already' && boot_beside 6.1 "$copied"
}
check "as it is the copy passes" as_it_is
check "mistake-not-mended" unmended
check "mistake-told-each-time" told_again
check "phase-not-kept" phase_lost
check "lock-not-asked" lock_not_asked
check "lock-again-waits" lock_again_waits
check "private-keeps-class" class_kept
finish
