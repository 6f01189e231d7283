#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with @NAME@.ko loaded: the port sends back what it is sent, and says so.
set -e
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
echo $uuid >/sys/class/mdev_bus/@NAME@/mdev_supported_types/@NAME@-1/create

# expect "VALUE..." COMMAND...: what the commands of mdev-poke read, in one open of the device.
expect() {
	want=$1
	shift
	got=$(mdev-poke $uuid "$@" | sed 's/.*: //' | tr '\n' ' ')
	[ "$got" = "$want " ] && return
	echo "tests/smoke.sh: mdev-poke $*: found ${got% }, needed $want"
	exit 1
}

# FIFO on, two bytes there, both come back in order, then none.
expect '0x61 0x61 0x62 0x60' write 0 2 1 1 -- write 0 0 0x61 1 -- write 0 0 0x62 1 \
	-- read 0 5 1 -- read 0 0 1 -- read 0 0 1 -- read 0 5 1
# Without a FIFO the second byte is lost.
expect '0x61 0x60' write 0 0 0x61 1 -- write 0 0 0x62 1 -- read 0 0 1 -- read 0 5 1
# The causes of an interrupt: received data first, then the empty transmitter, which reading clears.
expect '0x04 0x61 0x02 0x01' write 0 1 3 1 -- write 0 0 0x61 1 -- read 0 2 1 -- read 0 0 1 \
	-- read 0 2 1 -- read 0 2 1
# The divisor behind DLAB, and the scratch register.
expect '0x0c 0x01 0x00 0x5a' write 0 3 0x80 1 -- write 0 0 0x0c 1 -- write 0 1 1 1 -- read 0 0 1 \
	-- read 0 1 1 -- write 0 3 3 1 -- read 0 1 1 -- write 0 7 0x5a 1 -- read 0 7 1
# QEMU listens to ERR at each start.
mdev-poke $uuid arm 3
# A received byte is an interrupt.
@IF_INTX@expect 1 arm 0 -- write 0 1 1 1 -- write 0 0 0x61 1 -- heard
@IF_MSI@expect 1 arm 1 -- write 0 1 1 1 -- write 0 0 0x61 1 -- heard
@IF_MSIX@expect 1 arm 2 -- write 0 1 1 1 -- write 0 0 0x61 1 -- heard
# The next user finds nothing of it.
expect '0x00 0x00' read 0 3 1 -- read 0 7 1
echo 1 >/sys/bus/mdev/devices/$uuid/remove
echo "smoke test of @NAME@: passed"
