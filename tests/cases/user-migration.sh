#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a migration on layer 1, in a process: states, streams, and files of sessions that are over
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

export ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=halt_on_error=0

# ends SANITIZER SDK TREE [storm]: no failure, no warning, no report.
ends() {
	local path
	path=$("$2/framework/user/build.sh" --sanitizer "$1" --out "$TMP/out/$1" \
		--main "$SDK/tests/user/migrate.c $SDK/tests/user/guest.c" "$3") || return 1
	expect 0 '^rawmig: 0 failures$' timeout 120 "$path" ${4:+"$4"} &&
		! grep -E 'Sanitizer|runtime error' "$TMP/expect.out"
}

# One copy, whose framework is built once; of a variant it is the changed file.
copy() {
	mkdir -p "$TMP/sdk" && tar c framework sdk tests/fixtures/rawmig | tar x -C "$TMP/sdk"
}

# A patch is for the repository, or for the fixture.
is_caught() { # patch
	local status=0 base=$TMP/sdk how=address storm=
	[[ $1 != */loaded-while-written.patch ]] || { how=thread; storm=storm; }
	! grep -q '^# fixture:' "$1" || base=$TMP/sdk/tests/fixtures/rawmig
	patch -s -p1 -d "$base" <"$1" || return 1
	if ends $how "$TMP/sdk" "$TMP/sdk/tests/fixtures/rawmig" $storm >"$TMP/result" 2>&1; then
		echo "nothing has failed"
		status=1
	fi
	patch -s -R -p1 -d "$base" <"$1"
	grep -E 'not so:|warning:|Sanitizer|has to fail' "$TMP/result" || status=1
	return $status
}

check "states and streams, no report of AddressSanitizer" ends address "$SDK" tests/fixtures/rawmig
check "two threads in the stream, no report of ThreadSanitizer" ends thread "$SDK" tests/fixtures/rawmig storm
copy
check_variants user-migration
finish
