#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the suite's group dma on a device whose tree has a hook: no test of it is skipped
# tier: full
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# The suite with the fixture's hook.
SUITE=$TMP/conform
# shellcheck disable=SC2034
FIXTURE=mdkpin

group_passes() { # kernel
	local ko
	framework_for "$1" && ko=$(fixture_for "$1") || return 1
	"$MDEV" boot --kernel "$1" --module "$ko" --file "$SUITE:/bin/conform" \
		--run "conform --parent mdkpin --only dma" --ktap "$TMP/ktap" --log "$TMP/log"
	expect 0 ' 0 failed, 0 skipped' "$MDEV" judge --ktap "$TMP/ktap" --log "$TMP/log"
}

# A model of the fixture that does not look at bus mastering.
careless_fails() {
	local ko
	framework_for 6.1 && ko=$(fixture_for 6.1) || return 1
	"$MDEV" boot --kernel 6.1 --module "$ko" --file "$SUITE:/bin/conform" \
		--run "conform --parent mdkalways --only dma" --ktap "$TMP/ktap" --log "$TMP/log"
	grep '^not ok' "$TMP/ktap"
	diff <(printf 'dma.%s\n' bus_master_off off_message reset_is_off sleep) \
		<(sed -n 's/^not ok [0-9]* \([a-z_.]*\).*/\1/p' "$TMP/ktap" | sort)
}

check "the suite is built with the hook of a tree" make -s -C tools/conform \
	O="$SDK/build/host/conform" PROGRAM="$SUITE" TREE="$PWD/tests/fixtures/mdkpin" "$SUITE"
for kernel in "${KERNELS[@]}"; do
	check "$kernel: maps, pins and unmaps" group_passes "$kernel"
done
check "6.1: a device that acts although its guest has switched it off fails" careless_fails
finish
