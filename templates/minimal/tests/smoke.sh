#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with @NAME@.ko loaded: each type can be created, and its registers do what they should.
set -e
types=/sys/class/mdev_bus/@NAME@/mdev_supported_types
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

for type in "$types"/*; do
	echo $uuid >"$type/create"
	expect 0x010000ed read 0 0x0
	expect 0xcafe1234 write 0 0x8 0xcafe1234 -- read 0 0x8
	expect '0x00000005 0x00000004' write 0 0x18 5 -- read 0 0x10 -- write 0 0x10 1 -- read 0 0x10
	# QEMU listens to ERR at each start.
	mdev-poke $uuid arm 3
@IF_INTX@	expect 1 arm 0 -- write 0 0x18 1 -- heard
@IF_MSI@	expect 1 arm 1 -- write 0 0x18 1 -- heard
@IF_MSIX@	expect 1 arm 2 -- write 0 0x18 1 -- heard
	echo 1 >/sys/bus/mdev/devices/$uuid/remove
done
echo "smoke test of @NAME@: passed"
