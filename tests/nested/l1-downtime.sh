#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the outer guest: two machines whose guests tick, one with our mtty and one with the kernel's, go in
# turn from one QEMU to the next. What else the host does meanwhile concerns both.
# Environment: ROUNDS; that of l1-move.sh.

# shellcheck source=tests/nested/l1-move.sh
. /l1-move.sh

# The kernel's mtty reports what its DMA has written, and the kernel then has not what that needs.
card=x-device-dirty-page-tracking=off
# Few pages are left until then: what a guest has written by chance is not what is measured.
limit=30

goes_to() { # ROUND TYPE
	here=$guest$(($1 - 1))
	start "$guest$1" "$2" -incoming "unix:/tmp/$guest$1.sock"
	echo "round $1 $guest"
	migrate "unix:/tmp/$guest$1.sock"
	moved_to "$guest$1"
}

guest=ours
start ours0 mtty/mtty-2
begins ours0
guest=kernel
start kernel0 kmtty/kmtty-2
begins kernel0
for round in $(busybox seq "$ROUNDS"); do
	guest=ours
	goes_to "$round" mtty/mtty-2
	guest=kernel
	goes_to "$round" kmtty/kmtty-2
done
quit "ours$ROUNDS"
quit "kernel$ROUNDS"
ends
