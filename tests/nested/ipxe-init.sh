#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a guest that iPXE has booted over a virtio network card of ours: who was its boot loader,
# what has come over the network, and whether Linux's own driver takes the card from iPXE's.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

say "booted by $(grep -o 'loader=[^ ]*' /proc/cmdline), by the card $(grep -o 'card=[^ ]*' /proc/cmdline)"
say "payload: $(sha256sum </payload | cut -d' ' -f1)"
card=eth0
say "card=$(cat /sys/class/net/$card/address): driver" \
	"$(basename "$(readlink /sys/class/net/$card/device/driver)")," \
	"status $(cat /sys/class/net/$card/device/status)"
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
say "pings: $(ping -c 10 -s 1000 -i 0.1 -W 5 10.0.2.2 | grep -o '[0-9]* packets received') of 10"
say "complaints: $(dmesg | grep -ciE 'virtio.*(fail|broken|error)|bad gso|csum fail')"
say end
sync
poweroff -f
sleep 60
