#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a guest that is migrated, with the vgpu-stub as its only display: paints a scene, and
# below it has the device turn the picture until the key Enter is pressed.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

for file in /sys/bus/pci/devices/*; do
	[ "$(cat "$file/vendor" "$file/device" | tr '\n' ' ')" = '0x1234 0x1111 ' ] && pci=$file
done
say "driver $(basename "$(readlink "$pci/driver")")"
tries=50
while [ ! -e /sys/class/graphics/fb0/virtual_size ] && [ $tries -gt 0 ]; do
	tries=$((tries - 1))
	sleep 0.1
done
say "mode $(cat /sys/class/graphics/fb0/virtual_size) $(cat /sys/class/graphics/fb0/stride)"
stty -echo </dev/tty1
# Nothing there, and no cursor.
nested-screen /dev/tty1 ''
# The console paints from a timer of its own.
sleep 1
# Bus mastering on, as display-init.sh says.
command=$(hexdump -s 4 -n 1 -e '1/1 "%d"' "$pci/config")
# shellcheck disable=SC2059
printf "$(printf '\\%03o' $((command | 4)))" | dd of="$pci/config" bs=1 seek=4 conv=notrunc 2>/dev/null
nested-paint "$pci/resource2" /scene.txt
nested-turn "$pci/resource2" &
head -n 1 </dev/tty1 >/dev/null
kill $!
wait $!
say "the ticks ended, status $?"
sleep 1000
