#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a stock guest whose own virtio-rng drives a device of ours.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

virtio=/sys/bus/virtio/devices/virtio0
[ -c /dev/hwrng ] || mknod /dev/hwrng c 10 183

draws() { # KIB: how many different ones of 256 bytes there are
	dd if=/dev/hwrng of=/drawn bs=1024 count="$1" iflag=fullblock 2>/dev/null
	say "drawn: $(wc -c </drawn) bytes, $(hexdump -v -e '1/1 "%02x\n"' /drawn | sort -u | wc -l) different"
}

say "status $(cat $virtio/status), features $(cut -c29-33 $virtio/features)"
say "source $(cat /sys/class/misc/hw_random/rng_current)"
draws 256
say "messages: $(grep 'virtio0-input' /proc/interrupts | tr -s ' ' | cut -d' ' -f3)"
echo virtio0 >/sys/bus/virtio/drivers/virtio_rng/unbind
say "unbound: status $(cat $virtio/status)"
echo virtio0 >/sys/bus/virtio/drivers/virtio_rng/bind
draws 64
say "complaints: $(dmesg | grep -ciE 'virtio.*(fail|broken|error)')"
say end
sync
poweroff -f
sleep 60
