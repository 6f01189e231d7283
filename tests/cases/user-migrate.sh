#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a device moves from one user to another: states, streams, what arrives, what is refused; as a process
# tier: quick
# timeout: 2700
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

# What nobody has written to is not zero by chance.
export ASAN_OPTIONS=max_malloc_fill_size=16777216
copy=$TMP/sdk
program=$(echo tests/user/migrate/*.c tests/user/guest.c)
# A quick run has one of each sort: without DMA, with rings, with one of each thing, by virtio.
kinds=(virtio-rng)
# For variants alone.
others=virtio-net
! full_tier || kinds=(minimal serial vgpu nic virtio-rng virtio-net) others=
trees=(examples/mtty examples/vgpu-stub tests/fixtures/mdkmig tests/fixtures/mdkvirtio)
for kind in "${kinds[@]}"; do
	trees+=("$TMP/moved_${kind//-/_}")
done

# One copy, whose framework is built once; of a variant it is the changed file.
make_copy() {
	mkdir -p "$copy"
	tar c framework sdk tests/user tests/fixtures/mdk{mig,virtio} examples | tar x -C "$copy"
}

generate() {
	local kind
	for kind in "${kinds[@]}" $others; do
		"$MDEV" new --name "moved_${kind//-/_}" --kind "$kind" --dir "$TMP/moved_${kind//-/_}" || return 1
	done
}

built() { # SANITIZER TREE
	(cd "$copy" && framework/user/build.sh --sanitizer "$1" --out "$TMP/$1-$(basename "$2")" \
		--main "$program" "$2")
}

# moves SANITIZER TREE [hostile]
moves() {
	local path status=0
	path=$(built "$1" "$2") || return 1
	timeout 200 "$path" "${@:3}" >"$TMP/report" 2>&1 || status=$?
	grep -vE '\[K(25[789]|263)\]$' "$TMP/report" | head -n 20
	return $status
}

# Six drivers find them all: one with rings and memory, one with a pin, three by virtio, one with each other thing.
is_caught() { # PATCH
	local status=0 tree
	patch -s -p1 -d "$copy" <"$1" || return 1
	for tree in tests/fixtures/mdk{mig,virtio} examples/{vgpu-stub,mtty} "$TMP"/moved_virtio_{rng,net}; do
		if ! moves address "$tree" || ! moves address "$tree" hostile; then
			status=1
			break
		fi
	done
	patch -s -R -p1 -d "$copy" <"$1" || return 1
	[ $status = 1 ] && grep -qE 'not so|is not answered by|ERROR: (Address|Leak)Sanitizer|runtime error' "$TMP/report"
}

# tests/streams has one of each version that was released: NAME-VERSION.stream.
kept() { # TREE NAME
	local stream nr=0
	for stream in "$PWD/tests/streams/$2"-*.stream; do
		moves address "$1" load "$stream" || return 1
		nr=$((nr + 1))
	done
	[ $nr -gt 0 ]
}

# A member that nobody has thought of.
forgotten() {
	local tree=$TMP/forgotten
	cp -r tests/fixtures/mdkmig "$tree" &&
		sed -i '/MDK_SAVE(struct mig_state, mode,/d; s/mdkmig\.o/forgotten.o/' "$tree"/mdkmig.c "$tree/Kbuild" &&
		mv "$tree/mdkmig.c" "$tree/forgotten.c" || return 1
	! moves none "$tree" && grep -F 'bytes 59 to 67 of the state are in no row of MDK_SAVES()' "$TMP/report"
}

# One that stays leaves the gaps that the compiler makes; the device then arrives without it.
stays() {
	local tree=$TMP/stays
	cp -r examples/mtty "$tree" && patch -s -p1 -d "$tree" <tests/broken/mtty/count-stays.patch || return 1
	! moves none "$tree" && ! grep 'M230' "$TMP/report" && grep 'not so: .*UART_RX' "$TMP/report"
}

# Bits that the driver sets, of which its row says nothing: the other host would refuse them.
not_named() {
	local tree=$TMP/not_named
	cp -r tests/fixtures/mdkmig "$tree" &&
		sed -i 's/"RAN", BIT(0)/"RAN", BIT(1)/; s/mdkmig\.o/not_named.o/' "$tree"/mdkmig.c "$tree/Kbuild" &&
		mv "$tree/mdkmig.c" "$tree/not_named.c" || return 1
	! moves none "$tree" && grep -E "changed bits 0x1 of register 'RAN', .* \[K262\]" "$TMP/report"
}

tells_value() {
	moves none tests/fixtures/mdkmig &&
		grep -F "state 'speed' (4): a value is outside of its bounds: number 0 is 0x9, its row says 0x1 to 0x8;" "$TMP/report"
}

# A member that has become wider, and an older stream.
tells_length() {
	local tree=$TMP/wider
	cp -r tests/fixtures/mdkmig "$tree" &&
		sed -i 's/u32 mode;/u64 mode;/; s/mdkmig\.o/wider.o/' "$tree"/mdkmig.c "$tree/Kbuild" &&
		mv "$tree/mdkmig.c" "$tree/wider.c" || return 1
	! moves none "$tree" load "$PWD/tests/streams/mdkmig-3.stream" &&
		grep -F "state 'mode' (3): its length is another one than here: 4 bytes, here 8;" "$TMP/report"
}

check "the SDK is copied" make_copy
check "drivers are generated" generate
for tree in "${trees[@]}"; do
	check "$(basename "$tree"): a device moves, and has arrived" moves address "$tree"
	check "$(basename "$tree"): a stream that somebody has changed is refused or harmless" \
		moves address "$tree" hostile
done
check "mtty: the stream of each release is loaded" kept examples/mtty mtty
check "mdkmig: the stream of each release is loaded" kept tests/fixtures/mdkmig mdkmig
check "the log says which value was refused, and what may be" tells_value
check "the log says which length was refused, and what is here" tells_length
check "caught: a member of the state that no row has" forgotten
check "caught: a member that stays" stays
check "caught: a bit that the driver sets, and no row names" not_named
if full_tier; then
	for tree in "${trees[@]}"; do
		check "$(basename "$tree"): no report of ThreadSanitizer" moves thread "$tree"
	done
fi
check_variants user-migrate 12
finish
