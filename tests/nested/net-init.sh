#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Process 1 of a stock guest whose own virtio_net drives two cards of ours on one switch. One of them is
# in a network namespace of its own, so that what they say to each other leaves the guest.
# MIB of the command line: how much each stream has.

# shellcheck source=tests/nested/begin.sh
. /begin.sh

for card in eth0 eth1; do
	say "$card: driver $(basename "$(readlink /sys/class/net/$card/device/driver)")," \
		"status $(cat /sys/class/net/$card/device/status)," \
		"$(find /sys/class/net/$card/queues -name 'rx-*' | wc -l) queues"
done

unshare -n sleep 10000 &
other=$!
sleep 1
there() {
	nsenter -t $other -n "$@"
}

ip link set eth1 netns $other
ip addr add 192.0.2.1/24 dev eth0
there ip addr add 192.0.2.2/24 dev eth1
ip link set eth0 mtu "${MTU:-1500}" up
there ip link set eth1 mtu "${MTU:-1500}" up

pings() { # SIZE COUNT
	say "pings of $1 bytes: $(ping -c "$2" -s "$1" -i 0.1 -W 5 192.0.2.2 | grep -o '[0-9]* packets received') of $2"
}

# Who listens has nothing to say, but must not see the end of it before all has come: nc closes its half
# of the connection then, and the nc at the other end, which sees that, ends with what it has sent so far.
# A fifo that the listener itself may write to has no end.
mkfifo /tmp/silence

cat >/tmp/again <<'end'
awk '$1 == "Tcp:" { again = $13 } END { print again }' /proc/net/snmp
end

# What is random does not come out right by chance.
streams() { # out or in
	dd if=/dev/urandom of=/tmp/sent bs=65536 count=$((MIB * 16)) 2>/dev/null
	if [ "$1" = out ]; then
		there nc -l -p 5001 >/tmp/got <>/tmp/silence &
		sleep 1
		nc 192.0.2.2 5001 </tmp/sent >/dev/null
	else
		nc -l -p 5001 >/tmp/got <>/tmp/silence &
		sleep 1
		there nc 192.0.2.1 5001 </tmp/sent >/dev/null
	fi
	wait $!
	say "stream $1: $(wc -c </tmp/got) bytes, $([ "$(sha256sum </tmp/sent)" = "$(sha256sum </tmp/got)" ] && echo the same)"
	say "segments sent again by now: $(sh /tmp/again) and $(there sh /tmp/again)"
}

pings 56 20
pings 1472 10
pings 4000 5
streams out
streams in
ip link set eth0 mtu 9000
there ip link set eth1 mtu 9000
pings 8972 5
say "errors: $(cat /sys/class/net/eth0/statistics/rx_errors) $(cat /sys/class/net/eth0/statistics/tx_errors)"
basename "$(readlink /sys/class/net/eth0/device)" >/sys/bus/virtio/drivers/virtio_net/unbind
say "unbound: $(find /sys/class/net -name 'eth*' | wc -l) cards here"
say "complaints: $(dmesg | grep -ciE 'virtio.*(fail|broken|error)|bad gso|csum fail')"
say end
sync
poweroff -f
sleep 60
