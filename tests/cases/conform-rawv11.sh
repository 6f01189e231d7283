#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a raw v11 driver passes the suite; where its region info cannot arrive it is told so
# tier: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

check "raw v11 driver passes on 6.1" \
	expect 0 ' 0 failed' "$MDEV" test tests/fixtures/rawv11 --kernel 6.1

told_so() {
	expect 1 'cannot load rawv11' "$MDEV" test tests/fixtures/rawv11 --kernel newest \
		--log "$TMP/log" &&
		grep 'VFIO_DEVICE_GET_REGION_INFO does not reach' "$TMP/log"
}
check "raw v11 driver is told on the newest kernel" told_so

RAWV11_NATIVE_REGION_INFO=y
export RAWV11_NATIVE_REGION_INFO
check "raw v11 driver with the native op passes on the newest kernel" \
	expect 0 ' 0 failed' "$MDEV" test tests/fixtures/rawv11 --kernel newest
finish
