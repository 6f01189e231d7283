#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of the inner guest that only looks at the devices of the generated drivers (1af4:10f0).

# shellcheck source=tests/nested/begin.sh
. /begin.sh

for pci in /sys/bus/pci/devices/*; do
	[ "$(cat "$pci/vendor" "$pci/device" | tr '\n' ' ')" = '0x1af4 0x10f0 ' ] || continue
	echo "l2: lspci ${pci##*/} mediated device"
	hexdump -v -e '"l2: lspci %02.2_ax:" 16/1 " %02x" "\n"' "$pci/config"
done
echo 'l2: end'
reboot -f
