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
	[ "$got" = "$want " ] || { echo "mdev-poke $*: found $got, needed $want"; exit 1; }
}

# after COMMAND...: reads STATUS, ISR and FENCE some thousand accesses later, when it is done.
wait=$(i=0; while [ $i -lt 200 ]; do printf ' -- write 2 0x24 0x5a5a5a5a'; i=$((i + 1)); done)
for type in "$types"/*; do
	echo $uuid >"$type/create"
	expect 0x010000ed read 2 0x0
	# FILL_VRAM, 2 words at 0x1000.
	# shellcheck disable=SC2086 # words of a command line
	expect '0x00000000 0x00000001 0x00000001 0x00000000 0x5a5a5a5a 0x5a5a5a5a 0x00000000' \
		write 2 0x18 0x1000 -- write 2 0x20 2 -- write 2 0x24 0x5a5a5a5a -- write 2 0x28 2 $wait \
		-- read 2 0x30 -- read 2 0x14 -- read 2 0x2c \
		-- read 0 0xffc -- read 0 0x1000 -- read 0 0x1004 -- read 0 0x1008
	# Guest memory that is not mapped, a mode without lines, and no command: the error bit.
	for command in 3 1 9; do
		# shellcheck disable=SC2086
		expect '0x00000003 0x00000001' write 2 0x20 1 -- write 2 0x28 $command $wait \
			-- read 2 0x14 -- read 2 0x2c
	done
	# 640 x 480 fits into each type's memory.
	# shellcheck disable=SC2086
	expect '0x00000001 0x00000001 0x00000000' write 2 8 640 -- write 2 0xc 480 -- write 2 0x10 2560 \
		-- write 2 0x28 1 $wait -- read 2 0x14 -- read 2 0x2c -- write 2 0x14 3 -- read 2 0x14
	echo 1 >/sys/bus/mdev/devices/$uuid/remove
done
echo "smoke test of @NAME@: passed"
