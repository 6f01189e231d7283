#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: two processes of a NIC are one network by --net, whatever the other end does
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

tree=$TMP/mynic
# The generated NIC has an mtu of 9000.
frame_max=9018
program=
server=
other=
fds=

generate() {
	"$MDEV" new --name mynic --kind nic --dir "$tree" && make -s -C tests/user O="$TMP/clients" "$TMP/clients/nics" &&
		program=$(framework/user/build.sh "$tree")
}

until_said() { # LOG ERE
	local tenths
	for ((tenths = ${SAID_TENTHS:-300}; tenths; tenths--)); do
		! grep -qE "$2" "$1" || return 0
		sleep 0.1
	done
	echo "not said: $2"
	cat "$1"
	return 1
}

# starts NAME HOW: a server at $TMP/NAME; its process is $!.
starts() {
	: >"$TMP/$1.log"
	"$program" --socket "$TMP/$1" --net "$2:$TMP/cable" 2>"$TMP/$1.log" &
}

# Either end says so for itself: the first one after what it said of others before.
linked() {
	local tenths
	until_said "$TMP/b.log" 'net: connected' || return 1
	for ((tenths = 100; tenths; tenths--)); do
		! grep 'net:' "$TMP/a.log" | tail -n 1 | grep -q connected || return 0
		sleep 0.1
	done
	cat "$TMP/a.log"
	return 1
}

both_start() {
	starts a listen
	server=$!
	starts b connect
	other=$!
	linked || return 1
	fds=$(find "/proc/$server/fd" -mindepth 1 | wc -l)
	[ "$(stat -c %a "$TMP/cable")" = 600 ]
}

ends() { # PID NAME
	local status=0
	kill -INT "$1"
	wait "$1" || status=$?
	[ $status = 0 ] || { echo "status $status"; cat "$TMP/$2.log"; return 1; }
}

both_end() {
	ends "$other" b && ends "$server" a && [ ! -e "$TMP/cable" ]
}

carries() { # FRAMES
	timeout 120 "$TMP/clients/nics" "$TMP/a" "$TMP/b" "$1"
}

# A client that has ended is not yet closed everywhere.
fds_become() { # NUMBER
	local tenths found
	for ((tenths = 100; tenths; tenths--)); do
		found=$(find "/proc/$server/fd" -mindepth 1 | wc -l)
		[ "$found" != "$1" ] || return 0
		sleep 0.1
	done
	echo "$found descriptors, needed are $1"
	return 1
}

# What a check that failed has left.
kill_the_rest() {
	jobs -p | xargs -r kill -KILL 2>/dev/null
}

# The other end is killed, and another one is there: nobody at the first has to do anything.
goes_away() {
	kill -KILL "$other"
	wait "$other"
	until_said "$TMP/a.log" 'net: the peer at .* is gone; .*\[U12\]' || return 1
	[ "$(grep -c U12 "$TMP/a.log")" = 1 ] || return 1
	starts b connect
	other=$!
	linked && carries 20 &&
		fds_become "$fds"
}

is_refused() {
	tests/user/rude_peer.py "$TMP/cable" "$frame_max" garbage && until_said "$TMP/a.log" 'second peer .*\[U11\]' &&
		carries 5
}

# rude WAY ERE: one line of the log that says it, and the door is closed.
rude() {
	local before after
	before=$(grep -c '^mdk-user: net: the ' "$TMP/a.log")
	timeout 60 tests/user/rude_peer.py "$TMP/cable" "$frame_max" "$1" || return 1
	until_said "$TMP/a.log" "$2" || return 1
	after=$(grep -c '^mdk-user: net: the ' "$TMP/a.log")
	[ $((after - before)) = 1 ] || { echo "$((after - before)) lines for $1"; cat "$TMP/a.log"; return 1; }
}

ways() {
	cat <<-'END'
	garbage|is not the --net of a driver: disconnected; .*\[U13\]
	nothing|is gone; the next one is waited for \[U12\]
	half-hello|is gone in the middle of its first words; .*\[U12\]
	other-mtu|has frames of up to 10018 bytes, this one of 9018: disconnected; .*\[U14\]
	no-length|sent a frame of 0 bytes, 1 to 9018 are possible: disconnected; .*\[U13\]
	long|sent a frame of 4294967280 bytes, 1 to 9018 are possible: disconnected; .*\[U13\]
	longer-by-one|sent a frame of 9019 bytes, 1 to 9018 are possible: disconnected; .*\[U13\]
	half-length|is gone in the middle of a length; .*\[U12\]
	half-frame|is gone in the middle of a frame; .*\[U12\]
	bad-frames|is gone; the next one is waited for \[U12\]
	half-frame-and-waits|and no more in 5 s: disconnected; .*\[U13\]
	END
}

# One after the other, then a good one.
rude_ones() {
	local way words
	starts a listen
	server=$!
	until_said "$TMP/a.log" 'ready;' || return 1
	while IFS='|' read -r way words; do
		rude "$way" "$words" || return 1
	done < <(ways)
	starts b connect
	other=$!
	linked && carries 20 && both_end
}

refused() {
	expect 3 'the driver has none; leave it out \[U15\]' timeout 20 "$(framework/user/build.sh --out "$TMP/mtty" examples/mtty)" \
		--socket "$TMP/m" --net "listen:$TMP/c" &&
		expect 2 "--net is 'wire'.*\[U8\]" "$program" --socket "$TMP/m" --net wire
}

# By the command, as a person does it.
served() {
	"$MDEV" run "$tree" --socket "$TMP/a" --net "listen:$TMP/cable" >"$TMP/a.log" 2>&1 &
	server=$!
	"$MDEV" run "$tree" --socket "$TMP/b" --net "connect:$TMP/cable" >"$TMP/b.log" 2>&1 &
	other=$!
	linked && carries 10 && both_end
}

# A copy of the server alone, with a mistake, on the same framework.
is_caught() { # patch
	local dir=$TMP/variant
	rm -rf "$dir"
	mkdir -p "$dir/framework/user"
	cp -r framework/user/device.h framework/user/server "$dir/framework/user/" && patch -s -p1 -d "$dir" <"$1" || return 1
	program=$(LIBS=-lcjson framework/user/build.sh --out "$dir/out" --main "$(echo "$dir"/framework/user/server/*.c)" "$tree") ||
		return 1
	if (trap kill_the_rest EXIT; export MDK_WAIT_MS=2000 SAID_TENTHS=100; both_start && carries 20 && both_end && rude_ones) \
		>"$TMP/out" 2>&1; then
		echo "nothing has failed"
		return 1
	fi
	tail -n 5 "$TMP/out"
}

check "a NIC and its clients build" generate
check "two processes connect, by a socket of their owner's alone" both_start
check "frames go both ways, as they were sent" carries 200
check "a third is refused, and disturbs nobody" is_refused
check "one that is killed is waited for anew" goes_away
check "both end clean" both_end
check "what a peer must not do ends it, with one line; the next one is served" rude_ones
check "refused: a driver without a switch, another word" refused
check "the command has it" served
kill_the_rest
check_variants user-net
finish
