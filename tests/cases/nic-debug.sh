#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a generated NIC and its switch under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 3600
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/nic.sh
. tests/clients/nic.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

# A fault of the switch that only an instrument sees.
seen_by() { # PATCH ERE
	rm -f "$TMP/log"
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	KVER=$kernel "$TMP/sdk/framework/build.sh" framework unless-built >"$TMP/framework.log" 2>&1 &&
		MDEV=$TMP/sdk/mdev-sdk boot_nic "$kernel" "$ko" nichostile
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	tail -n 20 "$TMP/framework.log" "$TMP/boot.out"
	grep -Eq "$2" "$TMP/log"
}

client_build
debug_kernel_needed
framework_for "$kernel"
# shellcheck disable=SC2034 # run_nic takes both
VARS=SLOW=10 AFTER=$SCAN
for piece in nic nichostile nicrude; do
	run_nic "$kernel" $piece 1000
	check "$piece: the instruments were on, on two processors" instruments_are 1
done
DRIVER=nic_gone run_nic "$kernel" nicgone
check "nicgone: the instruments were on, on two processors" instruments_are 1
ko=$(nic_driver "$kernel")
copy_sdk
PATCHES=tests/broken/nic
check "caught by KASAN: a frame's length is read when it may be gone" \
	seen_by frame-read-after-delivery 'KASAN: (slab-)?use-after-free in mdk_forward'
check "caught by kmemleak: a refused frame is not freed" \
	seen_by refused-frame-leaked 'kmemleak: .*unreferenced object'
finish
