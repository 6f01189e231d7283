#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: check builds a driver with sparse, and cppcheck looks at a program, in the same report
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

tree=$TMP/mysparse
"$MDEV" new --name mysparse --dir "$tree" >/dev/null || exit 3
"$MDEV" kernel 6.1 >/dev/null || exit 3
sound=$(cat "$tree/mysparse.c")

check_tree() { # ARGUMENT...
	"$MDEV" check "$tree" --kernel-scripts none --kernel 6.1 "$@"
}
with_line() { # LINE COMMAND...
	printf '%s\n\n%s\n' "$sound" "$1" >"$tree/mysparse.c"
	shift
	"$@"
}
last_line() {
	wc -l <"$tree/mysparse.c"
}

# sparse looks at each source each time, also at one that was built already.
sparse_finds() {
	with_line 'int not_static;' expect 1 'warning: symbol .not_static. was not declared.*\[sparse\]' check_tree || return 1
	expect 1 "^$tree/mysparse\.c:$(last_line):5: warning: symbol .not_static" check_tree
}
cannot_build() {
	with_line 'int int twice;' expect 3 "no file was checked by sparse: $tree/mysparse\.c:[0-9]+:[0-9]+: error: " check_tree || return 1
	# Not asked for, not missed.
	expect 0 '0 not checked' check_tree --no-sparse
}
no_module() {
	rm -rf "$TMP/plain"
	mkdir "$TMP/plain"
	# A tree that calls nothing of the kernel's would not be checked by any rule.
	echo 'void kfree(const void *p);' >"$TMP/plain/a.c"
	expect 0 'not run: sparse: no Kbuild of a module' "$MDEV" check "$TMP/plain" --kernel-scripts none || return 1
	expect 3 'no file was checked by sparse: no Kbuild of a module' "$MDEV" check "$TMP/plain" --kernel-scripts none --sparse
}
cppcheck_finds() {
	printf 'void kfree(const void *p); int f(void)\n{\n\tint a[2];\n\n\ta[0] = 1;\n\treturn a[2] + a[0];\n}\n' >"$TMP/plain/a.c"
	expect 0 '' "$MDEV" check "$TMP/plain" --kernel-scripts none || return 1
	expect 1 'plain/a\.c:6:[0-9]+: warning: Array .*\[cppcheck\]' "$MDEV" check "$TMP/plain" --kernel-scripts none --cppcheck
}

check "a generated driver: nothing" expect 0 'by [0-9]+ rules, 0 not checked; 0 errors, 0 warnings' check_tree
check "sparse finds, each time, in the file of the tree" sparse_finds
check "a driver that does not build was not checked" cannot_build
check "a folder that is no module's: said, or not checked where it was asked for" no_module
check "cppcheck, where it is asked for" cppcheck_finds
finish
