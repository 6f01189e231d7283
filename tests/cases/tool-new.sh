#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: new refuses each bad name and place with one line and a way out, and writes nothing then
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

# Everything that is there, with sizes; a folder's own size is the file system's business.
look() { # folder
	(cd "$1" && find . -printf '%P %y ' \( -type d -printf '\n' -o -printf '%s\n' \) | sort)
}

# refused STATUS ERE COMMAND...: one line on stderr, none on stdout, and $place as it was.
place=$TMP/place
refused() {
	local status=$1 pattern=$2 got=0
	shift 2
	look "$place" >"$TMP/before"
	"$@" >"$TMP/out" 2>"$TMP/err" || got=$?
	look "$place" >"$TMP/after"
	cat "$TMP/err" "$TMP/out"
	[ "$got" = "$status" ] || { echo "exit status: found $got, needed $status"; return 1; }
	[ ! -s "$TMP/out" ] || { echo "something on standard output"; return 1; }
	[ "$(wc -l <"$TMP/err")" = 1 ] || { echo "not one line of error"; return 1; }
	grep -Eq -- "$pattern" "$TMP/err" || { echo "no '$pattern' in it"; return 1; }
	diff "$TMP/before" "$TMP/after"
}

new() {
	"$MDEV" new "$@"
}

bad_name() { # NAME ERE ABOUT
	check "refused: $3" refused 2 "$2" new --name "$1" --dir "$place/tree"
}

# A name that the kernel's own module has with a '-' in it.
twin() {
	sed -n 's|^[^:]*/\([a-z][a-z0-9_]*-[a-z0-9_-]*\)\.ko.*|\1|p' "$moddir/modules.dep" |
		head -n 1 | tr - _
}

# Root may write anywhere, unless that capability is gone.
bounded() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-dac_override "$@"
	else
		"$@"
	fi
}

plan 30
mkdir "$place"
moddir=$("$MDEV" kernel 6.1 --print moddir)
n40=abcdefghij_abcdefghij_abcdefghij_abcdefg
n60=${n40}_abcdefghij_abcdefgh
builtin=$(sed -n 's|.*/\([a-z][a-z0-9]*\)\.ko|\1|p' "$moddir/modules.builtin" | head -n 1)

bad_name int 'keyword of C; try int_dev' "a keyword of C"
bad_name register 'keyword of C' "another keyword of C"
bad_name linux "kernel's headers define it; try linux_dev" "a word of the kernel's headers"
bad_name e1000 'a kernel module has it already .*modules\.dep.*choose another' \
	"a module of the kernel"
bad_name "$(twin)" 'a kernel module has it already' "a module of the kernel with - for _"
bad_name "$builtin" 'a kernel module has it already .*builtin' "a built-in module"
bad_name mdev 'a kernel module has it already' "the kernel's own mdev"
bad_name vfio_pci 'a kernel module has it already' "a VFIO module"
for name in mdk_mdev mdk_vfio_mdev mdk_model; do
	bad_name $name 'belong to the SDK; choose another' "our own $name"
done
bad_name MyGpu "has a 'M'; only a-z, 0-9 and _" "upper case"
bad_name my-gpu "has a '-'; only a-z, 0-9 and _" "a dash"
bad_name 'my gpu' "has a ' '; only a-z, 0-9 and _" "a blank"
bad_name grün "only a-z, 0-9 and _" "a letter that is not ASCII"
bad_name $'a\nb' "only a-z, 0-9 and _" "a line break"
bad_name "${n40}h" 'has 41 characters; at most 40' "41 characters"
bad_name "$n60" 'has 60 characters; at most 40' "60 characters"
bad_name '' 'is empty; a letter a-z' "an empty name"
bad_name a/b "has a '/'; give the name alone, and the folder with --dir" "a slash"
bad_name 9lives "starts with '9'; a letter a-z" "a digit first"
check "refused: no name at all" refused 2 'new --name myvgpu' new --dir "$place/tree"
check "refused: a kind that is not there" \
	refused 2 "no kind 'vgpux' in .*there are: .*minimal" \
	new --name myvgpu --kind vgpux --dir "$place/tree"

mkdir "$place/folder"
echo precious >"$place/folder/file"
check "refused: an existing folder" \
	refused 2 'exists already; choose another folder with --dir' \
	new --name myvgpu --dir "$place/folder"
check "refused: an existing file" refused 2 'exists already; choose another folder with --dir' \
	new --name myvgpu --dir "$place/folder/file"
check "refused: a parent that is not there" refused 2 'create it first' \
	new --name myvgpu --dir "$place/none/tree"

mkdir -m 555 "$place/locked"
check "refused: a read-only parent" \
	refused 3 'cannot be written to; choose another with --dir.*Permission denied' \
	bounded "$MDEV" new --name myvgpu --dir "$place/locked/tree"

# The mount is in a name space of its own and goes with it; one page is too small for a tree.
full_disk() {
	# shellcheck disable=SC2016
	refused 3 'cannot write .*No space left on device; free some space and repeat' \
		unshare --mount sh -c 'mount -t tmpfs -o size=4k full "$1" &&
			{ "$2" new --name myvgpu --dir "$1/tree"; got=$?; ls -A "$1"; exit $got; }' \
		sh "$place/folder" "$MDEV"
}
# shellcheck disable=SC2016
if unshare --mount sh -c 'mount -t tmpfs -o size=4k full "$1"' sh "$place" 2>/dev/null; then
	check "refused: a full disk" full_disk
else
	skip "refused: a full disk" "a mount is not allowed here"
fi

longest() {
	"$MDEV" new --name "$n40" --dir "$TMP/longest" &&
		make --no-print-directory M="$TMP/longest" && [ -s "$TMP/longest/$n40.ko" ]
}
check "a name of 40 characters builds" longest

blank() {
	"$MDEV" new --name myvgpu --dir "$TMP/a place/my vgpu" &&
		expect 0 ' 0 failed' "$MDEV" test "$TMP/a place/my vgpu" --only sysfs
}
mkdir "$TMP/a place"
check "--dir with a blank in it works, and test of it" blank
finish
