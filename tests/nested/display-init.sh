#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of the inner guest with the vgpu-stub as its only display: nothing of ours drives it. It
# shows a text (l2.text= on the kernel's command line), waits for the key Enter, and paints.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

text=$(sed 's/.*l2.text=\([^ ]*\).*/\1/' /proc/cmdline)
for file in /sys/bus/pci/devices/*; do
	[ "$(cat "$file/vendor" "$file/device" | tr '\n' ' ')" = '0x1234 0x1111 ' ] && pci=$file
done
driver=$(readlink "$pci/driver")
say "driver ${driver##*/}"
echo "l2: lspci ${pci##*/} mediated device"
hexdump -v -e '"l2: lspci %02.2_ax:" 16/1 " %02x" "\n"' "$pci/config"
say "bar0 $(head -n 1 "$pci/resource" | cut -d' ' -f1)"
tries=50
while [ ! -e /sys/class/graphics/fb0/virtual_size ] && [ $tries -gt 0 ]; do
	tries=$((tries - 1))
	sleep 0.1
done
say "mode $(cat /sys/class/graphics/fb0/virtual_size) $(cat /sys/class/graphics/fb0/stride)"
nested-screen /dev/tty1 "$text"
# The console paints from a timer of its own.
sleep 1
say ready
head -n 1 </dev/tty1 >/dev/null
printf '\033[2J' >/dev/tty1
sleep 1
# It is a driver in user space, so it does what drivers do: bus mastering on, with the rest as it is.
# A stock guest's own driver paints into video memory only, and needs none.
command=$(hexdump -s 4 -n 1 -e '1/1 "%d"' "$pci/config")
# shellcheck disable=SC2059
printf "$(printf '\\%03o' $((command | 4)))" | dd of="$pci/config" bs=1 seek=4 conv=notrunc 2>/dev/null
nested-paint "$pci/resource2" /scene.txt
say painted
head -n 1 </dev/tty1 >/dev/null
say end
reboot -f
