#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the core's tests and the conformance suite under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 5400
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
	"$MDEV" boot --no-framework --kernel "$kernel" --module "$TMP/planted/planted.ko" \
		--run "$SCAN" --timeout $LIMIT --log "$TMP/log"
	tail -n 60 "$TMP/log"
	grep -q 'KASAN: slab-out-of-bounds in planted_overread' "$TMP/log" &&
		grep -q 'kmemleak: .*planted_leak' "$TMP/log" &&
		! grep -q 'turning off the locking correctness validator' "$TMP/log"
}

suite_passes() { # tree
	expect 0 ' 0 failed' "$MDEV" test "$1" --kernel "$kernel" --timeout $LIMIT
}

plan 361
client_build
debug_kernel_needed
check "a planted leak and a planted read out of bounds are reported" instruments_work
for piece in "${PIECES[@]}"; do
	VARS=$SLOWLY AFTER=$SCAN run_piece "$kernel" "$piece" --timeout $LIMIT
done
for piece in uevents lifetime bustle; do
	VARS=$SLOWLY AFTER=$SCAN run_piece "$kernel" "$piece" --bus kernel --timeout $LIMIT
done
check "conformance suite: rawv11" suite_passes tests/fixtures/rawv11
"$MDEV" new --name dbgvgpu --dir "$TMP/dbgvgpu" >"$TMP/new.out" 2>&1
check "conformance suite: a generated driver" suite_passes "$TMP/dbgvgpu"
finish
