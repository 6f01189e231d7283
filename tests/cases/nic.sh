#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a generated NIC: 5,000 frames each way between guests and to the host, hostile rings and a rude neighbour
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/nic.sh
. tests/clients/nic.sh

# The page's table is that of the tree, which template.sh compares with the loaded driver.
page_is_true() {
	grep '^| 0x[0-9a-f]* | [][A-Z0-9_]* | [A-Z]' "$TMP/nic-6.1/mynic/docs/registers.md" >"$TMP/tree.rows" &&
		grep '^| 0x' docs/nic.md | diff "$TMP/tree.rows" -
}

# The switch has one lock. A message of the kernel that comes while it is held, in an interrupt or
# because memory ran out, would wait for it for ever on its way out by our device.
no_console_goes_by_it() {
	local module
	module=$("$MDEV" kernel 6.1 --print moddir)/kernel/drivers/net/netconsole.ko
	"$MDEV" boot --kernel 6.1 --module "$TMP/nic-6.1/mynic/mynic.ko" --kernel-module configfs \
		--file "$module:/netconsole.ko" --log "$TMP/log" --run "
			insmod /netconsole.ko netconsole=@127.0.0.1/lo,@127.0.0.2/ && rmmod netconsole &&
			! insmod /netconsole.ko netconsole=@10.0.0.1/mdknic0,@10.0.0.2/"
}

client_build
for kernel in "${KERNELS[@]}"; do
	framework_for "$kernel"
	run_nic "$kernel" nic
done
run_nic 6.1 nichostile
run_nic 6.1 nicrude
check "the kernel's messages do not go by the host's device" no_console_goes_by_it
check "docs/nic.md has the registers of the driver" page_is_true
full_tier && check "caught: a byte of one frame in 1,000" nic_is_caught changes-a-byte nic 2000 peers.none_changed
finish
