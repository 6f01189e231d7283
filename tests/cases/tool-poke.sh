#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: poke: maps, vectors, names and bits on a real device, each refusal's sentence; and planted faults
# tier: quick
# timeout: 300
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

parts=tests/tool/poke.parts
cflags=(-std=gnu11 -O1 -w -D_GNU_SOURCE -iquote tools/poke -iquote tools/conform -iquote tools/conform/client -Isdk/include)

lines() { # PART KEY: what stands behind it there
	sed -n "/^part $1\$/,/^\$/s/^$2 //p" "$parts"
}
names() {
	sed -n 's/^part //p' "$parts"
}

# variant NUMBER PART FILE SED: the program with a fault, which waits less if the part is not about that.
variant() {
	local dir=$TMP/variant/$1 from=tools/poke/$3 to source objects=()
	to=$dir/poke/$(basename "$3")
	mkdir -p "$dir"
	cp -r tools/poke "$dir/poke"
	[[ $3 != client/* ]] || from=tools/conform/$3
	sed "$4" "$from" >"$to"
	! cmp -s "$from" "$to" || { echo "nothing was planted: $2: $3 $4"; return 1; }
	grep -q '^slow' <(sed -n "/^part $2\$/,/^\$/p" "$parts") ||
		sed -i '/define POKE_SECONDS/s/20/1/' "$dir/poke/poke.h"
	for source in "$dir"/poke/*.c; do objects+=("$source"); done
	gcc "${cflags[@]/tools\/poke/$dir\/poke}" -o "$dir/mdev-poke" "${objects[@]}" \
		build/host/conform/libmdk-test.a
}

# A quick run takes some of them, and with each commit others.
FEW=5
variants() {
	local number=0 name file script chosen
	chosen=$(turn $FEW)
	# One without a fault, built and started as the others are.
	variant 0 maps main.c 's/as a virtual machine would/as a guest would/' || return 1
	echo "0 maps" >"$TMP/variants"
	for name in $(names); do
		while read -r file script; do
			number=$((number + 1))
			full_tier || [ $((number % FEW)) = "$chosen" ] || continue
			variant $number "$name" "$file" "$script" || return 1
			echo "$number $name" >>"$TMP/variants"
		done < <(lines "$name" broken)
	done
	[ $number -gt 40 ] && [ $number = "$(grep -c '^broken ' $parts)" ]
}

drivers() {
	cp -r tests/tool/poked "$TMP/poked" && cp -r tests/fixtures/rawv11 "$TMP/rawv11" &&
		sed -i 's/^\tif (!to)/\tif (!to || count == 2)/' "$TMP/rawv11/rawv11.c" &&
		make --no-print-directory M="$TMP/poked" && make --no-print-directory M="$TMP/rawv11"
}

# The command as it is, with the libraries that it needs: a guest is its host.
boot() {
	local files=() lib number
	while read -r lib; do
		files+=(--file "$lib:/lib/$(basename "$lib")")
	done < <(ldd "$MDEV" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p')
	files+=(--file "$(ldd "$MDEV" | sed -n 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p'):/lib64/ld-linux-x86-64.so.2")
	while read -r number _; do
		files+=(--file "$TMP/variant/$number/mdev-poke:/variant.$number/mdev-sdk poke")
	done <"$TMP/variants"
	"$MDEV" boot --module "$TMP/poked/poked.ko" --module "$TMP/rawv11/rawv11.ko" "${files[@]}" \
		--file "$MDEV:/bin/mdev-sdk" --file build/host/conform/mdev-poke:/sdk/build/host/conform/mdev-poke \
		--file "$parts:/poke.parts" --file "$TMP/variants:/variants" \
		--file tests/tool/poke-guest.sh:/poke.sh --run 'sh /poke.sh' --ktap "$TMP/out" \
		--timeout 200 >"$TMP/boot" 2>&1
	grep -qx '== end' "$TMP/out" || { cat "$TMP/boot" "$TMP/out"; return 1; }
}

# said LABEL STATUS ERE...: what came behind that label.
said() {
	local label=$1 pattern
	sed -n "/^== $label\$/,/^status /p" "$TMP/out" >"$TMP/part"
	cat "$TMP/part"
	for pattern in "^status $2\$" "${@:3}"; do
		grep -Eq -- "$pattern" "$TMP/part" || { echo "no line matches '$pattern'"; return 1; }
	done
}

# right PART LABEL: as the file says that it must be
right() {
	local has lacks
	mapfile -t has < <(lines "$1" has)
	[ ${#has[@]} -gt 0 ] || return 1
	said "$2" "$(lines "$1" status)" "${has[@]}" || return 1
	lacks=$(lines "$1" lacks)
	[ -z "$lacks" ] || ! grep -E -- "$lacks" "$TMP/part"
}
caught() { # PART NUMBER
	grep -qx "== $2" "$TMP/out" && ! right "$1" "$2"
}

check "the drivers build" drivers
check "each fault is planted, and builds" variants
check "the guest, a host with devices, comes to its end" boot
check "no such device: usage, and how to create it" said no-such-device 2 'there is no device .*create it first'
check "no VFIO: could not run, and what to load" said no-vfio 3 'modprobe vfio_iommu_type1'
check "open: who holds it" \
	said open 3 "is open: process $(sed -n 's/^holder //p' "$TMP/out") \(sleep\) holds it; a device has one user"
check "open, for mdev-poke in a guest" said open-in-a-guest 3 'mdev-poke: the device is open elsewhere, .*\[T142\]'
for name in $(names); do
	check "$name" right "$name" "$name"
done
check "not caught: the program as it is, built as the faulty ones" right maps 0
while read -r number name; do
	[ "$number" != 0 ] || continue
	check "caught: $name: $(sed -n "${number}p" < <(sed -n 's/^broken //p' "$parts"))" caught "$name" "$number"
done <"$TMP/variants"
not_root() {
	local uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
	[ "$(id -u)" = 0 ] || { expect 3 'takes root' "$MDEV" poke $uuid info; return; }
	cp "$MDEV" build/host/conform/mdev-poke "$TMP" && chmod 755 "$TMP" && mkdir -p "$TMP/sdk/build/host/conform" &&
		cp build/host/conform/mdev-poke "$TMP/sdk/build/host/conform" &&
		MDEV_SDK_ROOT=$TMP/sdk expect 3 'poke opens a device of this host, which takes root; you are user 65534' \
			setpriv --reuid 65534 --clear-groups "$TMP/mdev-sdk" poke $uuid info
}
check "refused: not root" not_root
finish
