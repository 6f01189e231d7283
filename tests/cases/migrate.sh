#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the suite's group migrate passes a device that migrates as VFIO says, and finds each mistake of one that does not
# tier: quick
# timeout: 600
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

# The fake device of the server's tests, which is small enough for mistakes of one line.
copy() { # dir
	mkdir -p "$1/framework/user" "$1/tests"
	cp -rp framework/user/device.h framework/user/server "$1/framework/user/"
	cp -rp tests/user "$1/tests/"
}

build() { # dir
	nice -n 19 make -s -C "$1/tests/user" O=../../out ../../out/fake
}

# Results are in $TMP/ktap. How the server has ended counts too: a sanitizer ends it otherwise.
migrate() { # dir type
	local server status=0
	rm -f "$TMP"/s*
	"$1/out/fake" --socket "$TMP/s" --instances 0 2>"$TMP/log" &
	server=$!
	for _ in {1..100}; do
		[ ! -S "$TMP/s.control" ] || break
		sleep 0.05
	done
	timeout 200 build/host/conform/mdev-conform --socket "$TMP/s" --type "$2" --only migrate >"$TMP/ktap" || status=$?
	kill -INT "$server" 2>/dev/null
	wait "$server" || { tail -n 20 "$TMP/log"; return 1; }
	return $status
}

migrates() { # dir
	migrate "$1" fake-2 || { cat "$TMP/ktap"; return 1; }
	[ "$(grep -c '^ok' "$TMP/ktap")" = "$(sed -n 's/^1\.\.//p' "$TMP/ktap")" ] &&
		[ "$(grep -c ' # SKIP ' "$TMP/ktap")" = 6 ]
}

skips() { # dir
	migrate "$1" fake-1 || { cat "$TMP/ktap"; return 1; }
	! grep '^ok' "$TMP/ktap" | grep -vE ' # SKIP (it offers no migration|not over vfio-user: .*)$'
}

# Each test that the patch names in its second line fails.
is_caught() { # patch
	local dir=$TMP/variant name names
	rm -rf "$dir"
	cp -rp "$TMP/good" "$dir"
	patch -s -p1 -d "$dir" <"$1" && build "$dir" || return 1
	migrate "$dir" fake-2 >"$TMP/out" 2>&1
	grep -A3 '^# did' "$TMP/ktap" | head -n 12
	read -ra names < <(sed -n 's/^# fails: //p' "$1")
	for name in "${names[@]}"; do
		grep -q "^not ok [0-9]* $name\$" "$TMP/ktap" || { echo "$name has not failed"; return 1; }
	done
	[ ${#names[@]} -gt 0 ]
}

copy "$TMP/good"
check "the server and a device behind it build" build "$TMP/good"
check "a device that migrates as VFIO says passes" migrates "$TMP/good"
check "a device that offers no migration skips the whole group" skips "$TMP/good"
check_variants migrate 8
finish
