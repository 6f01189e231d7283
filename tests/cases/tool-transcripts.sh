#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each verb prints, makes and returns what its transcripts say, and a wrong transcript is seen
# tier: quick
# timeout: 420
# shellcheck disable=SC2016 # the dollars are for the shell that spoils a copy
# shellcheck source=tests/lib.sh
. tests/lib.sh

mapfile -t names < <(tests/transcripts.sh list)

covered() {
	local verb
	for verb in $("$MDEV" --help | sed -n 's/^  \([a-z]*\) .*/\1/p') help boot judge; do
		printf '%s\n' "${names[@]}" | grep -q "^$verb/" || {
			echo "the verb $verb has no transcript: tests/transcripts/$verb/CASE/cmd"
			return 1
		}
	done
}

# wrong CASE COMMAND ERE: a copy of that case, spoilt by a command in its folder, is reported.
wrong() {
	rm -rf "$TMP/cases"
	mkdir -p "$TMP/cases/${1%/*}"
	cp -r "tests/transcripts/$1" "$TMP/cases/$1"
	export MDK_TRANSCRIPTS=$TMP/cases
	tests/transcripts.sh check "$1" || return 1
	(cd "$TMP/cases/$1" && sh -c "$2")
	expect 1 "$3" tests/transcripts.sh check "$1"
}

for name in "${names[@]}"; do
	check "$name" tests/transcripts.sh check "$name"
done
check "every verb has a transcript" covered
check "seen: another line in out" wrong help/unknown-verb 'echo more >>out' '^-more'
check "seen: another word in out" wrong help/unknown-verb 's=$(cat out); echo "$s!" >out' '^-.*!$'
check "seen: another status" wrong new/good 'echo 1 >status' '^\+0$'
check "seen: a file that is missing" wrong new/good 'echo myvgpu/none >>files' '^-myvgpu/none$'
check "seen: a file that nobody expects" wrong new/good 'sed -i /Kbuild/d files' '^\+myvgpu/Kbuild$'
check "seen: a guest where none is expected" \
	wrong boot/bad-file 'echo "mdev-sdk boot --no-framework --run true" >cmd' 'needs a file named boots'
updated() {
	wrong new/good 'echo 1 >status; echo x >out; rm files' '^-x$' &&
		tests/transcripts.sh update new/good &&
		diff -r tests/transcripts/new/good "$TMP/cases/new/good"
}
check "update writes what happens now" updated
finish
