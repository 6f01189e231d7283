#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of the layer for drivers of Linux 4.10 is caught by the suite
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/careless410.sh
. tests/clients/careless410.sh

# variant | results that must fail
variants() {
	cat <<-'END'
	legacy-deaf|not ok .*dma.unmap_pinned
	legacy-pins-kept|not ok .*dma.pin_arguments
	legacy-caps-lost|not ok .*region
	legacy-short-window|not ok .*info.region
	END
}

suite_in_copy() {
	"$TMP/sdk/mdev-sdk" test tests/fixtures/legacy410 --kernel 6.1 --ktap "$TMP/ktap"
}

caught_by_suite() { # variant pattern
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	suite_in_copy >"$TMP/boot.out" 2>&1
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	cat "$TMP/boot.out" "$TMP/ktap"
	grep -Eq "$2" "$TMP/ktap"
}

# What a careless driver does must be found: not by the suite, but by the log.
caught_by() { # variant check
	local status
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	build_in_copy && ! MDEV=$TMP/sdk/mdev-sdk "$2"
	status=$?
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	return $status
}

copy_sdk
mkdir -p "$TMP/sdk/build/host"
cp -r tools Makefile Kconfig "$TMP/sdk/"
cp -r build/host/conform "$TMP/sdk/build/host/"
check "as it is the copy passes" suite_in_copy
while IFS='|' read -r variant pattern; do
	check "$variant" caught_by_suite "$variant" "$pattern"
done < <(variants)
check "legacy-early-notifier" caught_by legacy-early-notifier careless_is_told
check "legacy-fills-the-log" caught_by legacy-fills-the-log log_is_not_filled
finish
