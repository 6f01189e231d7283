#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a vendor's DMA device with tests of its own passes the suite; mistakes in it are found by suite, guards and tests
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

# variant | patches | a result that must fail: where the name says who found it | what it says
variants() {
	cat <<-'END'
	interrupt-dropped|dma.off_message|none within 2 s
	one-byte-too-far|device.takes_a_full_ring_at_once|1 bytes behind the 8192 bytes
	by-hand quiesce-dropped|dma.unmap_pinned|it goes on as if nothing had happened
	by-hand unpin-dropped|dma.pin_twice|VmLck is
	address-cut|dma.pin_arguments|nothing written outside of the memory
	health-takes-anything|sysfs.attr_garbage|it was taken, and vrng/health reads
	health-of-all|sysfs.attr_separate|another device is not changed
	hook-without-dirs|dma.pin_twice|.dirs is 0
	hook-touches-nothing|dma.unmap_pinned|without a write to the device
	hook-prepares-too-far|dma.pin_twice|the hook prepares
	END
}

# by-hand: the driver that pins its ring by itself, instead of vrng.c.
copy_with() { # [by-hand] [PATCH]
	local source=vrng
	[ "${1-}" != by-hand ] || { source=by-hand; shift; }
	rm -rf "$TMP/variant/vrng"
	mkdir -p "$TMP/variant"
	cp -r tests/fixtures/vrng "$TMP/variant/vrng"
	rm -f "$TMP/variant/vrng"/*.{o,ko}
	[ $# = 0 ] || patch -s -d "$TMP/variant/vrng" -p1 <"tests/broken/vrng/$1.patch" || return 1
	[ $source = vrng ] || mv "$TMP/variant/vrng/by-hand.c" "$TMP/variant/vrng/vrng.c"
}

dma_and_own() {
	"$MDEV" test "$TMP/variant/vrng" --type slow --only sysfs.attr_garbage --only sysfs.attr_separate \
		--only dma --only device --timeout 200
}

found() { # "[by-hand] PATCH" TEST WORDS
	# shellcheck disable=SC2086
	copy_with $1 || return 1
	dma_and_own >"$TMP/out" 2>&1
	cat "$TMP/out"
	grep -A12 "FAILED  ${2//./\\.}" "$TMP/out" | grep -F "$3"
}

copy_with
check "vrng builds with W=1 C=2 without a warning" quiet_build "$TMP/variant/vrng" W=1 C=2
check "the rules find nothing in it" "$MDEV" check "$TMP/variant/vrng" --no-sparse
rm -f "$TMP/variant/vrng"/*.{o,ko}
for kernel in "${KERNELS[@]}"; do
	check "$kernel: it passes the suite and its own tests, no dma test is skipped" \
		expect 0 ' 0 failed' "$MDEV" test "$TMP/variant/vrng" --kernel "$kernel" --timeout 250
	check "$kernel: dma tests ran, of both types" \
		[ "$(grep -c 'ok *dma\[vrng-.*\]: 18 tests' "$TMP/expect.out")" = 2 ]
done
if full_tier; then
	copy_with by-hand
	check "with pins of its own it passes too" expect 0 ' 0 failed' dma_and_own
fi
mapfile -t all < <(variants)
for i in "${!all[@]}"; do
	# A quick run takes one.
	full_tier || [ "$i" = "$(turn ${#all[@]})" ] || continue
	IFS='|' read -r patches result words <<<"${all[i]}"
	check "found: ${patches##* }" found "$patches" "$result" "$words"
done
finish
