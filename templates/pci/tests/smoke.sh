#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with @NAME@.ko loaded and its device there: commands, copies and what others must not see.
set -e
for types in /sys/class/mdev_bus/*/mdev_supported_types; do :; done
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

echo $uuid >"$types/@NAME@-1/create"
expect 0x010000ed read 0 0x0
# FACTORIAL of 10.
expect 0x00375f00 write 0 0x08 10 -- write 0 0x1c 3 -- until 0 0x20 2 -- read 0 0x08
# LOAD 8 bytes across two pages, STORE them elsewhere: these and no others.
expect '0x11111111 0x22222222 0x00000000' \
	map 0x100000000 3 -- poke 0x100000ffc 0x11111111 -- poke 0x100001000 0x22222222 \
	-- write 0 0x14 1 -- write 0 0x10 0xffc -- write 0 0x18 8 -- write 0 0x1c 1 -- until 0 0x20 2 \
	-- write 0 0x10 0x2000 -- write 0 0x1c 2 -- until 0 0x20 2 \
	-- peek 0x100002000 -- peek 0x100002004 -- peek 0x100002008
# The next user finds nothing of it: a STORE brings zeros.
expect '0x00000000 0x12345678' \
	map 0x100000000 1 -- poke 0x100000000 0x12345678 -- poke 0x100000004 0x12345678 \
	-- write 0 0x14 1 -- write 0 0x18 4 -- write 0 0x1c 2 -- until 0 0x20 2 \
	-- peek 0x100000000 -- peek 0x100000004
# Memory that is not mapped, more than a share, and no command: FAILED.
for length in 4 0x401 0; do
	expect 0x00000003 write 0 0x18 $length -- write 0 0x1c 1 -- until 0 0x20 3 -- read 0 0x20
done
expect 0x00000003 write 0 0x1c 9 -- until 0 0x20 3 -- read 0 0x20
# QEMU listens to ERR at each start.
mdev-poke $uuid arm 3
# The end of a command is an interrupt.
@IF_INTX@expect 1 arm 0 -- write 0 0x1c 3 -- heard
@IF_MSI@expect 1 arm 1 -- write 0 0x1c 3 -- heard
@IF_MSIX@expect 1 arm 2 -- write 0 0x1c 3 -- heard
# A reset of the device under the driver, and back.
for parent in /sys/bus/pci/drivers/@NAME@/*:*; do
	echo 1 >"$parent/reset"
done
expect 0x00000018 write 0 0x08 4 -- write 0 0x1c 3 -- until 0 0x20 2 -- read 0 0x08
echo 1 >/sys/bus/mdev/devices/$uuid/remove
echo "smoke test of @NAME@: passed"
