#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: guest memory without a descriptor is copied and never pinned; a session's descriptor is nothing to the next
# tier: quick
# timeout: 900
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

# served SDK OUT: the client's checks, with the driver as that SDK makes it.
served() {
	local status=0 pid program
	program=$("$1/framework/user/build.sh" --sanitizer address --out "$2" "$1/tests/fixtures/mdkcopy") || return 1
	rm -f "$TMP"/s*
	"$program" --socket "$TMP/s" 2>"$TMP/log" &
	pid=$!
	for _ in {1..200}; do
		[ ! -S "$TMP/s.control" ] || break
		sleep 0.05
	done
	timeout 60 "$TMP/memory/memory" "$TMP/s" || status=$?
	kill -INT $pid
	wait $pid || status=$?
	grep -v '\[U[16]\]' "$TMP/log" | head -n 20
	return $status
}

passes() {
	served "$SDK" "$TMP/out"
}

is_told() {
	[ "$(grep -c 'a pin of guest memory at 0x500001000, .*refused; .*\[K240\]' "$TMP/log")" = 1 ]
}

# One copy, whose framework is built once; of a variant it is the changed file.
copy() {
	mkdir -p "$TMP/sdk" && tar c framework sdk tests/user tests/fixtures/mdkcopy | tar x -C "$TMP/sdk"
}

is_caught() { # patch
	local status=0
	export MDK_WAIT_MS=3000
	patch -s -p1 -d "$TMP/sdk" <"$1" || return 1
	if served "$TMP/sdk" "$TMP/variant" >"$TMP/result" 2>&1; then
		echo "nothing has failed"
		status=1
	fi
	patch -s -R -p1 -d "$TMP/sdk" <"$1"
	grep -E '^(# found|not ok)|ERROR: ' "$TMP/result" || status=1
	return $status
}

check "the client builds" make -s -C tests/user O="$TMP/memory" "$TMP/memory/memory"
check "copies, pins and memory of sessions, over the server" passes
check "the pin that was refused is told of, once, with its way out" is_told
copy
check_variants user-memory
finish
