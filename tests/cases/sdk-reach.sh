#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: guest memory that a device's DMA does not reach is refused before the kernel is asked, in each world of IOMMUs
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# shellcheck source=tests/clients/reach.sh
. tests/clients/reach.sh

# The fixture's results in a world. BETWEEN device and memory: see tests/clients/reach.c.
world() { # KERNEL NAME BETWEEN BOOT-OPTION...
	local ko status=0
	if ! framework_for "$1" || ! ko=$(fixture_for "$1"); then
		fail "$1: $2: build" "$(tail -n 20 "$TMP"/*.log)"
		return
	fi
	rm -f "$TMP/ktap" "$TMP/log"
	"$MDEV" boot --kernel "$1" --module "$ko" --file "$CLIENT:/bin/core-client" \
		--run "WORLD=$3 core-client reach" --ktap "$TMP/ktap" --log "$TMP/log" \
		"${EDU[@]}" "${@:4}" >"$TMP/boot.out" 2>&1 || status=$?
	[ ! -f "$TMP/ktap" ] || guest_results "$1: $2: " "$TMP/ktap"
	check "$1: $2: the run" run_is_clean $status
}

way_out() { # ID ERE
	grep K16 "$TMP/log"
	grep -Eq "mdkreach 0000:01:00.0: .*$2.*\[$1\]" "$TMP/log"
}

# Of a dma-buf that somebody else's device is to look at.
run_buf() { # KERNEL
	local vgpu ko status=0
	if ! ko=$(fixture_for "$1") || ! vgpu=$(vgpu_for "$1"); then
		fail "$1: reachbuf: build" "$(tail -n 20 "$TMP"/*.log)"
		return
	fi
	rm -f "$TMP/ktap"
	"$MDEV" boot --kernel "$1" --module "$vgpu dmabuf=1" --module "$ko" \
		--file "$CLIENT:/bin/core-client" --run 'core-client reachbuf' --ktap "$TMP/ktap" \
		--log "$TMP/log" "${EDU[@]}" >"$TMP/boot.out" 2>&1 || status=$?
	guest_results "$1: " "$TMP/ktap"
	check "$1: reachbuf: the run" run_is_clean $status
}

client_build
for kernel in "${KERNELS[@]}"; do
	world "$kernel" none direct
	check "$kernel: none: one message each" said K160 K161 K164
	check "$kernel: none: mask, memory and the way out at registration" \
		way_out K160 "'mdkreach': .* reaches 0xfffffff, .* up to 0x3fffffff, .*iommu=pt"
	check "$kernel: none: mask, address and the way out" \
		way_out K161 'at 0x[1-3][0-9a-f]{7}, .* reaches 0xfffffff .*ENXIO; .*iommu=pt'
	world "$kernel" pt direct "${PASS_THROUGH[@]}"
	check "$kernel: pt: the same" said K160 K161 K164
	world "$kernel" bounced bounced "${BOUNCED[@]}"
	check "$kernel: bounced: at registration, and once behind it" said K162 K162 K164
	world "$kernel" translated translated "${TRANSLATED[@]}"
	check "$kernel: translated: of what is refused there, and no false alarm" said K163 K164
	run_buf "$kernel"
	check "$kernel: reachbuf: one message" said K160 K161
done
finish
