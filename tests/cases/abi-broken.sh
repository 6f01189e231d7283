#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: frameworks that break the promise to older drivers are caught
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/abi/lib.sh
. tests/abi/lib.sh

is_caught() { # variant ko pattern
	local patch=$SDK/tests/broken/abi/$1.patch status=0
	patch -s -p1 -d "$NEWER" <"$patch" || return 1
	build_newer 6.1 >"$TMP/out" 2>&1 || status=1
	if [ $status = 0 ]; then
		rm -f "$TMP/log"
		"$NEWER/mdev-sdk" test "$2" --log "$TMP/log" >"$TMP/out" 2>&1
		same_checksums 6.1 >>"$TMP/out" 2>&1
	fi
	patch -s -R -p1 -d "$NEWER" <"$patch"
	cat "$TMP/out" "$TMP/log"
	[ $status = 0 ] && grep -Eq "$3" "$TMP/out" "$TMP/log"
}

copy_newer
if ! build_all 6.1; then
	fail "build" "$(tail -n 20 "$TMP"/*.log)"
	finish
	exit
fi
check "caught: older models are refused" is_caught older-refused "$old" '.K70'
check "caught: it reads beyond an older model" is_caught reads-beyond-model "$old" "'old' has what came lately"
check "caught: it reads beyond older ops" is_caught reads-beyond-ops "$old_raw" 'ops have what came lately'
check "caught: it takes older rows for longer ones" is_caught stride-of-now "$old" 'cannot load old|[1-9][0-9]* failed'
check "caught: genksyms sees the structs: an old driver does not load" \
	is_caught genksyms-sees "$old" 'disagrees about version of symbol mdk_'
check "caught: genksyms sees the structs: other checksums" is_caught genksyms-sees "$old" '^[<>].*mdk_host_register'
finish
