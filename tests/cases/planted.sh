#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: every planted fault finds its place in the sources of now, so that its test does not rot unseen
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A fault of a file of the repository goes where it is; others name files of a driver's folder.
copies() {
	mkdir "$TMP/root" "$TMP/abi" &&
		tar c framework sdk tools examples tests/abi tests/clients tests/run \
		tests/runner tests/user tests/lib.sh | tar x -C "$TMP/root" &&
		cp -r "$TMP/root/." "$TMP/abi" && patch -s -p1 -d "$TMP/abi" <tests/abi/newer.patch &&
		cp -r examples/vgpu-stub "$TMP/vgpu" && cp -r examples/vgpu-stub "$TMP/user" &&
		cp -r examples/vgpu-stub "$TMP/fuzz" && cp -r tests/fixtures/vrng "$TMP/vrng" &&
		cp -r examples/mtty "$TMP/mtty" &&
		"$MDEV" new --name mynic --kind nic --dir "$TMP/nic" >/dev/null &&
		"$MDEV" new --name mycard --parent pci --dir "$TMP/card" >/dev/null
}

# base PATCH: the folder that it is for.
base() {
	local fixture
	if [[ $1 = */abi/* ]]; then
		echo "$TMP/abi"
	elif [ -e "$TMP/root/$(sed -n 's,^+++ b/,,p' "$1" | head -n 1)" ]; then
		echo "$TMP/root"
	elif [[ $1 =~ /fuzz/[0-9]+-([a-z]+)- ]]; then
		echo "$TMP/${BASH_REMATCH[1]}"
	elif [[ $1 = */driver/* ]] || grep -q '^# fixture:' "$1"; then
		fixture=$(sed -n 's/^# fixture: *//p' "$1")
		echo "tests/fixtures/${fixture:-rawv11}"
	else
		echo "$TMP/$(basename "$(dirname "$1")")"
	fi
}

# Its head may say that it goes on top of another one.
applies() { # PATCH
	local from first
	from=$(base "$1")
	first=$(sed -n 's/^On top of \([a-z0-9/-]*\):.*/\1/p' "$1")
	if [ -n "$first" ]; then
		rm -rf "$TMP/both"
		cp -r "$from" "$TMP/both"
		from=$TMP/both
		patch -s -p1 -d "$from" <"$(dirname "$1")/$first.patch" || return 1
	fi
	patch -s -p1 --dry-run -d "$from" <"$1" >"$TMP/out" 2>&1 || {
		echo "$1 does not apply:"
		cat "$TMP/out"
		return 1
	}
}

all_apply() {
	local patch bad=0 count=0
	for patch in tests/broken/*/*.patch; do
		applies "$patch" || bad=1
		count=$((count + 1))
	done
	echo "$count"
	[ $count -gt 150 ] && return $bad
}

# "broken FILE SED" of tests/tool/poke.parts
all_change() {
	local file script from bad=0 count=0
	while read -r file script; do
		from=tools/poke/$file
		[[ $file != client/* ]] || from=tools/conform/$file
		! sed "$script" "$from" | cmp -s - "$from" || { echo "nothing is planted: $file $script"; bad=1; }
		count=$((count + 1))
	done < <(sed -n 's/^broken //p' tests/tool/poke.parts)
	echo "$count"
	[ $count -gt 40 ] && return $bad
}

# A fault whose place is gone is noticed.
rot_is_noticed() {
	local rotten=$TMP/broken/framework/rotten.patch
	mkdir -p "$(dirname "$rotten")"
	sed '/^-/s/$/ of yore/' tests/broken/framework/no-gate.patch >"$rotten"
	expect 1 'rotten.patch does not apply' applies "$rotten"
}

check "copies to plant them in" copies
check "each patch applies" all_apply
check "each substitution of poke's changes something" all_change
check "a patch whose place is gone is noticed" rot_is_noticed
finish
