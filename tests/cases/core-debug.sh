#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the core's tests and the conformance suite under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 3600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

PIECES=(pins unmap storm repin uevents lifetime)
# kmemleak leaves alone what is younger than five seconds. The judge knows its words; /dev/kmsg
# takes a line at a time.
# shellcheck disable=SC2016 # the guest's shell expands it
SCAN='sleep 6; for i in 1 2; do echo scan >/sys/kernel/debug/kmemleak; done;
	head -n 60 /sys/kernel/debug/kmemleak | while read -r line; do
		echo "kmemleak: $line" >/dev/kmsg
	done'

# A kernel that lacks the instruments would find nothing in anything.
instruments_work() {
	cp -r tests/fixtures/planted "$TMP/planted"
	if ! KVER=$kernel framework/build.sh module "$TMP/planted" >"$TMP/planted.log" 2>&1; then
		cat "$TMP/planted.log"
		return 1
	fi
	"$MDEV" boot --no-framework --kernel "$kernel" --module "$TMP/planted/planted.ko" \
		--run "$SCAN" --timeout 240 --log "$TMP/log"
	tail -n 60 "$TMP/log"
	grep -q 'KASAN: slab-out-of-bounds in planted_overread' "$TMP/log" &&
		grep -q 'kmemleak: .*planted_leak' "$TMP/log" &&
		! grep -q 'turning off the locking correctness validator' "$TMP/log"
}

suite_passes() { # tree
	expect 0 ' 0 failed' "$MDEV" test "$1" --kernel "$kernel" --timeout 480
}

plan 343
client_build
if ! kernel=$(tools/lab/debug-kernel 2>"$TMP/kernel.err"); then
	fail "the debug kernel is built" "$(cat "$TMP/kernel.err")"
	finish
	exit
fi
pass "the debug kernel is built"
check "a planted leak and a planted read out of bounds are reported" instruments_work
for piece in "${PIECES[@]}"; do
	VARS=ROUNDS=100 AFTER=$SCAN run_piece "$kernel" "$piece" --timeout 480
done
for piece in uevents lifetime; do
	VARS=ROUNDS=100 AFTER=$SCAN run_piece "$kernel" "$piece" --bus kernel --timeout 480
done
check "conformance suite: rawv11" suite_passes tests/fixtures/rawv11
"$MDEV" new --name dbgvgpu --dir "$TMP/dbgvgpu" >"$TMP/new.out" 2>&1
check "conformance suite: a generated driver" suite_passes "$TMP/dbgvgpu"
finish
