#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the core's tests and the conformance suite under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 5400
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

PIECES=(pins unmap storm repin uevents lifetime bustle)

# A kernel that lacks the instruments would find nothing in anything.
instruments_work() {
	cp -r tests/fixtures/planted "$TMP/planted"
	if ! KVER=$kernel framework/build.sh module "$TMP/planted" >"$TMP/planted.log" 2>&1; then
		cat "$TMP/planted.log"
		return 1
	fi
	boot_planted "${BOTH[@]}"
	grep 'KASAN:\|possible circular\|planted' "$TMP/log"
	grep -q 'KASAN: slab-out-of-bounds in planted_overread' "$TMP/log" &&
		grep -Eq 'KASAN: (slab-)?use-after-free in planted_reader' "$TMP/log" &&
		grep -q 'kmemleak: .*planted_leak' "$TMP/log" &&
		grep -q 'possible circular locking dependency' "$TMP/log" &&
		! grep -q 'turning off the locking correctness validator' "$TMP/log" &&
		instruments_are 0
}

# By default KASAN reports once.
boot_planted() { # BOOT-OPTION...
	rm -f "$TMP/log"
	"$MDEV" boot --no-framework --kernel "$kernel" --module "$TMP/planted/planted.ko" \
		--append kasan_multi_shot --run "$SCAN" --timeout $LIMIT --log "$TMP/log" "$@"
}

# What a case without its second processor would look like: it is told.
one_is_too_few() {
	boot_planted
	grep 'KASAN:\|instruments:' "$TMP/log"
	grep -q 'KASAN: slab-out-of-bounds in planted_overread' "$TMP/log" &&
		! grep -Eq 'KASAN: (slab-)?use-after-free in planted_reader' "$TMP/log" &&
		! instruments_are 0
}

# Its races too. The suite's boot takes no command for the end of the run.
suite_passes() { # tree
	# The kernel's line that is looked for below is one of those that a quiet boot leaves out.
	printf '%s\n' "qemu = ${BOTH[1]}" 'append = loglevel=7' >>"$1/test.conf"
	expect 0 ' 0 failed' "$MDEV" test "$1" --kernel "$kernel" --timeout $LIMIT \
		--log "$TMP/log" || return 1
	grep -q 'Brought up .* 2 CPUs' "$TMP/log"
}

client_build
debug_kernel_needed
check "a leak, a read out of bounds, a race of two processors and an inversion are reported" \
	instruments_work
check "with one processor the race is not, and the run says so" one_is_too_few
for piece in "${PIECES[@]}"; do
	debug_piece "$piece"
done
for piece in uevents lifetime bustle; do
	debug_piece "$piece" --bus kernel
done
cp -r tests/fixtures/rawv11 "$TMP/rawv11"
check "conformance suite: rawv11" suite_passes "$TMP/rawv11"
"$MDEV" new --name dbgvgpu --dir "$TMP/dbgvgpu" >"$TMP/new.out" 2>&1
check "conformance suite: a generated driver" suite_passes "$TMP/dbgvgpu"
finish
