#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with @NAME@.ko loaded: each type has its memory; mode, commands and fence do what they should.
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
	expect 0x010000ed read 2 0x0
	# FILL_VRAM, 2 words at 0x800; then the error bit for one behind the end, of any type.
	expect '0x00000000 0x00000001 0x00000000 0x5a5a5a5a 0x5a5a5a5a 0x00000000' \
		write 2 0x18 0x800 -- write 2 0x20 2 -- write 2 0x24 0x5a5a5a5a -- write 2 0x28 2 \
		-- until 2 0x14 1 -- read 2 0x30 -- read 2 0x2c \
		-- read 0 0x7fc -- read 0 0x800 -- read 0 0x804 -- read 0 0x808
	expect 0x00000001 write 2 0x18 0xfffffffc -- write 2 0x20 2 -- write 2 0x28 2 \
		-- until 2 0x14 3 -- read 2 0x2c
	# FILL_MEMORY, 1025 words from the last of the first page on.
	expect '0x00000001 0x00000000 0x5a5a5a5a 0x5a5a5a5a 0x00000000' \
		map 0x100000000 3 -- write 2 0x1c 1 -- write 2 0x18 0xffc -- write 2 0x20 1025 \
		-- write 2 0x24 0x5a5a5a5a -- write 2 0x28 3 -- until 2 0x14 1 -- read 2 0x2c \
		-- peek 0x100000ff8 -- peek 0x100000ffc -- peek 0x100001ffc -- peek 0x100002000
	# Memory that is not mapped, a mode without lines, and no command: the error bit.
	for command in 3 1 9; do
		expect 0x00000001 write 2 0x20 1 -- write 2 0x28 $command -- until 2 0x14 3 -- read 2 0x2c
	done
	# 16 x 16 fits into the memory of each type; a cause is cleared by a one.
	expect 0x00000000 write 2 8 16 -- write 2 0xc 16 -- write 2 0x10 64 \
		-- write 2 0x28 1 -- until 2 0x14 1 -- write 2 0x14 1 -- read 2 0x14
	# QEMU listens to ERR at each start.
	mdev-poke $uuid arm 3
	# The fence is an interrupt.
@IF_INTX@	expect 1 arm 0 -- write 2 0x28 1 -- heard
@IF_MSI@	expect 1 arm 1 -- write 2 0x28 1 -- heard
@IF_MSIX@	expect 1 arm 2 -- write 2 0x28 1 -- heard
	echo 1 >/sys/bus/mdev/devices/$uuid/remove
done
echo "smoke test of @NAME@: passed"
