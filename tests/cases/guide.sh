#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: README and docs/guide: their code is built and loads, commands, ids, links and figures are there
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

judge=$SDK/tests/tool/guide.py
code=$TMP/code
trees=$TMP/trees

# The drivers of which pages show parts, as their commands make them.
generate() {
	mkdir "$trees" && "$MDEV" new --name myvgpu --dir "$trees/myvgpu" &&
		"$MDEV" new --name mynic --kind nic --dir "$trees/mynic" &&
		"$MDEV" new --name mydisplay --kind vgpu --dir "$trees/mydisplay" &&
		"$MDEV" new --name myvnet --kind virtio-net --dir "$trees/myvnet" &&
		"$MDEV" new --name mycard --parent pci=1bad:0042,bar=0,vectors=4,dma=64 --dir "$trees/mycard"
}

builds() { # KVER
	rm -rf "$code"
	mkdir -p "$code"
	cp docs/guide/code/* "$code/" || return 1
	quiet_build "$code" W=1 C=2 KVER="$1"
}

# A model with a fault does not register: each module has its parent. The driver of a card is there
# without a card.
loads() { # KVER
	local options=() file
	for file in "$code"/*.ko; do
		options+=(--module "$file")
	done
	[ ${#options[@]} -ge 18 ] || return 1
	"$MDEV" boot --kernel "$1" "${options[@]}" --run 'ls -1 /sys/class/mdev_bus /sys/bus/pci/drivers' >"$TMP/loaded" || return 1
	cat "$TMP/loaded"
	for file in "$code"/*.ko; do
		grep -qx "$(basename "$file" .ko)" "$TMP/loaded" || { echo "not there: $file"; return 1; }
	done
}

# Where code of a page may stand: all of it is built, here or by other cases.
stands() {
	"$judge" code docs/guide/code "$trees" framework/include
}

# The lines of the README, typed in an empty folder.
session() {
	local here=$TMP/session line status=0
	mkdir -p "$here" && ln -sf "$SDK/mdev-sdk" "$here/mdev-sdk" || return 1
	"$judge" typed >"$TMP/typed" || return 1
	[ "$(wc -l <"$TMP/typed")" = 6 ] || { echo "not six lines:"; cat "$TMP/typed"; return 1; }
	cd "$here" || return 1
	# shellcheck disable=SC2317 # called by what is typed
	make() {
		command make --no-print-directory -C "$SDK" "${@/#M=/M=$here/}"
	}
	while IFS= read -r line; do
		echo "$ $line"
		eval "$line" </dev/null 2>&1 || status=$?
	done <"$TMP/typed" >"$TMP/printed"
	cd "$SDK" || return 1
	cat "$TMP/printed"
	[ $status = 0 ] && "$judge" session "$TMP/printed"
}

# planted WHAT FILE SED ERE: in a copy of what is judged the fault is found, and was not there before.
planted() {
	local tree=$TMP/tree
	rm -rf "$tree"
	mkdir -p "$tree"
	cp -r README.md CONTRIBUTING.md CHANGELOG.md LICENSE LICENSES SECURITY.md Makefile docs templates "$tree/"
	ln -s "$SDK"/{framework,sdk,examples,tests,tools,mdev-sdk} "$tree/"
	sed -i -E "$3" "$tree/$2"
	# The words of a check are several.
	# shellcheck disable=SC2086
	if cmp -s "$2" "$tree/$2"; then
		echo "nothing was planted"
		return 1
	else
		(cd "$tree" && expect 1 "$4" "$judge" $1)
	fi
}

check "the drivers that pages speak of are generated" generate
for kver in "${KERNELS[@]}"; do
	check "the code of the guide builds without a warning on $kver" builds "$kver"
	check "each of its models registers on $kver" loads "$kver"
done
check "each block of code stands in a file that is built" stands
for what in ids commands links sizes figures rows; do
	check "$what are right" "$judge" $what
done
check "the README's first driver prints what the README shows" session
check "caught: code that is not what is built" \
	planted "code docs/guide/code $trees framework/include" docs/guide/registers.md \
	's/MDK_REG_RC\(CARD_ERRORS/MDK_REG_RC(CARD_EVENTS/' 'registers.md:[0-9]+: this code'
check "caught: an id that is none" planted ids docs/guide/types.md 's/\| K37 /| K370 /' 'K370 has no entry'
check "caught: an option that is none" planted commands docs/guide/testing.md 's/--only region/--just region/' \
	'test has no option --just'
check "caught: a target that is none" planted commands README.md 's/make deb/make dub/' 'no target dub'
check "caught: a dead link" planted links README.md 's|guide/display.md|guide/displays.md|' 'no docs/guide/displays.md'
check "caught: a figure that is not measured" planted figures README.md 's/read: [0-9]+ instr/read: 1 instr/' 'record says'
check "caught: a row that nothing uses twice" planted rows docs/guide/code/guide_completions.c \
	's/MDK_COMPLETIONS\("cq", CARD_PHASE,/MDK_RING("cq",/' 'MDK_COMPLETIONS\(: used by examples/vgpu-stub alone'
check "caught: output that was not printed" \
	planted "session $TMP/printed" README.md 's/^myvgpu: a driver of kind .*/myvgpu: a driver/' 'was not printed'
finish
