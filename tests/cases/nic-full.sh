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
	range-wraps|nichostile|frame.wraps|buffer.wraps
	pages-leaked|nic|no_page_stays
	reorders|nic|none_reordered
	senders-do-not-wait|nic|none_lost
	senders-wait-for-ever|nichostile|stuck
	others-addresses|nichostile|source.is_the_neighbours
	back-to-its-sender|nichostile|dest.all_but_the_sender
	END
}

plan 134
client_build
for kernel in 6.1 newest; do
	framework_for $kernel
	run_nic $kernel nic 100000
done
run_nic newest nichostile
DRIVER=nic_gone run_nic 6.1 nicgone
check "caught: one frame in 50,000 is dropped" \
	nic_is_caught drops-one-in-50000 nic 100000 peers.none_lost
check "caught: done before it is sent" nic_is_caught done-before-it-is-sent nic 3000 peers.none_lost
check "caught: a descriptor is looked at twice" nic_is_caught looked-at-twice nichostile 1 change
check "caught: a reset that keeps the rings" nic_is_caught reset-keeps-rings nichostile 1 reset
ko=$(nic_driver 6.1)
copy_sdk
PATCHES=tests/broken-nic
while IFS='|' read -r variant piece pattern; do
	check "caught: $variant" caught "$variant" "$piece" "^not ok .*($pattern)"
done < <(variants)
finish
