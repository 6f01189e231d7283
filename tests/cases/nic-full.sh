#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a generated NIC: 100,000 frames each way, and each broken variant is caught
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/nic.sh
. tests/clients/nic.sh

# Of the framework: variant | piece | results that must fail
variants() {
	cat <<-'END'
	index-unchecked|nichostile|index\.
	size-unchecked|nichostile|setup.size
	dead-ring-goes-on|nichostile|unmap.rings_break
	pages-leaked|nic|no_page_stays
	reorders|nic|none_reordered
	senders-do-not-wait|nic|none_lost
	senders-wait-for-ever|nichostile|stuck
	others-addresses|nichostile|source.is_the_neighbours
	back-to-its-sender|nichostile|dest.all_but_the_sender
	waiting-costs-nothing|nicrude|slow.holds_up_nobody
	one-frame-is-enough|nicrude|slow.holds_up_nobody
	place-for-the-quickest|nicrude|push.leaves_room_for_others
	reset-earns-credit|nicrude|anew.holds_up_nobody
	host-is-played|nicrude|gateway.frames_go_to_the_host
	END
}

# A vendor's mistake is named. is_refused SED ERE: the fault, and what the kernel's log must say.
is_refused() {
	local tree=$TMP/refused/mynic
	rm -rf "$tree"
	mkdir -p "${tree%/mynic}"
	"$MDEV" new --name mynic --kind nic --dir "$tree" >/dev/null && sed -i "$1" "$tree/mynic.c" &&
		KVER=6.1 framework/build.sh module "$tree" >"$TMP/driver.log" 2>&1 || return 1
	"$MDEV" boot --kernel 6.1 --module "$tree/mynic.ko" --log "$TMP/log" --run '
		echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 \
			>/sys/class/mdev_bus/mynic/mdev_supported_types/mynic-1/create' >"$TMP/boot.out" 2>&1
	tail -n 20 "$TMP/log"
	grep -Eq "$2" "$TMP/log"
}

# The pins refuse a range that wraps too: so it is the units that have to notice.
range_is_caught() {
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/range-wraps.patch" &&
		gcc -std=gnu11 -I"$TMP/sdk/framework" -Itools/describe/shell -Isdk/include \
			-o "$TMP/units" tests/host/test_ring.c -lcmocka &&
		patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/range-wraps.patch" &&
		expect 1 'FAILED.*test_range' "$TMP/units"
}

client_build
framework_for 6.1
DRIVER=nic_gone run_nic 6.1 nicgone
check "refused: a ring of 1,000" is_refused 's/\.max = 1024/.max = 1000/' \
	"mdk_model: model 'mynic': ring 'tx' cannot be: \.max is a power of two .*\[M195\]"
check "refused: a ring without pins" is_refused 's/\.budget = 16,/.budget = 16, .pin_pages = 200,/' \
	"\.pin_pages is 200, and the rings .* need [0-9]*: .*\[M199\]"
check "refused: an MTU of 100" is_refused 's/\.mtu = 9000/.mtu = 100/' \
	"mdk_net: switch 'mynic': mtu is not 1500 to 9000.*\[K84\]"
check "caught: done before it is sent" nic_is_caught done-before-it-is-sent nic 3000 peers.none_lost
check "caught: a descriptor is looked at twice" nic_is_caught looked-at-twice nichostile 1 change
check "mended by the SDK: a reset that keeps the rings" nic_is_mended reset-keeps-rings nichostile 1
ko=$(nic_driver 6.1)
copy_sdk
PATCHES=tests/broken/nic
while IFS='|' read -r variant piece pattern; do
	check "caught: $variant" caught "$variant" "$piece" "^not ok .*($pattern)"
done < <(variants)
check "caught: a range that wraps" range_is_caught
for kernel in 6.1 newest; do
	framework_for $kernel
	run_nic $kernel nic 100000
done
run_nic newest nichostile
run_nic newest nicrude
check "caught: one frame in 50,000 is dropped" \
	nic_is_caught drops-one-in-50000 nic 100000 peers.none_lost
finish
