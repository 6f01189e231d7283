#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a path that kbuild cannot take is said in a sentence by whoever would build there, and before it builds
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/spoil.sh
. tests/tool/spoil.sh

# What is refused, and what is not; kbuild itself is asked below.
# shellcheck disable=SC1003,SC2016
bad=(' ' : '#' % '$' "'" '"' '\' ';' '&' '(' ')' '|' '<' '>' '*' '?' ',' '`')
good=('[' ']' '{' '}' '~' '!' '=' + @ '^' - _ . é)
sentence='kbuild cannot take a blank or one of : # % . . . . ; & . . . < > . . , . in a path'

# A sentence and nothing else on standard error, but for make's own last line.
in_one_sentence() { # STATUS COMMAND...
	local status=$1
	shift
	expect "$status" "^mdev-sdk: .*$sentence" "$@" || return 1
	[ "$(grep -vc '^make' "$TMP/expect.out")" = 1 ] || { echo "not one line"; return 1; }
}

new_refuses() {
	local c
	for c in "${bad[@]}"; do
		in_one_sentence 2 "$MDEV" new --name paths --dir "$TMP/x${c}y" || return 1
		[ ! -e "$TMP/x${c}y" ] || { echo "it was created"; return 1; }
	done
}

# The parent has it, the name of the tree has not.
new_refuses_below() {
	mkdir "$TMP/my dir"
	in_one_sentence 2 "$MDEV" new --name paths --dir "$TMP/my dir/foo" &&
		(cd "$TMP/my dir" && in_one_sentence 2 "$MDEV" new --name paths) &&
		[ -z "$(ls -A "$TMP/my dir")" ]
}

new_takes() {
	local c
	for c in "${good[@]}"; do
		"$MDEV" new --name paths --dry-run --dir "$TMP/x${c}y" || return 1
	done
}

module_in() { # FOLDER
	mkdir -p "$1"
	echo 'obj-m := tiny.o' >"$1/Kbuild"
	printf '#include <linux/module.h>\n#include "tiny.h"\nMODULE_LICENSE("GPL");\n' >"$1/tiny.c"
	: >"$1/tiny.h"
}

build_refuses() {
	local c
	for c in "${bad[@]}"; do
		module_in "$TMP/x${c}y"
		in_one_sentence 3 env KVER=6.1 framework/build.sh module "$TMP/x${c}y" || return 1
	done
}

# Kbuild alone, as our build calls it.
kbuild_builds() { # CHARACTER
	local status=1
	module_in "$TMP/x${1}y"
	# shellcheck disable=SC2086 # several words
	make -s -C "$kdir" $makeflags M="$TMP/x${1}y" KCPPFLAGS="-I$TMP/x${1}y" modules >"$TMP/kbuild.log" 2>&1
	[ ! -f "$TMP/x${1}y/tiny.ko" ] || status=0
	# Kbuild writes to x_y where it cannot take x,y.
	rm -rf "$TMP/x${1}y"
	return $status
}

kbuild_takes() {
	local c status=0
	for c in "${good[@]}"; do
		kbuild_builds "$c" || { echo "it cannot take: $c"; cat "$TMP/kbuild.log"; status=1; }
	done
	return $status
}

kbuild_refuses() {
	local c status=0
	for c in "${bad[@]}"; do
		! kbuild_builds "$c" || { echo "it takes: $c"; status=1; }
	done
	return $status
}

# The tree's own Makefile, when the tree was moved.
moved_tree() { # TARGET
	in_one_sentence 2 make -s -C "$TMP/my dir/paths" "$1"
}

move_tree() {
	"$MDEV" new --name paths --dir "$TMP/paths" >/dev/null && mv "$TMP/paths" "$TMP/my dir/paths"
}

# The SDK itself in such a folder.
sdk_there() {
	sdk="$TMP/my sdk"
	mkdir -p "$sdk/build"
	cp -a framework sdk tools templates Makefile VERSION LICENSE mdev-sdk "$sdk/"
	ln -s "$SDK/build/host" "$sdk/build/host"
}

sdk_refuses() { # STATUS COMMAND...
	in_one_sentence "$@" && grep -q 'the folder of mdev-sdk is ' "$TMP/expect.out"
}

dkms_refuses() {
	cp -r "$(tools/dkms/make "$TMP/dkms")" "$TMP/a, b" &&
		in_one_sentence 2 make -s -C "$TMP/a, b" KDIR="$kdir"
}

headers_refuse() {
	ln -s "$kdir" "$TMP/my headers"
	in_one_sentence 3 env KDIR="$TMP/my headers" framework/build.sh release
}

kdir=$("$MDEV" kernel 6.1 --print kdir)
makeflags=$("$MDEV" kernel 6.1 --print makeflags)
check "new refuses each, and creates nothing" new_refuses
check "new refuses a folder in such a folder" new_refuses_below
check "new takes the others" new_takes
check "build.sh refuses each" build_refuses
check "kbuild itself takes the others" kbuild_takes
check "kbuild itself cannot take these" kbuild_refuses
move_tree
check "make M=" in_one_sentence 2 make -s KVER=6.1 M="$TMP/my dir/paths"
check "make M= with a quote in it" in_one_sentence 2 make -s KVER=6.1 M="$TMP/x'y"
check "make install M=" in_one_sentence 2 make -s KVER=6.1 DESTDIR="$TMP/root" M="$TMP/my dir/paths" install
check "make in the tree" moved_tree all
check "make test in the tree" moved_tree test
check "check in the tree: it builds a copy" expect 0 '^checked 2 files' "$MDEV" check "$TMP/my dir/paths" \
	--kernel 6.1 --kernel-scripts none --sparse
sdk_there
check "an SDK there: make" sdk_refuses 2 make -s -C "$sdk"
check "an SDK there: new" sdk_refuses 3 "$sdk/mdev-sdk" new --name paths --dir "$TMP/other"
check "an SDK there: test" expect 3 "the folder of mdev-sdk is .*$sentence" \
	"$sdk/mdev-sdk" test --kernel 6.1 "$TMP/my dir/paths"
check "what make dkms makes there" dkms_refuses
check "headers there" headers_refuse
check "the folder of the build there" in_one_sentence 3 env KVER=6.1 MDK_OUT="$TMP/my out" \
	framework/build.sh framework
# shellcheck disable=SC2016
broken "a list that forgets the comma" new_refuses common/tree.c 's/\*?,`"/*?`"/'
finish
