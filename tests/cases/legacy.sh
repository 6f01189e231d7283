#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a driver written to the text of Linux 4.10 passes the suite with one include line changed
# tier: full
# timeout: 420
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/careless410.sh
. tests/clients/careless410.sh

fixture=tests/fixtures/legacy410

one_line_changed() {
	[ "$(grep -c '<mdev_sdk/' $fixture/legacy410.c)" = 1 ] && ! grep -q '<mdk/' $fixture/legacy410.c
}

check "it names one header of mdev-sdk" one_line_changed
for kernel in "${KERNELS[@]}"; do
	check "it passes on $kernel" expect 0 ' 0 failed' "$MDEV" test $fixture --kernel "$kernel"
done
check "one that forgets its notifier is told, and harms nobody" careless_is_told
check "what it forgets fills no log" log_is_not_filled
finish
