#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with @NAME@.ko loaded: frames leave, what is wrong is refused, link and interrupts work.
set -e
type=/sys/class/mdev_bus/@NAME@/mdev_supported_types/@NAME@-1
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001

# expect "VALUE..." COMMAND...: what the commands of mdev-poke read, in one open of the device.
expect() {
	want=$1
	shift
	got=$(mdev-poke $uuid "$@" | sed 's/.*: //' | tr '\n' ' ')
	[ "$got" = "$want " ] && return
	echo "tests/smoke.sh: mdev-poke $*: found ${got% }, needed $want"
	exit 1
}

# sends COMMAND...: a ring of two at 4 GiB; the first descriptor is a frame of 64 bytes to all, in
# the page behind, the second one has no length.
memory='map 0x100000000 2 -- poke 0x100000000 0x1000 -- poke 0x100000004 1 -- poke 0x100000008 64
	-- poke 0x100001000 0xffffffff -- poke 0x100001004 0x0002ffff -- poke 0x100001008 0x01000000
	-- write 0 0x24 1 -- write 0 0x28 2'
sends() {
	want=$1
	shift
	# shellcheck disable=SC2086
	expect "$want" $memory -- "$@"
}

echo $uuid >"$type/create"
# The address follows from the UUID.
expect '0x010000ed 0x00000001 0x29bafefa 0x00009f52' read 0 0x0 -- read 0 0x4 -- read 0 0x8 -- read 0 0xc
# DONE in the descriptor, and one frame counted; the interrupt's cause.
sends '0x00000001 0x00000001 0x00000001 0x00000003' write 0 0x2c 1 -- until 0 0x30 1 \
	-- peek 0x10000000c -- read 0 0x60 -- read 0 0x10 -- read 0 0x4
# DONE and BAD, and an error counted.
sends '0x00000003 0x00000001' write 0 0x2c 2 -- until 0 0x30 2 -- peek 0x10000001c -- read 0 0x64
# More than the ring has room for breaks it; starting it mends that.
sends '0x00000008 0x00000001 0x00000003' write 0 0x2c 3 -- read 0 0x10 -- read 0 0x4 \
	-- write 0 0x28 2 -- read 0 0x4
# No power of two, and memory that is not there.
expect '0x00000008 0x00000001' write 0 0x28 3 -- read 0 0x10 -- read 0 0x4
expect '0x00000008 0x00000001' write 0 0x48 2 -- read 0 0x10 -- read 0 0x4
# QEMU listens to ERR at each start.
mdev-poke $uuid arm 3
# A frame that was sent is an interrupt.
@IF_INTX@sends 1 arm 0 -- write 0 0x2c 1 -- heard
@IF_MSI@sends 1 arm 1 -- write 0 0x2c 1 -- heard
@IF_MSIX@sends 1 arm 2 -- write 0 0x2c 1 -- heard
# The link is the administrator's.
[ "$(cat /sys/bus/mdev/devices/$uuid/nic/link)" = up ]
echo down >/sys/bus/mdev/devices/$uuid/nic/link
expect 0x00000000 read 0 0x4
echo 1 >/sys/bus/mdev/devices/$uuid/remove
echo "smoke test of @NAME@: passed"
