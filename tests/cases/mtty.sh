#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mtty echoes with interrupts, has 24 ports, passes the suite and stays small
# tier: quick
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

make -s -C tests/mtty O="$SDK/build/host/clients" >&2 || exit 3
tree=$TMP/mtty
mkdir "$tree"
cp -r examples/mtty/{Kbuild,mtty.c,expected-skips,tests} "$tree"
check "mtty builds" make --no-print-directory M="$tree"
check "mtty has at most 400 lines" [ "$(wc -l <examples/mtty/mtty.c)" -le 400 ]

"$MDEV" boot --kernel 6.1 --module "$tree/mtty.ko" --file build/host/clients/mtty-client:/bin/mtty-client \
	--run mtty-client --ktap "$TMP/ktap" --log "$TMP/log" >"$TMP/boot.out" 2>&1
guest_results "" "$TMP/ktap"
guest_is_clean() {
	cat "$TMP/boot.out"
	whole_ktap "$TMP/ktap" && ! grep -q 'FAILED  the run' "$TMP/boot.out"
}
check "the guest came to its end, its kernel said nothing" guest_is_clean
check "mtty passes the suite on 6.1" expect 0 ' 0 failed' "$MDEV" test "$tree"
full_tier && check "mtty passes the suite on the newest kernel" \
	expect 0 ' 0 failed' "$MDEV" test "$tree" --kernel newest
finish
