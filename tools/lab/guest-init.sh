#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a lab guest: loads the modules of /lab/modules in order, runs /lab/run with its
# output on the second serial port, and ends the machine. The first port is the kernel's console.
export PATH=/bin

say() {
	echo "mdev-lab: $*" >/dev/kmsg
}

finish() {
	say "exit $1"
	reboot -f
}

mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
mount -t tracefs trace /sys/kernel/tracing 2>/dev/null

exec </dev/null >/dev/ttyS1 2>&1
stty raw </dev/ttyS1

# Only errors were shown so far, which saves time; from here on everything counts.
say "booted"
echo 8 >/proc/sys/kernel/printk
echo on >/proc/sys/kernel/printk_devkmsg
echo 30 >/proc/sys/kernel/hung_task_timeout_secs

while read -r file options; do
	say "load ${file##*/}"
	# shellcheck disable=SC2086 # several options are several words
	if ! why=$(insmod "$file" $options 2>&1); then
		echo "Bail out! cannot load ${file##*/}: ${why:-insmod was killed}"
		finish 3
	fi
done </lab/modules

# A driver that found no device, or refused each, is loaded all the same. The kernel's own built-in
# ones have no initstate.
for driver in /sys/bus/pci/drivers/*; do
	[ -e "$driver/module/initstate" ] || continue
	set -- "$driver"/*:*
	[ -e "$1" ] && continue
	there=
	for device in /sys/bus/pci/devices/*; do
		read -r vendor <"$device/vendor"
		read -r id <"$device/device"
		there="$there ${vendor#0x}:${id#0x}"
	done
	say "the PCI driver ${driver##*/} has no device; those of this guest:$there; test.conf adds one by a line such as: qemu = -device edu"
done
say "modules loaded"

sh /lab/run
finish $?
