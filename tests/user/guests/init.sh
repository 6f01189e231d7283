#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a stock guest with devices of drivers in user space: an mtty-2 in slot 2, a generated
# serial card in slot 3, two generated NICs in slots 4 and 5. It boots twice: the second time it looks
# what the first one left behind.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
exec </dev/null >/dev/ttyS0 2>&1
say() {
	echo "l2: $*"
}

at() { # slot
	echo "/sys/bus/pci/devices/0000:00:0$1.0"
}

# A register of the first BAR of memory, by the guest's physical memory.
nic_register() { # slot offset [value]
	bar=$(head -n 1 "$(at "$1")/resource" | cut -d' ' -f1)
	devmem $((bar + $2)) 32 ${3:+"$3"}
}

# Memory keeps over a reboot, and the kernel leaves this page alone (memmap= of its command line).
mark=0x8000000
second=$([ "$(devmem $mark 32)" = 0x00C0FFEE ] && echo yes)

if [ "$second" ]; then
	say "after the reboot: TX_LO $(nic_register 4 0x20), STATUS $(nic_register 4 0x04)"
	dmesg | grep -o 'ttyS[1-3] at .*' | sed 's/^/l2: after the reboot: /'
	say end
	sync
	poweroff -f
	sleep 60
fi

while read -r file options; do
	# shellcheck disable=SC2086 # several words
	insmod "$file" $options || say "insmod $file failed"
done </lab/modules

for slot in 2 3 4 5; do
	echo "l2: lspci 00:0$slot.0 a device of a process"
	hexdump -v -e '"l2: lspci %02.2_ax:" 16/1 " %02x" "\n"' "$(at $slot)/config"
done
dmesg | grep -o 'ttyS[1-9] at .*' | sed 's/^/l2: /'

line_of() { # slot
	cat "$(at "$1")/irq"
}

count_of() { # line
	grep "^ *$1:" /proc/interrupts | tr -s ' ' | sed 's/^ //' | cut -d' ' -f2
}

echoes() { # tty slot words
	[ -c "/dev/$1" ] || mknod "/dev/$1" c 4 $((64 + ${1#ttyS}))
	stty raw -echo -crtscts clocal <"/dev/$1"
	exec 3<>"/dev/$1"
	before=$(count_of "$(line_of "$2")")
	echo "$3" >&3
	read -r back <&3
	say "$1 of slot $2: back came '$back'"
	after=$(count_of "$(line_of "$2")")
	say "$1 of slot $2: $((after - before)) interrupts of line $(line_of "$2")"
	exec 3>&-
}

for tty in /sys/class/tty/ttyS*; do
	pci=$(readlink -f "$tty/device")
	case $pci in
	*/0000:00:02.0) echoes "${tty##*/}" 2 "typed on ${tty##*/}" ;;
	*/0000:00:03.0) echoes "${tty##*/}" 3 "typed on ${tty##*/}" ;;
	esac
done

# Its own driver lets it go, and takes it again.
echo 0000:00:02.0 >"$(at 2)/driver/unbind"
say "unbound: $(find "$(at 2)/tty/" -name 'ttyS*' 2>/dev/null | wc -l) ports"
echo 0000:00:02.0 >/sys/bus/pci/drivers/serial/bind
say "bound again: $(find "$(at 2)/tty/" -name 'ttyS*' | wc -l) ports"
for tty in "$(at 2)"/tty/*; do
	echoes "${tty##*/}" 2 "typed again on ${tty##*/}"
done

for slot in 4 5; do
	echo vfio-pci >"$(at $slot)/driver_override"
	echo "0000:00:0$slot.0" >/sys/bus/pci/drivers_probe
	group=$(readlink "$(at $slot)/iommu_group")
	set -- "$@" "${group##*/}" "0000:00:0$slot.0"
done
guest-nic "$@"
say "guest-nic ended with status $?"
for slot in 4 5; do
	echo "0000:00:0$slot.0" >"$(at $slot)/driver/unbind"
done

# What a reset of the machine has to put back.
echo 1 >"$(at 4)/enable"
nic_register 4 0x20 0xabcd0
say "before the reboot: TX_LO $(nic_register 4 0x20)"
devmem $mark 32 0xc0ffee
say rebooting
sync
reboot -f
