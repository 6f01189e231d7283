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
for name in mdk_mdev mdk_vfio_mdev mdk_model mdk_net; do
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
check "refused: two names" refused 2 "two names, 'one' and --name 'other'; leave one out" \
	new one --name other --dir "$place/tree"
check "refused: no name at all" refused 2 'new myvgpu; --list prints the kinds' new --dir "$place/tree"
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

# Flags: each wrong one with its way out. refused_flags ERE FLAGS...
refused_flags() {
	local pattern=$1
	shift
	check "refused: $*" refused 2 "$pattern" new --name myvgpu --dir "$place/tree" "$@"
}
refused_flags 'needs 144 bytes for its registers; give it more' --kind nic --bar 0:regs:64
refused_flags 'bar does not go with --kind virtio-rng' --kind virtio-rng --bar 0:regs:4K
refused_flags 'irq does not go with --kind virtio-rng' --kind virtio-rng --irq msix:4
refused_flags 'pci-id does not go with --kind virtio-rng' --kind virtio-rng --pci-id 1234:5678
refused_flags 'nic has something to say on 3 vectors; take msix:3 or more' --kind nic --irq msix:2
refused_flags "'usb' is no parent; virtual, pci or pci=VENDOR:DEVICE is" --parent usb
refused_flags 'pci= is followed by four hex digits, a colon' --parent pci=1234
refused_flags 'no device has the vendor ffff; take what lspci -n says' --parent pci=ffff:0001
refused_flags 'no device has the vendor 0000; take what lspci -n says' --parent pci=0000:0001
refused_flags 'bar=6: a number from 0 to 5 is needed' --parent pci=10ee:7021,bar=6
refused_flags 'vectors=: a number from 1 to 2048 is needed' --parent pci=10ee:7021,vectors=
refused_flags "'irq=4' is nothing that is known of a device; bar=" --parent pci=10ee:7021,irq=4
refused_flags 'edu is as it is; bar, vectors and dma are for' --parent pci=1234:11e8,bar=0
refused_flags 'does not go with --parent pci: .*leave out --kind' --parent pci --kind vgpu
refused_flags 'kind pci needs a device: give --parent pci' --kind pci
refused_flags 'INDEX:regs.mem.callback.stats:SIZE.* is needed, such as' --bar 2
refused_flags 'INDEX:regs.mem.callback.stats:SIZE.* is needed, such as' --bar 2:mem
refused_flags "'6' is no index of a BAR; 0 to 5" --bar 6:mem:4K
refused_flags "'x' is no index of a BAR; 0 to 5" --bar x:mem:4K
refused_flags "'rom' is no kind of BAR; regs, mem, callback or stats" --bar 3:rom:4K
refused_flags "'wide' is no flag of a BAR; mmap, prefetch, 64 or io" --bar 3:mem:4K:wide
refused_flags "size '3K' is no power of two.*write 16, 4K" --bar 3:mem:3K
refused_flags "size '4T' is no power of two" --bar 3:mem:4T
refused_flags "size '0' is no power of two" --bar 3:regs:0
refused_flags "size '-4K' is no power of two" --bar 3:regs:-4K
refused_flags 'a size of 4096 to 268435456 bytes .* for mem; choose one' --bar 3:mem:2K
refused_flags 'a size of 4096 to 268435456 bytes .* for mem' --bar 3:mem:512M
refused_flags 'a size of 16 to .* for regs' --bar 3:regs:8
refused_flags 'a size of 8 to 256 bytes .* for regs in I/O space' --bar 3:regs:4:io
refused_flags 'a size of 4 to 256 bytes .* for callback in I/O space' --bar 3:callback:512:io
refused_flags 'I/O space has no memory' --bar 3:mem:4K:io
refused_flags 'I/O space has .*; leave out io' --bar 3:regs:64:io:64
refused_flags 'mmap and prefetch are for memory.*make it mem' --bar 3:regs:4K:mmap
refused_flags 'mmap and prefetch are for memory.*make it mem' --bar 3:callback:4K:prefetch
refused_flags 'BAR 3 is given twice; leave one out' --bar 3:mem:4K --bar 3:regs:4K
refused_flags 'BAR 2 is the upper half of BAR 1, .*; use another index' --bar 1:mem:4K:64
refused_flags 'BAR 1 is the upper half of BAR 0' --kind vgpu --bar 1:regs:4K
refused_flags 'BAR 5 is 64 bits wide and needs the index 6.*; move it' --bar 5:mem:4K:64
refused_flags 'has its registers in BAR 0, which must stay regs; use another' --bar 0:mem:4K
refused_flags 'has its port in BAR 0, which must stay callback with io' --kind serial \
	--bar 0:callback:4K
refused_flags 'needs 28 bytes for its registers; give it more' --bar 0:regs:16
refused_flags 'needs 16384 bytes for its vram; give it more' --kind vgpu --bar 0:mem:8K
refused_flags "'msi:3' is no interrupt; intx, msi:N" --irq msi:3
refused_flags "'msi:64' is no interrupt" --irq msi:64
refused_flags "'msix:0' is no interrupt" --irq msix:0
refused_flags "'msix:2049' is no interrupt" --irq msix:2049
refused_flags "'msix' is no interrupt" --irq msix
refused_flags "'intx:1' is no interrupt" --irq intx:1
refused_flags "'lpi' is no interrupt" --irq lpi
refused_flags 'given twice; leave one out' --irq msi:1 --irq msi:2
refused_flags 'has no room in the upper half of BAR 0 .*--bar 0:regs:8192' --irq msix:128
refused_flags 'needs a BAR of registers, and no index is free' --kind serial --irq msix:1 \
	--bar 1:mem:4K:64 --bar 3:mem:4K:64 --bar 5:mem:4K
refused_flags 'four hex digits, a colon' --pci-id 1af4
refused_flags 'four hex digits, a colon' --pci-id 0x1a:0x10
refused_flags 'no guest sees a device of the vendor ffff' --pci-id ffff:0001

# What is refused depends on the value, not on the flag: the nearest good ones are taken.
dry() { # FILES-IN-THE-LIST FLAGS...
	local want=$1
	shift
	look "$place" >"$TMP/before"
	"$MDEV" new --name myvgpu --dir "$place/tree" --dry-run "$@" || return 1
	look "$place" >"$TMP/after"
	diff "$TMP/before" "$TMP/after" || { echo "a dry run wrote"; return 1; }
	"$MDEV" new --name myvgpu --dir "$place/tree" --dry-run "$@" | grep -q "$want"
}
check "dry run: lists the files, writes nothing" dry 'tree/docs/registers.md'
check "dry run: the largest and smallest that are possible" dry 'tree/myvgpu.c' \
	--bar 0:regs:32 --bar 2:mem:256M:64 --bar 4:callback:4:io --bar 5:regs:8:io --irq msi:32 --irq intx
check "dry run: 2048 vectors in a BAR of their size" dry myvgpu.c --bar 0:regs:128K --irq msix:2048
check "dry run: a serial port gets a BAR for its vectors" dry myvgpu.c --kind serial --irq msix:64
check "dry run: a 64-bit BAR that is made one of 32 bits frees its neighbour" dry myvgpu.c \
	--kind vgpu --bar 0:mem:1M --bar 1:regs:4K

valid() { # FILE
	/usr/bin/python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open("docs/schema/" + sys.argv[2])))' "$1" "${2:-new.json}"
}
json_said() { # KEY=VALUE... as python sees them
	/usr/bin/python3 -c 'import json, sys
have = json.load(open(sys.argv[1]))
for word in sys.argv[2:]:
    key, value = word.split("=", 1)
    assert str(have[key]) == value, (key, have[key], value)' "$TMP/json" "$@"
}
json() {
	"$MDEV" new --name myvgpu --kind vgpu --irq msix:2 --json --dir "$TMP/json-tree" >"$TMP/json" &&
		valid "$TMP/json" &&
		json_said name=myvgpu kind=vgpu written=True "flags=['--kind=vgpu', '--irq=msix:2']" &&
		/usr/bin/python3 -c 'import json, os, sys
tree = json.load(open(sys.argv[1]))
have = [os.path.relpath(os.path.join(d, f), tree["tree"]) for d, _, fs in os.walk(tree["tree"]) for f in fs]
assert sorted(have) == sorted(tree["files"]), have' "$TMP/json"
}
check "--json is valid, and names the files that are there" json
schema_catches() {
	sed 's/"written":.*,/"written": "yes",/' "$TMP/json" >"$TMP/bad.json"
	! valid "$TMP/bad.json" 2>/dev/null
}
check "the schema refuses another type" schema_catches
list_is_valid() {
	"$MDEV" new --list --json >"$TMP/list.json" && valid "$TMP/list.json" new-list.json || return 1
	sed '0,/"flag"/s//"flags"/' "$TMP/list.json" >"$TMP/bad.json"
	! valid "$TMP/bad.json" new-list.json 2>/dev/null
}
check "--list --json: valid by its schema, which refuses what is broken" list_is_valid
# Each flag of the list, with a name as a word, makes that kind.
list_is_true() {
	local flag kind rest count=0
	while read -r flag kind rest; do
		count=$((count + 1))
		"$MDEV" new mine "$flag" "$kind" --dry-run --dir "$place/tree" | grep -q "a driver of kind $kind," ||
			return 1
	done < <("$MDEV" new --list)
	[ $count = "$(find templates -mindepth 1 -maxdepth 1 ! -name common | wc -l)" ]
}
check "--list: there is a kind for each line, and a line for each" list_is_true
same_again() {
	local flags
	mapfile -t flags < <(/usr/bin/python3 -c 'import json, sys
print("\n".join(json.load(open(sys.argv[1]))["flags"]))' "$TMP/json")
	"$MDEV" new --name myvgpu "${flags[@]}" --dir "$TMP/json-again" >/dev/null &&
		diff -r "$TMP/json-tree" "$TMP/json-again"
}
check "its flags make the same tree again" same_again
check "--version is that of the tree's record" \
	grep -qx "version $("$MDEV" --version | cut -d' ' -f2)" "$TMP/json-tree/.mdev-sdk"

# A page that was read line by line: its code is on both sides of every other comparison.
page() {
	"$MDEV" new --name everything --bar 0:regs:8K --bar 1:callback:4K --bar 3:regs:64:io \
		--bar 4:mem:16K:mmap:64:prefetch --irq intx --irq msi:4 --irq msix:8 --irq err \
		--pci-id 1234:abcd --dir "$TMP/everything" >/dev/null &&
		diff -u tests/golden/everything.registers.md "$TMP/everything/docs/registers.md"
}
check "the register page says what was asked for" page

longest() {
	"$MDEV" new --name "$n40" --dir "$TMP/longest" &&
		make --no-print-directory M="$TMP/longest" && [ -s "$TMP/longest/$n40.ko" ]
}
check "a name of 40 characters builds" longest

blank() {
	"$MDEV" new --name myvgpu --dir "$TMP/moved" && mv "$TMP/moved" "$TMP/a place/my vgpu" &&
		expect 0 ' 0 failed' "$MDEV" test "$TMP/a place/my vgpu" --only sysfs
}
mkdir "$TMP/a place"
check "a tree that was moved below a blank: test builds a copy of it" blank
finish
