#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the newest QEMU is fetched once and whole, and what cannot be had is said in a sentence
# tier: quick
# timeout: 120
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/fake-archive.sh
. tests/tool/fake-archive.sh

export XDG_CACHE_HOME=$TMP/cache
unset MDEV_SDK_QEMU MDEV_SDK_QEMU_SUITES
store=$TMP/cache/mdev-sdk/qemu
tool=tools/lab/qemu-newest

qemu() {
	PATH=$TMP/bin:$PATH timeout -k 5 30 "$tool" "$@"
}

calls() {
	wc -l <"$ARCHIVE/calls"
}

# Nothing is there but what is whole and the link to it.
tidy() { # FOLDERS
	ls -A "$store"
	[ "$(find "$store" -mindepth 1 -maxdepth 1 -type d ! -name 'fetch.*' | wc -l)" = "$1" ] &&
		[ -z "$(find "$store" -name 'fetch.*')" ]
}

refused() { # ERE [ARGUMENT...]: one sentence, and nothing half-made
	local pattern=$1
	shift
	expect 3 "^qemu-newest: .*$pattern" qemu "$@" || return 1
	[ "$(grep -c '^qemu-newest: ' "$TMP/expect.out")" -le 2 ]
}

# Nothing is printed and nothing fetched.
absent() {
	local before got=0
	before=$(calls)
	qemu --here >"$TMP/said" 2>&1 || got=$?
	cat "$TMP/said"
	[ $got = 4 ] && [ ! -s "$TMP/said" ] && [ "$(calls)" = "$before" ]
}

fetched() { # VERSION
	local path
	path=$(qemu) && [ "$path" = "$store/${1/:/_}-2/qemu-system-x86_64" ] &&
		expect 0 "^version $1\$" "$path" -nodefaults && grep -qx -- -nodefaults "$TMP/expect.out" &&
		grep -q "^$store/.*/share/qemu\$" "$TMP/expect.out" && tidy 1 &&
		[ ! -e "${path%/*}/usr/share/doc" ]
}

not_again() {
	local before
	before=$(calls)
	fetched 1:10.1.0-1 && [ "$(calls)" = "$before" ]
}

# A cache that a full disk or a person has been at.
mended() { # COMMAND that spoils, with the folder as its last word
	"$@" "$store/newest/usr" || return 1
	absent && fetched 1:10.1.0-1
}

shorten() {
	: >"$1/share/qemu/pvh.bin"
}

lose() {
	rm -r "${1:?}/lib64"
}

# Ended in the middle of a download.
ended() { # SIGNAL
	local pid before
	rm -rf "$store"
	before=$(calls)
	touch "$ARCHIVE/slow"
	PATH=$TMP/bin:$PATH "$tool" >/dev/null 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		[ "$(calls)" -lt $((before + 2)) ] || break
		sleep 0.1
	done
	kill -"$1" "$pid"
	wait "$pid"
	echo "status $?"
	rm "$ARCHIVE/slow"
}

cleans_up() {
	expect 0 '^status 130' ended TERM && tidy 0
}

# Of one that was killed the next one cleans up.
next_cleans_up() {
	ended KILL
	[ -n "$(find "$store" -name 'fetch.*')" ] || return 1
	fetched 1:10.1.0-1
}

other_suite() {
	rm -rf "$store"
	echo sid >"$ARCHIVE/broken"
	fetched 1:10.1.0-1 && grep -qx 'install forky' "$ARCHIVE/calls"
}

chosen_suite() {
	rm -rf "$store"
	MDEV_SDK_QEMU_SUITES=trixie-backports fetched 1:10.1.0-1 &&
		tail -n 1 "$ARCHIVE/calls" | grep -qx 'install trixie-backports'
}

no_suite() {
	rm -rf "$store"
	printf 'sid\nforky\ntrixie-backports\n' >"$ARCHIVE/broken"
	refused 'none can be fetched: sid: sid is not to be had; forky: .*; check the network and the machine.s apt sources$' &&
		tidy 0
}

no_debian() {
	touch "$ARCHIVE/none"
	refused 'names no Debian archive; add one below /etc/apt/sources.list.d' && tidy 0
	local got=$?
	rm "$ARCHIVE/none"
	return $got
}

too_old() {
	archive_has 1:10.0.2-1 vfio-pci
	refused 'sid: version 1:10.0.2-1 has no vfio-user-pci' && tidy 0
}

updated() {
	local old
	old=$(qemu) && archive_has 1:11.1.3-1 && fetched 1:10.1.0-1 &&
		expect 0 /1_11.1.3-1-2/ qemu --update && fetched 1:11.1.3-1 && [ ! -e "$old" ]
}

both_have_it() {
	local first before
	rm -rf "$store"
	before=$(calls)
	qemu >"$TMP/first" 2>&1 &
	first=$!
	fetched 1:11.1.3-1 && wait $first && grep -q "^$store" "$TMP/first" &&
		[ $(($(calls) - before)) = 2 ]
}

own() {
	fake_qemu "$TMP/own" 12 vfio-user-pci && expect 0 "^$TMP/own\$" env MDEV_SDK_QEMU="$TMP/own" \
		tools/lab/qemu-newest --here
}

own_refused() {
	local -x MDEV_SDK_QEMU=/bin/false
	refused 'MDEV_SDK_QEMU is ./bin/false.*10.1 or newer'
}

machines() {
	fake_qemu "$TMP/bin/qemu-system-x86_64" 12 vfio-user-pci &&
		expect 0 "^$TMP/bin/qemu-system-x86_64\$" qemu
}

# caught SED-SCRIPT COMMAND...: with that fault in the tool the command fails.
caught() {
	local tool=$TMP/faulty
	sed "$1" tools/lab/qemu-newest >"$tool" && chmod +x "$tool" && shift || return 1
	! cmp -s tools/lab/qemu-newest "$tool" && qemu >/dev/null && ! "$@"
}

fake_tools
archive_has 1:10.1.0-1
check "a cold cache is said by status 4 and fetches nothing" absent
check "it is fetched, with its own libc and firmware, and without documentation" fetched 1:10.1.0-1
check "once" not_again
check "a file that lost its bytes is found, and it is fetched anew" mended shorten
check "a folder that is missing is found, and it is fetched anew" mended lose
check "one that is ended in the middle leaves nothing" cleans_up
check "what a killed one left, the next one removes" next_cleans_up
check "a suite that cannot be reached is passed over" other_suite
check "the suite is a variable" chosen_suite
check "no suite: one sentence with the reasons, and nothing is left" no_suite
: >"$ARCHIVE/broken"
check "no Debian archive: one sentence" no_debian
check "a QEMU without the device is not taken" too_old
archive_has 1:10.1.0-1
check "a tool that does not look at sizes is caught" caught 's/%P %s/%P/' mended shorten
check "a tool that does not clean up is caught" caught '/^trap clean_up/d' cleans_up
rm -rf "$store"
check "--update takes a newer one, and the older one goes" updated
check "two at once: one fetches" both_have_it
check "MDEV_SDK_QEMU is taken" own
check "MDEV_SDK_QEMU without the device is refused" own_refused
check "the machine's own one is taken where it is new enough" machines
finish
