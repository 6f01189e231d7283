#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of the guest of `mdev-sdk run --guest`: says which PCI devices there are, and gives the
# user a shell on the console.
export PATH=/bin HOME=/ TERM=linux PS1='guest# '
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
busybox --install -s /bin 2>/dev/null
exec </dev/ttyS0 >/dev/ttyS0 2>&1
stty sane

echo
for pci in /sys/bus/pci/devices/*; do
	# Those of QEMU's q35 itself are in slot 31.
	case $pci in *:1f.?) continue ;; esac
	driver=$(readlink "$pci/driver")
	echo "${pci##*/} $(cut -c3- <"$pci/vendor"):$(cut -c3- <"$pci/device") driver ${driver##*/}"
done
echo "Their files are in /sys/bus/pci/devices. Leave: exit, or Ctrl-A X. Nothing in here stays."
echo
setsid -c sh -i
poweroff -f
