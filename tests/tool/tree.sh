# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For cases that build a driver's tree and boot it. Sourced after tests/lib.sh.

quiet_build() { # TREE ARGS...
	local tree=$1
	shift
	make --no-print-directory M="$tree" "$@" >"$TMP/build.out" 2>&1 || {
		cat "$TMP/build.out"
		return 1
	}
	cat "$TMP/build.out"
	! grep -Ei 'warning|error' "$TMP/build.out" | grep -v pahole
}

# The tree's own tests, and none of the suite's.
own_tests() { # TREE [TEST OPTION...]
	"$MDEV" test "$1" --only device "${@:2}"
}
