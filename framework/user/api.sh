#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints docs/user-api.md: what of the kernel's API the shim has, by the headers of shim/include/user.
# usage: api.sh [words]     words: the names alone, one a line
# shellcheck disable=SC2016 # back ticks are markdown's
set -eu

cd "$(dirname -- "$0")/shim/include"

# Macros, functions, and types with a body; not what begins with an underscore, or is the shim's own.
names() { # HEADER
	sed -nE 's/^#define ([A-Za-z][A-Za-z0-9_]*).*/\1/p
		s/^struct ([a-z][a-z0-9_]*) \{.*/struct \1/p
		s/^(typedef .*|\}) ([a-z][a-z0-9_]*);$/\2/p
		s/^[^#[:space:]}(]([^(]*[ *])?([a-z][a-z0-9_]*)\(.*/\2/p' "$1" |
		sed -E '/^(struct )?user_|^USER_|^_|^KERN_|^U?S?(8|16|32|64)_M|^(INT|UINT|LONG|ULONG|LLONG|ULLONG)_/d' |
		LC_ALL=C sort -u
}

# The kernel's atomics are made by one macro.
atomics() {
	sed -nE 's/.*_name##(_[a-z_0-9]+).*/atomic\1/p' user/atomic.h | grep -v '_$' | LC_ALL=C sort -u
}

if [ "${1:-}" = words ]; then
	for header in user/*.h; do
		names "$header"
	done
	atomics
	exit
fi

cat <<'END'
<!-- Made by framework/user/api.sh. -->
# The kernel's API in user space

What a driver can call when it is a process (docs/guide/user-space.md), besides C's `memcpy()`, `strcmp()`
and their like. Each keeps the kernel's contract: a call that may sleep ends the process where its caller must
not. Anything else is a compile error that names it. Fake it in your tree, `tests/user/*.c`, and declare it in
`tests/user/fake.h`, which every file of the driver then includes first.

Headers:
END
find linux asm -name '*.h' | LC_ALL=C sort | sed 's/.*/`&`/' | paste -sd ' ' | fold -s -w 110 | sed 's/ *$//'
for header in user/*.h; do
	# Of card.h tests/parent.c knows what it needs from the guide.
	found=$(names "$header")
	[ -n "$found" ] || continue
	title=$(sed -n '2s,^/\* \(.*\) \*/$,\1,p; 3s,^ \* \(.*\),\1,p' "$header" | head -n 1)
	printf '\n## %s\n\n' "${title%.}"
	{
		printf '%s\n' "$found"
		[ "$header" != user/atomic.h ] || atomics
	} | LC_ALL=C sort -u | sed 's/.*/`&`/' | paste -sd ' ' | fold -s -w 110 | sed 's/ *$//'
done
