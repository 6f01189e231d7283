#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a virtio device keeps to the specification, whatever its driver does; as a process
# tier: quick
# timeout: 1200
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

copy=$TMP/sdk
device=$copy/tests/fixtures/mdkvirtio

# One copy, whose framework is built once; of a variant it is the changed file.
make_copy() {
	mkdir -p "$copy/build"
	tar c framework sdk tools tests/fixtures/mdkvirtio VERSION LICENSE LICENSES Makefile mdev-sdk |
		tar x -C "$copy" && cp -a build/host "$copy/build/"
}

passes() {
	expect 0 '^[1-9][0-9]* passed, 0 failed, ' "$copy/mdev-sdk" test "$device" --user
}

fails() {
	! timeout 200 "$copy/mdev-sdk" test "$device" --user --only device >"$TMP/result" 2>&1
}

# What is a race does not show each time.
fails_some_time() {
	local try
	for try in {1..10}; do
		! fails || return 0
		echo "try $try has passed"
	done
	return 1
}

is_caught() { # patch
	local status=0
	patch -s -p1 -d "$copy" <"$1" || return 1
	case $1 in
	*/no-last-look.patch | */index-before-data.patch) fails_some_time || status=1 ;;
	*) fails || status=1 ;;
	esac
	patch -s -R -p1 -d "$copy" <"$1"
	grep -E 'FAILED|ERROR|passed' "$TMP/result"
	grep -q 'FAILED' "$TMP/result" || status=1
	return $status
}

check "the SDK is copied" make_copy
check "the suite and its own tests pass" passes
check_variants user-virtio 10
finish
