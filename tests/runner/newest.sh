# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# What to make of a case that fails on the newest kernel only.

# The newest kernel comes from an archive that moves. Where it is newer than the one noted in
# tests/kernels.txt, a case that fails with it and passes with another in its place is reported, and
# fails `full` only.
newer_than_noted() { # prints the release
	local now noted
	noted=$(sed -n '/^#/!s/ .*//p' "$kernels_txt")
	now=$(./mdev-sdk kernel newest --print release 2>/dev/null) || return 1
	[ "$now" != "$noted" ] && [ "$(printf '%s\n' "$now" "$noted" | sort -V | tail -n 1)" = "$now" ] &&
		echo "$now"
}

# The noted one is the right one to try; the archive may not have it any more.
instead_of_newest() {
	local noted
	noted=$(sed -n '/^#/!s/ .*//p' "$kernels_txt")
	if [ -n "$noted" ] && ./mdev-sdk kernel "$noted" --print release >/dev/null 2>&1; then
		echo "$noted"
	else
		echo 6.12
	fi
}

failed() { # name
	! grep -Eq '^[0-9]+ passed, 0 failed' "$out/$1.verdict" 2>/dev/null
}

# The verdict of the second try, and the failures of the first one as one skip.
forgive() { # name newest instead
	local file
	for file in ktap err verdict; do
		mv "$out/$1.$file" "$out/$1.newest.$file"
	done
	MDEV_SDK_NEWEST=$3 run_case "$4" >"$out/$1.line"
	if failed "$1" || grep -q '^  skipped  stopped after' "$out/$1.verdict"; then
		for file in ktap err verdict; do
			mv "$out/$1.newest.$file" "$out/$1.$file"
		done
		return
	fi
	sed -i '/^[0-9]* passed, /d' "$out/$1.verdict"
	echo "  skipped  fails on the newest kernel $2, passes with $3 in its place: $out/$1.newest.verdict" \
		>>"$out/$1.verdict"
	echo "$1: $2" >>"$base/newest-failed"
	cat "$out/$1.line"
	sed -n 's/.* \([0-9]* passed, 0 failed, \)\([0-9]*\) skipped/\1 \2/p' "$out/$1.line" |
		awk '{ print $1, $2, $3, $4, $5 + 1, "skipped" }' >>"$out/$1.verdict"
}
