#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what `check --mode patch` writes can be applied, compiles, and mends what was found
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A rule with `// Fix: mechanical` promises that its patch can be taken as it is. It may leave places
# to a person, but mends some: so each of its wrong fixtures is compiled for 6.1 as it is, patched,
# checked and compiled again.
options=(--no-sparse --kernel-scripts none --confidence low)

mechanical() {
	grep -lE '^// Fix: mechanical$' "${MDEV_SDK_ROOT:-$SDK}"/tools/cocci/rules/*.cocci |
		sed 's|.*/||; s/\.cocci$//'
}

compile() { # DIR: all of its C files as modules of the SDK, without linking
	local dir=$1 objects
	mapfile -t objects < <(cd "$dir" && printf '%s\n' *.c | sed 's/\.c$/.o/')
	echo "obj-m := ${objects[*]}" >"$dir/Kbuild"
	make -s -k -C "$("$MDEV" kernel 6.1 --print kdir)" M="$dir" \
		KCPPFLAGS="-I$SDK/sdk/include -I$SDK/framework/include" KCFLAGS=-w "${objects[@]}"
}

# Named for the rule and its fixture, as the objects of one folder.
gather() { # ID DIR
	local file
	mkdir -p "$2"
	for file in "$SDK/tests/cocci/$1"/wrong-*.c; do
		cp "$file" "$2/"
	done
}

found() { # ID DIR: how many places; 3 and no number where something was not checked
	"$MDEV" check "$2" "${options[@]}" --rule "$1" >"$TMP/$1.found"
	[ $? -le 1 ] || return 3
	grep -c "\[$1\]\$" "$TMP/$1.found"
	return 0
}

mends() { # ID
	local id=$1 dir=$TMP/$1 before after
	gather "$id" "$dir" || return 1
	compile "$dir" || { echo "$id: a fixture does not compile as it is"; return 1; }
	"$MDEV" check "$dir" "${options[@]}" --rule "$id" --mode patch >"$TMP/$id.patch" || return 1
	grep -q '^+' "$TMP/$id.patch" || { echo "$id: the patch is empty"; return 1; }
	before=$(found "$id" "$dir") || return 1
	patch -d "$dir" -p1 <"$TMP/$id.patch" || return 1
	after=$(found "$id" "$dir") || return 1
	echo "$id: $before found before, $after after"
	[ "$after" -lt "$before" ] || { echo "$id: nothing is mended"; return 1; }
	compile "$dir" || { echo "$id: the patched fixture does not compile"; return 1; }
}

# A rule whose patch does not compile.
planted() {
	local root=$TMP/root
	mkdir -p "$root/tools/cocci/rules" "$root/tests/cocci/planted"
	cp -r "$SDK"/{framework,mdev-sdk} "$root/"
	cat >"$root/tools/cocci/rules/planted.cocci" <<-'END'
	// SPDX-License-Identifier: GPL-2.0-only
	/// A rule with a patch that is wrong.
	// Confidence: High
	// Severity: error
	// Fix: mechanical
	virtual report
	virtual patch
	@planted depends on patch@
	expression e;
	@@
	- kfree(e);
	+ kfree(no_such_variable, e);
	@planted_place depends on report@
	expression e;
	position p;
	@@
	kfree@p(e)
	@script:python@
	p << planted_place.p;
	@@
	coccilib.report.print_report(p[0], "planted: a call of one argument")
	END
	printf '#include <linux/slab.h>\nvoid f(void *p)\n{\n\tkfree(p);\n}\n' >"$root/tests/cocci/planted/wrong-1.c"
	(SDK=$root MDEV_SDK_ROOT=$root; export MDEV_SDK_ROOT; mends planted) >"$TMP/planted.out" 2>&1 && return 1
	grep -q 'the patched fixture does not compile' "$TMP/planted.out" || { cat "$TMP/planted.out"; return 1; }
}

mapfile -t rules < <(mechanical)
for rule in "${rules[@]}"; do
	check "$rule: its patch compiles and mends" mends "$rule"
done
check "caught: a patch that does not compile" planted
finish
