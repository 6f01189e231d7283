# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases in tests/cases: a case prints KTAP through these functions and cleans up after
# itself. Sourced with the repository as current folder.
#
#   check "what must hold" command args...      one result, from the command's status
#   pass NAME | fail NAME [LINE...] | skip NAME REASON
#   finish                                      the end marker; a case without it has failed

set -u

SDK=$(pwd)
export SDK
# shellcheck disable=SC2034
MDEV=$SDK/mdev-sdk
# shellcheck disable=SC2034
CASE=$(basename "$0" .sh)
# Every case has a folder of its own, removed when it ends.
TMP=$(mktemp -d "${TMPDIR:-/tmp}/mdk-$CASE.XXXXXX")
trap 'rm -rf "$TMP"' EXIT
trap 'exit 130' INT TERM

# For what a quick run leaves to a full one within a case.
full_tier() {
	[ "${MDK_TIER:-quick}" = full ]
}

# For cases in which the kernels differ little: a quick run shows on one what a full run shows on both.
KERNELS=(6.1)
# shellcheck disable=SC2034
! full_tier || KERNELS=(6.1 newest)

# shellcheck source=tests/runner/commit.sh
. tests/runner/commit.sh

# turn LENGTH: a number below it, and with each commit the next one: what a quick run takes of many.
turn() {
	echo $(($(commit_number) % $1))
}

# within TRIES COMMAND...: what comes by chance, as two threads that meet, and less often on a busy machine.
within() {
	local try
	for ((try = 0; try < $1; try++)); do
		"${@:2}" && return 0
	done
	return 1
}

# check_variants FOLDER EVERY: each patch of tests/broken/FOLDER by is_caught; a quick run takes one in so many.
check_variants() {
	local patches=("tests/broken/$1"/*.patch) every=${2:-0} i
	[ "$every" -gt 0 ] || every=${#patches[@]}
	for i in "${!patches[@]}"; do
		if full_tier || [ $((i % every)) = "$(turn "$every")" ]; then
			check "$(basename "${patches[i]}" .patch) is caught" is_caught "${patches[i]}"
		fi
	done
}

tap_count=0

# Before the first result comes what KTAP begins with.
next_result() {
	[ $tap_count -gt 0 ] || echo 'KTAP version 1'
	tap_count=$((tap_count + 1))
}

pass() {
	next_result
	printf 'ok %d %s\n' "$tap_count" "$1"
}

diag() {
	sed -e 's/^/# /'
}

fail() {
	local name=$1
	shift
	next_result
	[ $# -eq 0 ] || printf '%s\n' "$@" | diag
	printf 'not ok %d %s\n' "$tap_count" "$name"
}

skip() {
	next_result
	printf 'ok %d %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# check NAME COMMAND...: what the command printed is shown when it fails.
check() {
	local name=$1
	shift
	if "$@" >"$TMP/check.out" 2>&1; then
		pass "$name"
	else
		fail "$name" "status $? of: $*" "$(tail -n 40 "$TMP/check.out")"
	fi
}

# expect STATUS PATTERN COMMAND...: for check: the exit status, and an ERE in what it printed.
expect() {
	local status=$1 pattern=$2 got=0
	shift 2
	"$@" >"$TMP/expect.out" 2>&1 || got=$?
	cat "$TMP/expect.out"
	[ "$got" = "$status" ] || {
		echo "exit status: found $got, needed $status"
		return 1
	}
	grep -Eq -- "$pattern" "$TMP/expect.out" || {
		echo "output: no line matches '$pattern'"
		return 1
	}
}

# KTAP takes the plan at the end as well as at the beginning.
finish() {
	[ $tap_count -gt 0 ] || echo 'KTAP version 1'
	echo "1..$tap_count"
	echo '# mdev-conform: end'
}
