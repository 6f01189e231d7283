#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of the inner guest of the documented recipe: a stock kernel finds the ports by itself.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

for file in /sys/bus/pci/devices/*; do
	if [ "$(cat "$file/vendor" "$file/device" | tr '\n' ' ')" = '0x4348 0x3253 ' ]; then
		pci=${file##*/}
	fi
done
say "device ${pci:-none}"
echo "l2: lspci $pci mediated device"
hexdump -v -e '"l2: lspci %02.2_ax:" 16/1 " %02x" "\n"' "/sys/bus/pci/devices/$pci/config"
dmesg | grep -o 'ttyS[0-9] at .*' | sed 's/^/l2: /'
interrupts() {
	grep -w 'ttyS[12]' /proc/interrupts | tr -s ' ' | cut -d' ' -f3
}

for port in 1 2; do
	[ -c /dev/ttyS$port ] || mknod /dev/ttyS$port c 4 $((64 + port))
	stty raw -echo -crtscts clocal </dev/ttyS$port
	exec 3<>/dev/ttyS$port
	before=$(interrupts)
	echo "typed on port $port" >&3
	read -r back <&3
	say "port $port: back came '$back'"
	say "port $port: $(($(interrupts) - before)) interrupts"
	exec 3>&-
done
say end
sync
reboot -f
