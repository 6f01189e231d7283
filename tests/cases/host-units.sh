#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: unit tests of the parts of the command that need no kernel
# tier: quick
# timeout: 180
# shellcheck source=tests/lib.sh
. tests/lib.sh

units() {
	make --no-print-directory -C tools check-host 2>&1 | tee "$TMP/units"
	[ "${PIPESTATUS[0]}" = 0 ]
}

check "tools/Makefile check-host passes" units
# An element more than there are is none too many: built from the objects that the tests were made of.
broken_numbers() {
	local host=build/host flow=tools/mdev-sdk/flow objects libs
	sed 's/return right \&\& right - 1 < left ? right - 1 : left;/return left;/' "$flow/number.c" \
		>"$TMP/number.c"
	! cmp -s "$flow/number.c" "$TMP/number.c" || return 1
	# By their sources: objects of sources that are gone may lie there too.
	objects=$(for file in "$flow"/*.c tools/lab/*.c; do
		file=${file#tools/} file=${file%.c}.o
		[ "${file##*/}" = number.o ] || echo "$host/$file"
	done)
	libs=$(pkg-config --cflags --libs libarchive libkmod libelf libcjson)
	# shellcheck disable=SC2086 # several words each
	gcc -std=gnu11 -I tools -I tools/mdev-sdk -I "$flow" -o "$TMP/broken" tests/host/test_flow.c \
		"$TMP/number.c" $objects $libs -lcmocka || return 1
	! "$TMP/broken" >"$TMP/broken.out" 2>&1 && grep -q "'x % 4' is 9" "$TMP/broken.out"
}

check "caught: a remainder that is as large as what was divided" broken_numbers
check "it really ran tests" grep -E '^\[  PASSED  \] [1-9][0-9]* test' "$TMP/units"
finish
