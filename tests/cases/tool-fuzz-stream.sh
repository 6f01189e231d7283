#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk fuzz --stream finds what a stream of a migration can do to a framework or a driver with a mistake, and nothing in ours
# tier: quick
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh

copy=$TMP/sdk
export MDEV_SDK_ROOT=$copy

# One copy, whose framework is built once; of a variant it is the changed file.
make_copy() {
	mkdir -p "$copy"
	tar c VERSION framework sdk examples tools/lab tests/fixtures/vrng | tar x -C "$copy"
}

tree_of() { # DRIVER
	case $1 in
	mtty) echo "$copy/examples/mtty" ;;
	*) echo "$TMP/my${1//-/_}" ;;
	esac
}

generate() { # DRIVER
	[ -d "$(tree_of "$1")" ] || MDEV_SDK_ROOT='' "$MDEV" new --name "my${1//-/_}" --kind "$1" --dir "$(tree_of "$1")"
}

search() { # STATUS WORDS DRIVER SECONDS
	expect "$1" "$2" "$MDEV" fuzz "$(tree_of "$3")" --stream --time "$4" --jobs 1 --seed 1
}

# Within a minute; and what was found is a stream, which is found again. What a device gives by
# itself, before any stream was changed, is no file.
finds() { # DRIVER
	local file
	search 1 '^found ' "$1" 60 || return 1
	! grep -q 'in the streams that the device gives' "$TMP/expect.out" || return 0
	file=$(sed -n 's/^ *\([^ ]*\.stream\)$/\1/p' "$TMP/expect.out")
	[ -f "$file" ] && expect 1 'Sanitizer|runtime error|finding:' "$MDEV" fuzz "$(tree_of "$1")" --stream --replay "$file"
}

is_caught() { # PATCH
	local driver status=0
	driver=$(sed -n 's/^# driver: //p' "$1")
	generate "$driver" && patch -s -p1 -d "$copy" <"$1" || return 1
	rm -rf "$copy/build/fuzz"
	finds "$driver" || status=1
	patch -s -R -p1 -d "$copy" <"$1"
	return $status
}

# Its streams, those of a file that is kept, and what is made of them.
nothing_in_mtty() {
	mkdir -p "$copy/examples/mtty/tests/streams" && cp tests/streams/mtty-1.stream "$copy/examples/mtty/tests/streams/" || return 1
	search 0 '^nothing was found' mtty 20 || return 1
	ls "$copy"/build/fuzz/mtty-*/first/streams/seeds/{mtty-1.stream,recipe-23-*} || return 1
	# Some are taken, and some are not.
	grep '^streams: ' "$copy"/build/fuzz/mtty-*/first/streams/log-0 | tail -n 1 | awk '{ exit !($4 * 10 > $2 + 0 && $4 * 10 < $2 * 9) }'
}

played() {
	expect 0 'to state' "$MDEV" fuzz "$(tree_of mtty)" --stream --replay tests/streams/mtty-1.stream &&
		head -c 500 tests/streams/mtty-1.stream >"$TMP/half" &&
		expect 0 'to state [0-9]  -> -22' "$MDEV" fuzz "$(tree_of mtty)" --stream --replay "$TMP/half" &&
		expect 2 'nowhere cannot be read: .*U35' "$MDEV" fuzz "$(tree_of mtty)" --stream --replay "$TMP/nowhere"
}

wrong_options() {
	local tree
	tree=$(tree_of mtty)
	expect 2 'T160' "$MDEV" fuzz "$tree" --stream --merge && expect 2 'T160' "$MDEV" fuzz "$tree" --stream --coverage &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --stream --kernel 6.1 && expect 2 'T160' "$MDEV" fuzz "$tree" --stream --events 5 &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --stream --gdb && expect 2 'T160' "$MDEV" fuzz "$tree" --stream --replay x --time 5
}

no_migration() {
	expect 3 'offers no migration: .*U44' "$MDEV" fuzz "$copy/tests/fixtures/vrng" --stream --time 5
}

check "the SDK is copied" make_copy
check "nothing is found in mtty, whose streams are the seeds" nothing_in_mtty
check "a stream is played, a part of one is refused" played
check "options that cannot be" wrong_options
check "a driver that cannot be migrated" no_migration
if full_tier; then
	for driver in nic virtio-net; do
		check "$driver: it is generated" generate $driver
		check "$driver: nothing is found" search 0 '^nothing was found' $driver 60
	done
fi
check_variants fuzz-stream 15
finish
