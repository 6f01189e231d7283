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

smoke() { # TREE NAME [BOOT OPTION...]
	"$MDEV" boot --conf "$1" --module "$1/$2.ko" --file "$1/tests/smoke.sh:/smoke.sh" \
		--file build/host/conform/mdev-poke:/bin/mdev-poke --run 'sh /smoke.sh' "${@:3}"
}
