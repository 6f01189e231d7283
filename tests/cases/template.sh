#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what `new` generates builds without a word of warning and passes the suite, on each kernel
# tier: quick
# shellcheck source=tests/lib.sh
. tests/lib.sh

plan 7
tree=$TMP/myvgpu
check "new generates a tree" "$MDEV" new --name myvgpu --dir "$tree"

quiet_build() {
	make --no-print-directory M="$tree" "$@" >"$TMP/build.out" 2>&1 || {
		cat "$TMP/build.out"
		return 1
	}
	cat "$TMP/build.out"
	! grep -Ei 'warning|error' "$TMP/build.out" | grep -v pahole
}
check "builds with W=1 C=2 without a warning on 6.1" quiet_build W=1 C=2
check "sparse really looked at it" grep 'CHECK .*myvgpu.c' "$TMP/build.out"
check "passes the suite on 6.1" expect 0 ' 0 failed' "$MDEV" test "$tree"
check "passes the suite on the newest kernel" \
	expect 0 ' 0 failed' "$MDEV" test "$tree" --kernel newest

check "make -C TREE builds it too" make --no-print-directory -C "$tree"
check "make -C TREE clean leaves what new generated" sh -c "
	make --no-print-directory -C '$tree' clean >/dev/null 2>&1
	[ \"\$(find '$tree' -type f | wc -l)\" = 5 ] || { find '$tree'; exit 1; }"
finish
