#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest: a machine goes from one QEMU to another while two streams of TCP go through its
# network card: the other end of each is here, behind the switch's own network device.
# Environment: STEPS, what is done in turn; that of l1-move.sh.

# shellcheck source=tests/nested/l1-move.sh
. /l1-move.sh

type=myvnet/myvnet-1

# As on two hosts: the switch holds an address for its device until that is gone.
leaves() { # NAME
	quit "$1"
	eventually 60 removed "$left"
}

# As long as QEMU has it open it is busy.
removed() { # UUID
	{ echo 1 >"$devices/$1/remove"; } 2>/dev/null
}

step_unix() {
	left=$uuid
	start second "$type" -incoming unix:/tmp/second.sock
	migrate unix:/tmp/second.sock
	leaves first
	here=second
	goes_on
}

step_cancel() {
	arrived=$uuid
	thinks_again "$type"
	uuid=$arrived
}

step_file() {
	left=$uuid
	migrate file:/tmp/file
	leaves "$here"
	start third "$type" -incoming file:/tmp/file
	here=third
	goes_on
}

busybox ip link set mdknic0 up
busybox ip addr add 192.0.2.1/24 dev mdknic0
start first "$type"
{ nested-flow receive 5001 2>/mnt/tmp/got.bytes | busybox sha256sum >/mnt/tmp/got.sum; } &
received=$!
{ nested-flow send 192.0.2.2 5002 2>/mnt/tmp/sent.bytes | busybox sha256sum >/mnt/tmp/sent.sum; } &
sent=$!
begins first
steps
# That one ends has to do for both.
echo 'step end'
busybox killall nested-flow
eventually 100 has_printed 'the ticks ended' && wait $received $sent
# A stream that is stuck has no end.
busybox killall -9 nested-flow 2>/dev/null
echo "sent: $(busybox cut -d' ' -f1 /mnt/tmp/sent.sum), $(grep flow: /mnt/tmp/sent.bytes)"
echo "received: $(busybox cut -d' ' -f1 /mnt/tmp/got.sum), $(grep flow: /mnt/tmp/got.bytes)"
quit "$here"
ends
