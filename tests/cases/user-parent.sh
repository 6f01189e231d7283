#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a parent that sleeps, is reset, has an error or is gone: clients of a process see what guests see
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

program=
server=

build() { # SANITIZER
	program=$(framework/user/build.sh --sanitizer "$1" --out "$TMP/$1" tests/fixtures/mdkgone)
}

clients() {
	make -s -C tests/user O="$TMP/clients" "$TMP/clients/parent"
}

start() { # PROGRAM [OPTION...]
	rm -f "$TMP"/s "$TMP"/s.*
	"$1" --socket "$TMP/s" "${@:2}" 2>"$TMP/log" &
	server=$!
	for _ in {1..200}; do
		[ ! -S "$TMP/s.control" ] || return 0
		sleep 0.05
	done
	cat "$TMP/log"
	return 1
}

stop() {
	local status=0
	kill -INT "$server"
	wait "$server" || status=$?
	[ $status = 0 ] || { echo "status $status"; cat "$TMP/log"; return 1; }
}

# sees pause|gone
sees() {
	local status=0
	start "$program" --instances 2 || return 1
	timeout 120 "$TMP/clients/parent" "$TMP/s" "$TMP/s.2" "$1" || status=$?
	stop && [ $status = 0 ] && ! grep -E 'Sanitizer|runtime error' "$TMP/log"
}

# A driver without a model says so.
layer_1_says_so() {
	local answer
	start "$(framework/user/build.sh --out "$TMP/raw" tests/fixtures/rawv11)" || return 1
	answer=$(timeout 20 python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"parent suspend\n")
print(s.recv(100).decode())' "$TMP/s.control")
	stop && [ "$answer" = 'error 95' ] && grep 'parent suspend: no model is registered.*\[K245\]' "$TMP/log"
}

# An event that comes to nothing is seen by every check of the client.
forgotten_is_caught() {
	local dir=$TMP/variant
	mkdir -p "$dir/framework/user"
	cp -r framework/user/device.h framework/user/server "$dir/framework/user/" &&
		patch -s -p1 -d "$dir" <tests/broken/user-parent/event-forgotten.patch || return 1
	program=$(LIBS=-lcjson framework/user/build.sh --out "$dir/out" --main "$(echo "$dir"/framework/user/server/*.c)" \
		tests/fixtures/mdkgone) || return 1
	! sees pause && ! sees gone
}

# Needs the framework built anew.
untold_is_caught() {
	mkdir -p "$TMP/sdk" && cp -r framework sdk "$TMP/sdk/" &&
		patch -s -p1 -d "$TMP/sdk" <tests/broken/user-parent/nobody-told.patch || return 1
	program=$("$TMP/sdk/framework/user/build.sh" --out "$TMP/sdk/out" tests/fixtures/mdkgone) || return 1
	! sees gone >"$TMP/seen" && grep 'not so: its user is told of the error' "$TMP/seen"
}

check "the fixture whose hardware can go builds as a process" build address
check "its client builds" clients
check "sleep, reset and error: all-ones meanwhile, and as before afterwards" sees pause
check "gone: all-ones, its users are told, nothing is opened, reset or created" sees gone
check "a driver on layer 1 alone says that nothing happens to its parent" layer_1_says_so
check "an event that is forgotten is caught" forgotten_is_caught
if full_tier; then
	check "users that are not told are caught" untold_is_caught
	check "the fixture builds for ThreadSanitizer" build thread
	check "no race while the parent is away" sees pause
fi
finish
