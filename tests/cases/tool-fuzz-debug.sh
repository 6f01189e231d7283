#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk fuzz --kernel under KASAN, lockdep and kmemleak: no report of a good driver, one of a planted mistake
# tier: full
# timeout: 3600
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

# shellcheck disable=SC2154 # debug_kernel_needed sets it
no_report() { # TREE
	expect 0 '^watched by the kernel, KASAN, lockdep, kmemleak$' "$MDEV" fuzz "$1" --kernel "$kernel" --events 10000 --seed 1 &&
		grep -Eq '[1-9][0-9]* of [0-9]+ SET_IRQS were valid' "$TMP/expect.out" && grep -q '^nothing was found' "$TMP/expect.out"
}

kasan_reports() {
	cp -r examples/vgpu-stub "$TMP/tree" && rm -rf "$TMP/tree/build" &&
		patch -s -p1 -d "$TMP/tree" <tests/broken/user/use-after-reset.patch &&
		expect 1 '^found +BUG: KASAN: .*use-after-free in ' "$MDEV" fuzz "$TMP/tree" --kernel "$kernel" --replay tests/fuzz/reset.txt
}

debug_kernel_needed
"$MDEV" new --name dbgnic --kind nic --dir "$TMP/dbgnic" >"$TMP/new.out" 2>&1
for tree in examples/vgpu-stub examples/mtty tests/fixtures/vrng "$TMP/dbgnic"; do
	check "${tree##*/}: no report" no_report "$tree"
done
check "memory that is used after a reset is found" kasan_reports
finish
