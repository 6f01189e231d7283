#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: every driver passes the whole suite on every kernel, as docs/compat.md says
# tier: full
# timeout: 2700
# shellcheck source=tests/lib.sh
. tests/lib.sh

wrong_answer() {
	cp -r tests/fixtures/rawv11 "$TMP/wrong"
	patch -s -d "$TMP/wrong" -p1 <tests/broken/driver/argsz-unchecked.patch || return 1
	expect 1 'wrong +fails .*[1-9][0-9]* failed' "$MDEV" compat --tree "$TMP/wrong" 6.12-cloud
}

check "every driver passes on every kernel" sh -c \
	"'$MDEV' compat --json >'$TMP/json' 2>'$TMP/err' || { cat '$TMP/err' '$TMP/json'; false; }"
check "docs/compat.md agrees (else: make compat)" tests/compat-agrees.py all "$TMP/json" docs/compat.md
check "a driver that fails is told" wrong_answer
finish
