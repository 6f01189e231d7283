#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a guest with mtty stands still for about as long as one with the kernel's own mtty when it moves
# tier: full
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh
# shellcheck source=tests/oracle/samples.sh
. tests/oracle/samples.sh

# The first line whose mtty can be migrated, and which Debian has.
NESTED_KERNEL=6.12
sdk=$MDEV
kernels=$TMP/kmtty

# Under a name of its own, so that both can be there at once.
kernels_mtty() {
	mkdir "$kernels" && samples_of $NESTED_KERNEL && fetch_samples &&
		sed 's/"mtty"/"kmtty"/' "$samples/mtty.c" >"$kernels/kmtty.c" && build_samples "$kernels" kmtty
}

moves() { # MODULE ROUNDS
	"$MDEV" image --init tests/nested/ticks-init.sh --file tests/nested/begin.sh:/begin.sh --file "$NESTED/nested-ticks:/bin/nested-ticks" \
		--output "$TMP/l2.initrd" &&
		NESTED_SECONDS=500 nested_moves tests/nested/l1-downtime.sh "$1" "$TMP/l2.initrd" "ROUNDS=$2 L2_APPEND=TICK=12" \
			--bus kernel --kernel-module mdev --module "$kernels/kmtty.ko"
}

# The milliseconds of all rounds, in order of size.
downtimes() { # ours|kernel
	sed -n "/^round [0-9]* $1\$/,/^it ticks/s/.*\"downtime\": \([0-9]*\).*/\1/p" "$TMP/said" | sort -n
}

median() { # ours|kernel
	downtimes "$1" | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'
}

all_moved() { # ROUNDS
	grep -E '^(round|migration|it ticks)' "$TMP/said"
	[ "$(grep -c '^migration to .*: completed' "$TMP/said")" = $((2 * $1)) ] &&
		[ "$(grep -c '^it ticks on in' "$TMP/said")" = $((2 * $1)) ]
}

figures() {
	for who in ours kernel; do
		echo "$who: downtime $(downtimes $who | xargs) ms, median $(median $who) ms"
	done
	awk -v ours="$(median ours)" -v kernel="$(median kernel)" \
		'BEGIN { printf "ratio %.2f\n", ours / kernel }'
}

# At most 1.5 times as long.
is_about_as_long() {
	figures
	[ $((2 * $(median ours))) -le $((3 * $(median kernel))) ]
}

# A busy host holds up either of the two for longer than a device takes: measured once more then.
is_so_once_in_two() {
	is_about_as_long && return 0
	figures | sed 's/^/first: /' >>"$TMP/retries"
	moves "$module" 3 && all_moved 3 && is_about_as_long
}

delay_is_caught() {
	local broken
	broken=$(driver_copy examples/mtty tests/broken/mtty/stops-late.patch) || return 1
	moves "$broken" 1 && all_moved 1 || return 1
	! is_about_as_long
}

nested_build
framework_log=$(KVER=$NESTED_KERNEL framework/build.sh framework 2>&1) || echo "$framework_log" >&2
check "the kernel's mtty is built" eval '(kernels_mtty)'
module=$(driver_copy examples/mtty)
check "two guests are started, and move three times each" moves "$module" 3
check "they tick on after each time" all_moved 3
check "the one with ours stands still at most 1.5 times as long" is_so_once_in_two
figures | diag
check "a driver that takes its time to stop is noticed" delay_is_caught
nested_retries
finish
