#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: an interrupt in download, build and boot leaves nothing running and nothing half-written
# tier: full
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh

export TMPDIR=$TMP/tmp
mkdir "$TMPDIR"

# begin COMMAND...: in a session of its own, so that whatever it starts can be found.
begin() {
	setsid "$@" >"$TMP/said" 2>&1 </dev/null &
	session=$!
}

# The live processes of the session, a line each.
alive() {
	local stat rest state id
	for stat in /proc/[0-9]*/stat; do
		read -r rest 2>/dev/null <"$stat" || continue
		read -r state _ _ id _ <<<"${rest##*) }"
		[ "$id" = "$session" ] && [ "$state" != Z ] && echo "${rest%%) *})"
	done
	true
}

runs() { # PROGRAM
	alive | grep -F "($1"
}

# wait_for SECONDS COMMAND...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ $SECONDS -ge $end ] || ! kill -0 "$session" 2>/dev/null; then
			echo "did not happen: $*"
			cat "$TMP/said"
			return 1
		fi
		sleep 0.05
	done
}

# interrupted SIGNAL STATUS: how it ends, its last word, and nothing left of the session.
interrupted() {
	local got=0 left
	kill -"$1" "$session"
	wait "$session" || got=$?
	cat "$TMP/said"
	[ $got = "$2" ] || { echo "exit status: found $got, needed $2"; return 1; }
	[ "$(tail -n 1 "$TMP/said")" = 'mdev-sdk: interrupted; nothing was left behind' ] || {
		echo "the last line is another"
		return 1
	}
	left=$(alive)
	[ -z "$left" ] || { echo "still running: $left"; return 1; }
}

no_scratch() {
	! find "$TMPDIR" -mindepth 1 | grep .
}

# Download: while apt looks up, while it fetches, while packages are unpacked.
cold=$TMP/cold
in_download() { # COMMAND...
	begin env XDG_CACHE_HOME="$cold" "$MDEV" kernel 6.1
	wait_for 100 "$@" || return 1
	interrupted INT 130 && no_scratch &&
		! find "$cold/mdev-sdk" ! -type d ! -name lock | grep . &&
		! find "$cold/mdev-sdk" -mindepth 2 | grep .
}
exists() { # a glob
	compgen -G "$1"
}
check "download: interrupted while apt reads the lists" in_download runs apt-get
check "download: interrupted while packages come" \
	in_download exists "$cold/mdev-sdk/fetch-*/debs/*.deb"
check "download: interrupted while packages are unpacked" \
	in_download exists "$cold/mdev-sdk/fetch-*/tree/usr/src/*"
whole() {
	local kernel=(env XDG_CACHE_HOME="$cold" "$MDEV" kernel 6.1)
	"${kernel[@]}" && [ -s "$("${kernel[@]}" --print vmlinux)" ] &&
		[ -f "$("${kernel[@]}" --print kdir)/Makefile" ]
}
check "download: the same command then works" whole
rm -rf "$cold"

# Build: the user's folder is as it was.
tree=$TMP/myvgpu
"$MDEV" new --name myvgpu --dir "$tree" >/dev/null
sources() {
	(cd "$tree" && find . -type f -exec md5sum {} + | sort -k 2)
}
sources >"$TMP/sources"
in_build() { # COMMAND...
	begin "$MDEV" test "$tree" --only sysfs
	wait_for 60 "$@" || return 1
	interrupted INT 130 && no_scratch && sources | diff "$TMP/sources" -
}
check "build: interrupted at its start" in_build runs make
check "build: interrupted in the compiler" in_build runs cc1
check "build: the same command then works" \
	expect 0 ' 0 failed' "$MDEV" test "$tree" --only sysfs

# Boot: QEMU goes, and its image and logs with it; the files asked for are not half-written.
in_boot() { # SIGNAL STATUS
	echo old >"$TMP/results"
	begin "$MDEV" test "$tree" --only sysfs --ktap "$TMP/results"
	wait_for 60 runs qemu-system || return 1
	sleep 1
	interrupted "$1" "$2" && no_scratch && sources | diff "$TMP/sources" - &&
		grep -qx old "$TMP/results"
}
check "boot: interrupted" in_boot INT 130
check "boot: told to end" in_boot TERM 143
check "boot: the same command then works" \
	expect 0 ' 0 failed' "$MDEV" test "$tree" --only sysfs --ktap "$TMP/results"
check "boot: its results are whole" grep -qx '# mdev-conform: end' "$TMP/results"
check "nothing is left in TMPDIR" no_scratch
finish
