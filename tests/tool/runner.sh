# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the tool-runner* cases: the runner in a tree of its own, with cases, records and commits.
# Sourced after tests/lib.sh.

TREE=$TMP/tree
mkdir -p "$TREE/tests/cases" "$TREE/tests/clients" "$TREE/tests/fixtures"
cp -r tests/run tests/record tests/runner tests/lib.sh tests/expected-skips tests/kernels.txt \
	"$TREE/tests/"
cp tests/clients/client.[ch] tests/tool/ends.c "$TREE/tests/clients/"
cp -r tests/fixtures/pinner "$TREE/tests/fixtures/"
ln -s "$PWD/mdev-sdk" "$TREE/"
echo build >"$TREE/.gitignore"
touch "$TREE/tests/counts.txt" "$TREE/tests/durations.txt"

# For cases that are ended from outside: how long they sleep, which tells whether they still do.
nap=300.$$

# grep's status says nothing: that of a process that has just ended is an error.
# shellcheck disable=SC2143
nobody_sleeps() {
	[ -z "$(grep -lzx "$nap" /proc/[0-9]*/cmdline 2>/dev/null)" ]
}

in_tree() { # COMMAND...
	(cd "$TREE" && "$@")
}

# a_case NAME TIMEOUT [LINE OF THE HEAD...]: its commands come on standard input.
a_case() {
	local file=$TREE/tests/cases/$1.sh
	{
		printf '#!/bin/bash\n# timeout: %s\n' "$2"
		shift 2
		[ $# -gt 0 ] || set -- 'tier: quick'
		printf '# %s\n' "$@"
		echo '. tests/lib.sh'
		cat
	} >"$file"
	chmod +x "$file"
}

# counted STATUS SUMMARY ERE ARGUMENT...: the runner's status, its last line, what it tells of cases.
counted() {
	in_tree expect "$1" "$3" tests/run "${@:4}" || return 1
	[ "$(tail -n 1 "$TMP/expect.out")" = "$2" ] || { echo "last line: needed $2"; return 1; }
}

# A runner with that mistake does not do what this command wants of it.
is_caught() { # VARIANT COMMAND...
	local patch=tests/broken/runner/$1.patch status=0
	patch -s -p1 -d "$TREE" <"$patch" || return 1
	! "${@:2}" || { echo "passes with $patch"; status=1; }
	patch -s -R -p1 -d "$TREE" <"$patch" || return 1
	return $status
}
