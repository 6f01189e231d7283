#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each way in which a run can be wrong fails it, alone and in words of its own
# tier: quick
# timeout: 60
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A folder of tests/tool/judge is a recorded run: ktap, log, and in want the exit status and, a
# line each, the EREs that the verdict must match.
folders=(tests/tool/judge/*/)

judge() { # folder
	local status line
	read -r _ status <"$1/want"
	tail -n +2 "$1/want" | while read -r line; do
		expect "$status" "$line" "$MDEV" judge --ktap "$1/ktap" --log "$1/log" \
			--expected-skips tests/tool/judge/expected-skips || exit 1
	done
}

# What a faulty run is blamed for must not be said of the good one.
silent() {
	"$MDEV" judge --ktap "$good/ktap" --log "$good/log" \
		--expected-skips tests/tool/judge/expected-skips >"$TMP/good.out" || return 1
	! grep -E 'FAILED|the run:|the kernel:' "$TMP/good.out"
}

for folder in "${folders[@]}"; do
	check "judge: $(basename "$folder")" judge "${folder%/}"
done
good=tests/tool/judge/good
check "judge blames a good run for nothing" silent
check "judge without a file of results is told so" \
	expect 2 'judge needs --ktap FILE' "$MDEV" judge
check "judge is told of a file that is not there" \
	expect 2 "cannot read $TMP/none: No such file" "$MDEV" judge --ktap "$TMP/none"
finish
