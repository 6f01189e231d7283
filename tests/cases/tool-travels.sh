#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a generated tree names no place of the machine it was made on: it is moved, committed and cloned
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

# Where mdev-sdk and the tests' folder are, and whose home this is.
places=("$SDK" "$(realpath "$SDK")" "$TMP" "$(realpath "$TMP")")
[ "${#HOME}" -lt 3 ] || places+=("$HOME/")

commit() { # TREE
	git -C "$1" init -q && git -C "$1" add -A &&
		git -C "$1" -c user.name=test -c user.email=test@localhost commit -q -m generated
}

# The files that git tracks of a tree, and those inside its record.
travelling() { # TREE
	rm -rf "$TMP/seen"
	mkdir -p "$TMP/seen/record"
	git -C "$1" archive HEAD | tar x -C "$TMP/seen" &&
		sed '1,/^begin/d;/^=/d' "$1/.mdev-sdk" | base64 -di | tar xz -C "$TMP/seen/record"
}

names_no_place() { # TREE
	travelling "$1" && [ -f "$TMP/seen/record/Makefile" ] || return 1
	! grep -rF "${places[@]/#/-e}" "$TMP/seen"
}

# A tree made from templates of which one is changed by sed.
made_wrong() { # NAME SED FILE
	local wrong=$TMP/wrong-$1
	mkdir -p "$wrong/build"
	cp -r templates VERSION sdk tools framework "$wrong"
	ln -s "$SDK/build/host" "$wrong/build/host"
	sed -i "$2" "$wrong/templates/common/$3"
	MDEV_SDK_ROOT=$wrong "$MDEV" new --name wrong --dir "$TMP/$1" >/dev/null && commit "$TMP/$1"
}

caught() { # NAME SED FILE
	made_wrong "$@" && ! names_no_place "$TMP/$1"
}

tracks_local() {
	made_wrong tracked '/local.mk/d' .gitignore && ! names_no_place "$TMP/tracked"
}

clean() { # TREE
	git -C "$1" status --porcelain | tee "$TMP/status"
	[ ! -s "$TMP/status" ]
}

all_kinds() {
	local kind
	for kind in $(tools/new-each "$TMP/each" my); do
		commit "$TMP/each/$kind" && names_no_place "$TMP/each/$kind" || return 1
	done
	[ -d "$TMP/each/pci" ]
}

moved() {
	mkdir -p "$TMP/other"
	mv "$TMP/each/minimal" "$TMP/other/moved"
	make -C "$TMP/other/moved" && [ -f "$TMP/other/moved/myminimal.ko" ] && clean "$TMP/other/moved"
}

cloned() {
	git clone -q "$TMP/other/moved" "$TMP/clone" &&
		expect 2 "no mdev-sdk in '.*'; say where it is: make MDEV_SDK=" make -C "$TMP/clone"
}

# With the variable of the environment, of make, and in the file.
builds() { # COMMAND...
	rm -f "$TMP/clone"/*.ko
	"$@" && [ -f "$TMP/clone/myminimal.ko" ] && clean "$TMP/clone"
}

by_file() {
	echo "MDEV_SDK ?= $SDK" >"$TMP/clone/local.mk"
	builds make -C "$TMP/clone"
}

# The driver's own tests find what they need of the SDK; to run them is template.sh's.
tested() {
	expect 0 '^device\.says_what_it_is' ./mdev-sdk test "$TMP/clone" --list &&
		expect 0 '/mdev-sdk test' make -n -C "$TMP/clone" test &&
		grep -F "$SDK/mdev-sdk test" "$TMP/expect.out"
}

documented() {
	rm "$TMP/clone/docs/registers.md"
	make -C "$TMP/clone" docs && clean "$TMP/clone"
}

report() {
	./mdev-sdk new --name myvgpu --json --dry-run >"$TMP/json" && ! grep -F "$SDK" "$TMP/json"
}

# One of 0.4.0, which said where the SDK was.
old_tree() {
	mkdir "$TMP/old"
	cp tests/golden/oldtree.mdev-sdk "$TMP/old/.mdev-sdk"
	sed '1,/^begin/d;/^=/d' "$TMP/old/.mdev-sdk" | base64 -di | tar xz -C "$TMP/old" &&
		grep -q /opt/mdev-sdk "$TMP/old/Makefile" &&
		make -C "$TMP/old" MDEV_SDK="$SDK" && [ -f "$TMP/old/oldtree.ko" ]
}

old_upgraded() {
	local places=(/opt/mdev-sdk "$SDK")
	"$MDEV" upgrade --apply "$TMP/old" && commit "$TMP/old" && names_no_place "$TMP/old" &&
		make -C "$TMP/old"
}

pci_upgraded() {
	sed -i '/^obj-/d' "$TMP/each/pci/Kbuild"
	"$MDEV" upgrade --apply "$TMP/each/pci" && git -C "$TMP/each/pci" checkout -q Kbuild &&
		clean "$TMP/each/pci"
}

check "each kind: nothing that git tracks names a place" all_kinds
check "caught: a page with the SDK's folder" caught page "1a see $SDK" README.md
check "caught: a Makefile with the SDK's folder" caught makefile "1a MDEV_SDK ?= $SDK" Makefile
check "caught: a local file that git tracks" tracks_local
check "--json names none" report
check "a moved tree builds, and git sees no change" moved
check "a clone says what it needs" cloned
check "a clone builds: make MDEV_SDK=" builds make -C "$TMP/clone" MDEV_SDK="$SDK"
check "a clone builds: MDEV_SDK in the environment" \
	builds env MDEV_SDK="$SDK" make -C "$TMP/clone"
check "a clone builds: local.mk" by_file
check "a clone builds: make M= in the SDK" builds make M="$TMP/clone"
check "make test in it" tested
check "make docs in it" documented
check "upgrade of it" expect 0 'nothing to take over' "$MDEV" upgrade "$TMP/clone"
check "a tree of 0.4.0 still builds" old_tree
check "upgrade shows what is other" expect 1 '^-MDEV_SDK .= /opt/mdev-sdk' "$MDEV" upgrade "$TMP/old"
check "after upgrade --apply it names no place, and builds" old_upgraded
check "upgrade --apply of a tree with a parent" pci_upgraded
finish
