#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a guest that is migrated while two streams of TCP go through its card of ours, which its
# own virtio_net drives: one to the host, one from there. What comes makes it tick. Who ends the streams
# is the host; then it says what sums they had.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

say "eth0: driver $(basename "$(readlink /sys/class/net/eth0/device/driver)")"
ip addr add 192.0.2.2/24 dev eth0
ip link set eth0 up
{ nested-flow send 192.0.2.1 5001 2>/tmp/sent.bytes | sha256sum >/tmp/sent.sum; } &
export TICK='l2: tick'
nested-flow receive 5002 2>/dev/ttyS0 | sha256sum >/tmp/got.sum
wait
say "sent: $(cut -d' ' -f1 /tmp/sent.sum), $(grep flow: /tmp/sent.bytes)"
say "received: $(cut -d' ' -f1 /tmp/got.sum)"
dmesg | grep -iE 'virtio.*(fail|broken|error)|netdev watchdog|csum fail' >/tmp/complaints
say "complaints: $(wc -l </tmp/complaints)"
cat /tmp/complaints
say 'the ticks ended'
sleep 1000
