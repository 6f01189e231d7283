#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the server of vfio-user keeps its protocol, and lives through messages that are almost right
# tier: quick
# timeout: 900
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A copy, so that a variant is one changed file in it, and one file to compile.
copy() { # dir
	mkdir -p "$1/framework/user" "$1/tests"
	cp -rp framework/user/device.h framework/user/server "$1/framework/user/"
	cp -rp tests/user "$1/tests/"
}

build() { # dir [sanitizer]
	nice -n 19 make -s -C "$1/tests/user" O=../../out ${2:+"SANITIZE=$2"}
}

server=

# The server of a folder, at $TMP/s.
start() { # dir [type]
	rm -f "$TMP"/s*
	"$1/out/fake" --socket "$TMP/s" --type "${2:-fake-1}" 2>"$TMP/log" &
	server=$!
	for _ in {1..100}; do
		[ ! -S "$TMP/s.control" ] || return 0
		sleep 0.05
	done
	echo "the server does not begin:"
	cat "$TMP/log"
	return 1
}

# How it has ended decides: a sanitizer that has found something ends it otherwise.
stop() {
	local status=0
	kill -INT "$server" 2>/dev/null
	wait "$server" || status=$?
	[ $status = 0 ] || {
		echo "the server ended with status $status:"
		grep -v '\[U[16]\]' "$TMP/log" | tail -n 30
		return 1
	}
	[ ! -e "$TMP/s" ] && [ ! -e "$TMP/s.control" ]
}

protocol() { # dir
	local status=0
	start "$1" || return 1
	timeout 120 "$1/out/protocol" "$TMP/s" "$server" >"$TMP/ktap" 2>&1 || status=$?
	cat "$TMP/ktap"
	stop && return $status
}

# Devices of the second type can be migrated.
migration() { # dir
	local status=0
	start "$1" fake-2 || return 1
	timeout 120 "$1/out/features" "$TMP/s" >"$TMP/ktap" 2>&1 || status=$?
	cat "$TMP/ktap"
	stop && return $status
}

mutate() { # dir messages seed
	local status=0
	start "$1" fake-2 || return 1
	nice -n 19 timeout 800 "$1/out/mutate" "$TMP/s" "$server" "$2" "$3" || status=$?
	stop && return $status
}

mode_is() {
	[ "$(stat -c %a "$TMP/s")" = 600 ] && [ "$(stat -c %a "$TMP/s.control")" = 600 ]
}

sockets() { # dir
	local good=0
	start "$1" || return 1
	mode_is || { echo "the socket is not its owner's alone"; good=1; }
	expect 3 'another process serves .*\[U3\]' timeout 5 "$1/out/fake" --socket "$TMP/s" || good=1
	[ -S "$TMP/s" ] || good=1
	kill -KILL "$server"
	wait "$server" 2>/dev/null
	[ -S "$TMP/s" ] || { echo "nothing is stale"; good=1; }
	"$1/out/fake" --socket "$TMP/s" 2>"$TMP/log" &
	server=$!
	sleep 0.5
	stop || good=1
	echo text >"$TMP/s"
	expect 3 'is no socket.*\[U2\]' timeout 5 "$1/out/fake" --socket "$TMP/s" || good=1
	[ "$(cat "$TMP/s")" = text ] || good=1
	return $good
}

# line TEXT...: what the commands' socket answers.
ask() {
	printf '%s\n' "$@" | timeout 5 python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.stdin.buffer.read())
s.shutdown(socket.SHUT_WR)
while data := s.recv(4096):
    sys.stdout.write(data.decode() + "\n")
' "$TMP/s.control"
}

uuid=a0000000-0000-4000-8000-000000000001

commands() { # dir
	local good=0
	start "$1" || return 1
	ask parent | grep -q '^fake' || good=1
	ask types | grep -qx fake-2 || good=1
	ask 'available fake-1' | grep -qx 7 || good=1
	ask "create fake-2 $uuid" | grep -qxF "$TMP/s.$uuid" || good=1
	[ -S "$TMP/s.$uuid" ] || good=1
	ask "create fake-2 $uuid" | grep -qx 'error 17' || good=1
	ask "create fake-3 b${uuid:1}" | grep -qx 'error 2' || good=1
	ask "devices" | grep -q "^$uuid fake-2 " || good=1
	ask "write $uuid notes/note 3" 'ab' | grep -qx 3 || good=1
	ask "read $uuid notes/note" | grep -qx ab || good=1
	ask 'page registers' | grep -q 'a page of' || good=1
	ask "remove $uuid" "remove $uuid" | grep -qx 'error 19' || good=1
	[ ! -e "$TMP/s.$uuid" ] || good=1
	ask 'nonsense' | grep -qx 'error 22' || good=1
	stop && return $good
}

# Time is short for one that waits for ever.
variant_passes() { # dir
	export MDK_WAIT_MS=2000
	protocol "$1" && migration "$1" && sockets "$1" && mutate "$1" 3000 1
}

is_caught() { # patch
	local dir=$TMP/variant
	rm -rf "$dir"
	cp -rp "$TMP/good" "$dir"
	patch -s -p1 -d "$dir" <"$1" && build "$dir" || return 1
	if (variant_passes "$dir") >"$TMP/out" 2>&1; then
		echo "nothing has failed"
		return 1
	fi
	tail -n 5 "$TMP/out"
}

copy "$TMP/good"
check "the server, a device behind it and its clients build" build "$TMP/good"
check "each command does what it should, and refuses what it must" protocol "$TMP/good"
check "migration: features, a stream in messages, and what of them must be refused" migration "$TMP/good"
check "sockets: their owner's alone, a stale one replaced, a live one refused" sockets "$TMP/good"
check "commands beside VFIO" commands "$TMP/good"
if full_tier; then
	check "a million messages that are almost right" mutate "$TMP/good" 1000000 1
else
	check "messages that are almost right" mutate "$TMP/good" 40000 "$(commit_number)"
fi
check_variants user-server 6

# Two threads of a server, and a device's worker.
races() {
	copy "$TMP/races"
	build "$TMP/races" -fsanitize=thread && protocol "$TMP/races" && migration "$TMP/races" && mutate "$TMP/races" 20000 1 &&
		! grep ThreadSanitizer "$TMP/log"
}
! full_tier || check "no race, by ThreadSanitizer" races
finish
