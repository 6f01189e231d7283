#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a device with every capability, BAR and interrupt passes the suite; lspci reads it as meant
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

tree=$TMP/mdkcaps
mkdir "$tree"
cp tests/fixtures/mdkcaps/{Kbuild,mdkcaps.c,expected-skips} "$tree"
full_tier && check "mdkcaps passes the suite on the newest kernel" \
	expect 0 ' 0 failed' "$MDEV" test "$tree" --kernel newest
check "mdkcaps passes the suite on 6.1" expect 0 ' 0 failed' "$MDEV" test "$tree"

# The driver that is booted next must be that of 6.1.
make --no-print-directory M="$tree" >"$TMP/build.log" 2>&1 || cat "$TMP/build.log" >&2
"$MDEV" boot --kernel 6.1 --module "$tree/mdkcaps.ko" \
	--file build/host/conform/mdev-poke:/bin/mdev-poke \
	--file tests/fixtures/mdkcaps/guest.sh:/lab/guest.sh --run 'sh /lab/guest.sh; true' \
	--ktap "$TMP/ktap" --log "$TMP/log" >"$TMP/boot.out" 2>&1
guest_results "" <(grep -v '^config: ' "$TMP/ktap")
guest_is_clean() {
	cat "$TMP/boot.out"
	whole_ktap "$TMP/ktap" && ! grep -q FAILED "$TMP/boot.out"
}
check "the guest came to its end, its kernel said nothing" guest_is_clean

# Without names of vendors, which change with the list of the day.
lspci_agrees() {
	tr -d '\r' <"$TMP/ktap" | sed -n 's/^config: //p' >"$TMP/dump"
	lspci -n -vv -F "$TMP/dump" >"$TMP/lspci" 2>"$TMP/lspci.err"
	diff -u tests/golden/mdkcaps.lspci "$TMP/lspci"
}
check "lspci reads its configuration space as meant" lspci_agrees
finish
