#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the suite's time limits: many slow steps are no hang, one that does not end is
# tier: full
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# A create of this driver takes so many milliseconds.
conform_with() { # MS TEST
	"$MDEV" boot --kernel 6.1 --module "$ko" --timeout 300 \
		--file "$SDK/build/host/conform/mdev-conform:/bin/mdev-conform" \
		--run "echo $1 >/sys/module/pinner/parameters/create_ms
			mdev-conform --parent pinner.0 --only $2; exit 0"
}

# 30 creates, and a limit of 60 seconds.
slow_is_no_hang() {
	conform_with 2300 lifetime.remove_open_race >"$TMP/slow.out" 2>&1
	cat "$TMP/slow.out"
	grep -q '^ok 1 lifetime.remove_open_race' "$TMP/slow.out"
}

# The limit is 15 seconds.
hang_is_told() {
	conform_with 40000 sysfs.remove_one >"$TMP/hang.out" 2>&1
	cat "$TMP/hang.out"
	grep -q '^not ok 1 sysfs.remove_one' "$TMP/hang.out" &&
		grep -q 'no answer within 15 s' "$TMP/hang.out"
}

framework_for 6.1
ko=$(fixture_for 6.1)
check "a test of 30 slow steps passes" slow_is_no_hang
check "a step without an end is a failure" hang_is_told
finish
