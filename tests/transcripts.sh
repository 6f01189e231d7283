#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Transcripts: tests/transcripts/VERB/CASE is what a person types and sees.
#   cmd      the line that is typed
#   in/      files that are there before (may be missing)
#   out      what is printed, errors too; what differs from run to run is <LIKE THIS>
#   status   the exit status
#   files    the files that are there afterwards and were not before (missing: none)
#   boots    there if it starts a guest
# usage: tests/transcripts.sh list|check|update [--no-boots] [VERB[/CASE]...]
# check shows what differs and ends with 1 then; update writes out, status and files anew.
# shellcheck disable=SC2317 # check and update are called by name
set -u
export LC_ALL=C LANG=C
cd "$(dirname "$0")/.." || exit 3
sdk=$(pwd)
cases=$(realpath "${MDK_TRANSCRIPTS:-tests/transcripts}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mdev-sdk

list() { # [--no-boots] PATTERN...
	local boots=yes file name pattern
	[ "${1:-}" != --no-boots ] || { boots=no; shift; }
	[ $# -gt 0 ] || set -- ''
	for file in "$cases"/*/*/cmd; do
		[ -f "$file" ] || continue
		name=${file#"$cases/"}
		name=${name%/cmd}
		[ $boots = yes ] || [ ! -e "$cases/$name/boots" ] || continue
		for pattern; do
			[ -z "$pattern" ] || [ "$name" = "$pattern" ] || [ "${name%%/*}" = "$pattern" ] || continue
			echo "$name"
		done
	done
}

normalise() {
	sed -E -e "s|$work/here|<HERE>|g; s|$work/tmp|<TMP>|g; s|$cache|<CACHE>|g; s|$sdk|<SDK>|g" \
		-e 's/\b[0-9]+(\.[0-9]+)+(-[0-9]+)?(\+[a-z0-9.]+)?-amd64\b/<RELEASE>/g' \
		-e 's/\(Debian [^)]*\)/(Debian <VERSION>)/; s/^version=.*/version=<VERSION>/' \
		-e 's/\b[0-9]+\.[0-9] s\b/<N> s/g' \
		-e 's/^makeflags=.*/makeflags=<FLAGS>/' \
		-e 's|(/trees/[A-Za-z0-9._-]+)-[0-9a-f]{8}\b|\1-<HASH>|g'
}

new_files() {
	(cd "$work/here" && find . -type f | sed 's|^\./||' | sort) |
		comm -23 - <(cd "$work/in" && find . -type f | sed 's|^\./||' | sort)
}

# A case that starts a guest and does not say so would make a quick look slow.
no_guest() {
	printf '#!/bin/sh\necho "this transcript starts a guest: it needs a file named boots" >&2\nexit 9\n' \
		>"$work/bin/qemu-system-x86_64"
	chmod +x "$work/bin/qemu-system-x86_64"
}

# Runs it; the results are $work/out, $work/status and, where there are any, $work/files.
run() { # case
	local case=$cases/$1
	rm -rf "$work"
	mkdir -p "$work/here" "$work/tmp" "$work/in" "$work/bin"
	[ ! -d "$case/in" ] || cp -a "$case/in/." "$work/in"
	cp -a "$work/in/." "$work/here"
	ln -s "$sdk/mdev-sdk" "$work/bin/mdev-sdk"
	[ -e "$case/boots" ] || no_guest
	(
		cd "$work/here" || exit 3
		unset MDEV_SDK_ROOT ARGP_HELP_FMT
		PATH=$work/bin:$PATH TMPDIR=$work/tmp TERM=dumb \
			bash "$case/cmd" </dev/null >"$work/raw" 2>&1
	)
	echo $? >"$work/status"
	normalise <"$work/raw" >"$work/out"
	new_files >"$work/files"
	[ -s "$work/files" ] || rm "$work/files"
	[ -z "$(ls -A "$work/tmp")" ] || echo "transcripts: something is left in TMPDIR" >>"$work/out"
}

check() { # case
	local what ret=0
	run "$1"
	for what in out status files; do
		[ -e "$cases/$1/$what" ] || [ -e "$work/$what" ] || continue
		diff -uN --label "$1/$what: expected" --label "$1/$what: now" \
			"$cases/$1/$what" "$work/$what" || ret=1
	done
	return "$ret"
}

update() { # case
	local what
	run "$1"
	for what in out status files; do
		rm -f "$cases/$1/$what"
		[ ! -e "$work/$what" ] || cp "$work/$what" "$cases/$1/$what"
	done
}

what=${1:-}
shift
case $what in
list) list "$@"; exit ;;
check | update) ;;
*) echo "usage: tests/transcripts.sh list|check|update [--no-boots] [VERB[/CASE]...]" >&2; exit 2 ;;
esac
[ -x mdev-sdk ] || { echo "transcripts: no ./mdev-sdk: make tools" >&2; exit 3; }
mapfile -t names < <(list "$@")
[ ${#names[@]} -gt 0 ] || { echo "transcripts: there is no $*" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/mdk-transcripts.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
found=0
for name in "${names[@]}"; do
	"$what" "$name" || found=1
done
exit $found
