#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest: makes a device and runs QEMU of the machine outside, whose root file system
# is shared read-only, with the device inside.
# Environment: PARENT and TYPE, DEVICE (more of QEMU's -device), MORE (further devices, PARENT/TYPE),
# L2_KERNEL, L2_INITRD, L2_APPEND, L2_OPTIONS, L2_SECONDS; DRIVE: a command that runs beside QEMU with
# its monitor (QMP) in /mnt/tmp/qmp.
export PATH=/bin
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001

# shellcheck source=tests/nested/l1-root.sh
. /l1-root.sh

echo "$uuid" >"/sys/class/mdev_bus/$PARENT/mdev_supported_types/$TYPE/create" || exit 3

extra=
for what in $MORE; do
	other=83b8f4f2-509f-382f-3c1e-e6bfe0fa11$((10 + ${#extra} % 90))
	echo "$other" >"/sys/class/mdev_bus/${what%/*}/mdev_supported_types/${what#*/}/create" || exit 3
	extra="$extra -device vfio-pci,sysfsdev=/sys/bus/mdev/devices/$other"
done

busybox cp "$L2_INITRD" /mnt/tmp/initrd
# shellcheck disable=SC2086 # several words
busybox chroot /mnt timeout -k 5 "$L2_SECONDS" qemu-system-x86_64 -nodefaults -no-user-config \
	-no-reboot -display none -M pc -cpu host -accel kvm -m 192 \
	-kernel "$L2_KERNEL" -initrd /tmp/initrd -append "console=ttyS0 quiet panic=-1 no_timer_check $L2_APPEND" \
	-serial file:/tmp/console -qmp unix:/tmp/qmp,server=on,wait=off \
	-device "vfio-pci,sysfsdev=/sys/bus/mdev/devices/$uuid${DEVICE:+,$DEVICE}" $extra $L2_OPTIONS \
	>/mnt/tmp/qemu 2>&1 &
qemu=$!
${DRIVE:-:} || echo "the driver of the inner machine ended with status $?"
wait $qemu
echo "inner QEMU ended with status $?"
cat /mnt/tmp/qemu
tr -d '\r' </mnt/tmp/console
echo 1 >"/sys/bus/mdev/devices/$uuid/remove" || exit 4
[ ! -e "/sys/bus/mdev/devices/$uuid" ] || exit 4
echo 'the device is removed'
