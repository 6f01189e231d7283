#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest, beside a QEMU that was started with its processor stopped (-S): QEMU's monitor does
# what a guest's driver does first, gives BAR 2 an address and reads the EDID there, 128 bytes of it.
export PATH=/bin
tmp=/mnt/tmp
bar=0xfe000000

hmp() {
	printf '{"execute": "human-monitor-command", "arguments": {"command-line": "%s"}}' "$1"
}

config() { # OFFSET VALUE: of device 00:02.0
	nested-qmp $tmp/qmp "$(hmp "o /w 0xcf8 $((0x80001000 + $1))")" "$(hmp "o /w 0xcfc $2")"
}

tries=300
until [ -S $tmp/qmp ] || [ $tries = 0 ]; do
	tries=$((tries - 1))
	sleep 0.2
done
config 0x18 $bar && config 0x04 2 || exit 1
# QEMU sets the link up a little later than the monitor that it describes.
sleep 2
nested-qmp $tmp/qmp "{\"execute\": \"pmemsave\", \"arguments\": {\"val\": $((bar)), \"size\": 128, \"filename\": \"/tmp/edid\"}}"
hexdump -v -e '"l2: edid" 128/1 " %02x" "\n"' $tmp/edid
echo 'l2: end'
nested-qmp $tmp/qmp '{"execute": "quit"}'
