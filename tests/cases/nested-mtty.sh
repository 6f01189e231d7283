#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the documented recipe of the series: mtty-2 in a virtual machine, found and driven by a stock kernel
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

boots() {
	"$MDEV" image --init tests/nested/mtty-init.sh --file tests/nested/begin.sh:/begin.sh --output "$TMP/l2.initrd" &&
		nested_boot "$module" "$TMP/l2.initrd" "PARENT=mtty TYPE=mtty-2"
}

said() { # ERE
	grep -E '^l2: |^the ' "$TMP/said" | grep -v lspci
	grep -Eq "$1" "$TMP/said"
}

interrupts_counted() { # port
	local count
	count=$(sed -n "s/^l2: port $1: \([0-9]*\) interrupts/\1/p" "$TMP/said")
	echo "interrupts of port $1: $count"
	[ "${count:-0}" -ge 1 ]
}

lspci_as_documented() {
	lspci_of_guest
	diff tests/golden/mtty-2-guest.lspci "$TMP/lspci"
}

# The header's first bytes, as the recipe of the series shows them.
header_as_documented() {
	sed -n 's/^00: //p' "$TMP/config"
	grep -Eq '^00: 48 43 53 32 [0-9a-f]{2} [0-9a-f]{2} 00 02 10 02 00 07' "$TMP/config"
}

nested_build
framework_log=$(KVER=6.1 framework/build.sh framework 2>&1) || echo "$framework_log" >&2
module=$(driver_copy examples/mtty)
check "a stock kernel boots with mtty-2 in it and ends" boots
check "QEMU can enable error recovery" qemu_is_content
check "lspci shows the card as documented" lspci_as_documented
check "its header begins with the documented bytes" header_as_documented
check "ttyS1 is a 16550A" said '^l2: ttyS1 at I/O 0x[0-9a-f]+ .* is a 16550A'
check "ttyS2 is a 16550A" said '^l2: ttyS2 at I/O 0x[0-9a-f]+ .* is a 16550A'
for port in 1 2; do
	check "what is typed on port $port comes back" \
		said "^l2: port $port: back came 'typed on port $port'"
	check "with interrupts in /proc/interrupts of port $port" interrupts_counted $port
done
check "the device is removed" said '^the device is removed'
nested_retries
finish
