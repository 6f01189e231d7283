#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of libvirt's guest: says when the device of the generated driver comes and goes.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
exec </dev/null >/dev/ttyS0 2>&1

was=
while :; do
	now=gone
	for pci in /sys/bus/pci/devices/*; do
		[ "$(cat "$pci/vendor")" != 0x1af4 ] || now=there
	done
	[ "$now" = "$was" ] || echo "device $now"
	was=$now
	sleep 0.5
done
