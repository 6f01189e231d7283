#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mistakes that a stranger planted in three drivers are found by the fuzzer within 5 minutes, cut down, played again
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh

# It says a line: NUMBER DRIVER SEED SECONDS EVENTS WHAT; docs/evidence/fuzz-planted.md has all.
found() { # NUMBER
	tests/fuzz/planted 1 "$1" >"$TMP/line" || { cat "$TMP/line"; return 1; }
	cat "$TMP/line"
	[ "$(awk '{ print $5 }' "$TMP/line")" -le 12 ]
}

# A driver without a mistake has none found.
nothing_in_ours() {
	cp -r tests/fixtures/vrng "$TMP/vrng" && rm -rf "$TMP/vrng/build" &&
		expect 0 '^nothing was found' "$MDEV" fuzz "$TMP/vrng" --time 30 --jobs 1 --seed 1
}

# Those that each run so far has found.
for number in 02 05 06 07 08 09 10; do
	check "$number of tests/broken/fuzz/list.txt is found" found $number
done
check "where nobody planted one, none is found" nothing_in_ours
finish
