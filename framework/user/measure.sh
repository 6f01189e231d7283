#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How much of what a driver's sources call the shim has: before its author begins, and without a build.
# usage: measure.sh [--without GLOB]... [--all] FOLDER...
#        measure.sh --table <LIST
# --without: files that are no part of the driver, by name, such as those that fake a newer kernel
# --all: also what the shim has
# LIST has lines NAME;VERSION;LICENCE;FOLDER...[;GLOB...], for the page that --table prints.
# exit 2: usage, 3: no source is there
set -eu
# One order for sort and comm, one language of the compiler.
export LC_ALL=C

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() { # STATUS TEXT...
	status=$1
	shift
	echo "mdev-sdk: $*" >&2
	exit "$status"
}

usage() {
	die 2 "usage: measure.sh [--without GLOB]... [--all] FOLDER... | --table <LIST"
}

# As user.mk compiles a driver, with all headers of the shim and the SDK before it.
compile() { # FILE ARGUMENT...
	file=$1
	shift
	{
		(cd "$here/shim/include" && find linux asm -name '*.h')
		(cd "$here/../include" && find mdev_sdk -name '*.h' ! -name legacy.h)
		(cd "$here/../../sdk/include" && find mdk -name '*.h' ! -name test.h ! -name types_user.h)
	} | sort | sed 's/.*/#include <&>/' | cat - "$file" |
		gcc -std=gnu11 -fsyntax-only -fmax-errors=0 -w -D__KERNEL__ -DMODULE -I"$here/shim/include" \
			-I"$here/shell/twins" -I"$here/.." -I"$here/../include" -I"$here/../../sdk/include" \
			-x c "$@" - 2>&1 || true
}

# Of the names of standard input those that the compiler knows. A macro with arguments is known by its
# definition; another macro is what it stands for.
known() {
	sort -u >"$work/names"
	compile /dev/null -E -dM |
		sed -nE 's/^#define ([A-Za-z_0-9]+)\(.*/\1 (/p; s/^#define ([A-Za-z_0-9]+) ([A-Za-z_0-9]+)$/\1 \2/p' >"$work/macros"
	awk 'NR == FNR { means[$1] = $2; next }
		{ to = $1; for (n = 0; to in means && n < 9; n++) to = means[to]; print $1, to }' \
		"$work/macros" "$work/names" >"$work/meanings"
	awk '$2 != "(" { print "void *user_is_" NR " = (void *)" $2 ";" }' "$work/meanings" >"$work/names.c"
	compile "$work/names.c" | sed -nE "s/.*error: '([A-Za-z_0-9]+)' undeclared.*/\1/p" | sort -u >"$work/unknown"
	awk -v unknown="$work/unknown" 'BEGIN { while ((getline name <unknown) > 0) bad[name] = 1 }
		!($2 in bad) { print $1 }' "$work/meanings"
}

# Of the headers of standard input those that are there.
there() {
	sed 's/.*/#if __has_include(<&>)\nuser_has "&"\n#endif/' >"$work/headers.c"
	compile "$work/headers.c" -E | sed -n 's/^user_has "\(.*\)"/\1/p'
}

files() { # FOLDER...
	find "$@" -name '*.[ch]' -type f | sort | while IFS= read -r file; do
		for glob in $globs; do
			# shellcheck disable=SC2254 # a pattern
			case ${file##*/} in
			$glob) continue 2 ;;
			esac
		done
		printf '%s\n' "$file"
	done
}

# To files: calls with a count, a name and whether the shim has it; headers; files and their lines.
look() { # FOLDER...
	files "$@" >"$work/files"
	[ -s "$work/files" ] || die 3 "$*: no .c or .h file is there"
	tr '\n' '\0' <"$work/files" | xargs -0 cat | wc -l >"$work/lines"
	tr '\n' '\0' <"$work/files" | xargs -0 awk -f "$here/calls.awk" >"$work/raw"
	awk '$1 == "own" { own[$2] = 1 } $1 == "call" { calls[$2]++ }
		END { for (name in calls) if (!(name in own)) print name, calls[name] }' "$work/raw" >"$work/calls"
	cut -d ' ' -f 1 "$work/calls" | known >"$work/has"
	awk -v has="$work/has" 'BEGIN { while ((getline name <has) > 0) known[name] = 1 }
		{ print $2, $1, $1 in known }' "$work/calls" | sort -k 1,1nr -k 2 >"$work/result"
	awk '$1 == "header" && $2 ~ /^(linux|asm)\// { print $2 }' "$work/raw" | sort -u >"$work/headers"
	there <"$work/headers" >"$work/headers-has"
}

# Sets: nr_files lines names has calls calls_has nr_headers headers_has
sum() {
	nr_files=$(wc -l <"$work/files")
	lines=$(cat "$work/lines")
	nr_headers=$(wc -l <"$work/headers")
	headers_has=$(wc -l <"$work/headers-has")
	# shellcheck disable=SC2046 # four numbers
	set -- $(awk '{ n++; c += $1; h += $3; k += $3 * $1 } END { print n + 0, h + 0, c + 0, k + 0 }' "$work/result")
	names=$1 has=$2 calls=$3 calls_has=$4
}

percent() { # PART WHOLE
	[ "$2" -gt 0 ] || set -- 1 1
	echo "$((100 * $1 / $2)) %"
}

report() { # FOLDER...
	look "$@"
	sum
	echo "$nr_files files, $lines lines"
	echo "headers of the kernel: $nr_headers, here $headers_has"
	echo "functions and macros of the kernel and the SDK: $names, in the shim $has, $(percent "$has" "$names")"
	echo "calls of them: $calls, in the shim $calls_has, $(percent "$calls_has" "$calls")"
	if [ -n "$all" ]; then
		echo "in the shim, by calls:"
		awk '$3 { print "  " $1, $2 }' "$work/result"
	fi
	echo "headers that are missing: $(comm -23 "$work/headers" "$work/headers-has" | paste -sd ' ' | sed 's/^$/none/')"
	echo "missing, by calls:"
	awk '!$3 { print "  " $1, $2 } END { exit !NR }' "$work/result"
}

table() {
	cat <<'END'
<!-- Made by framework/user/measure.sh --table. -->
# What public drivers call, and the shim of user space has

Drivers that are not in Linus' tree, near to what has mediated devices, and how much of what they call the
[shim](../user-api.md) has. All branches of an `#if` count; what fakes a newer kernel for an older one does not.
`framework/user/measure.sh FOLDER` says it of your sources.

| driver | version | licence | lines | headers | functions and macros | calls |
|---|---|---|---|---|---|---|
END
	: >"$work/missing"
	while IFS=';' read -r name version licence folders globs; do
		# shellcheck disable=SC2086 # words
		look $folders
		sum
		echo "| $name | $version | $licence | $lines | $headers_has of $nr_headers |" \
			"$has of $names, $(percent "$has" "$names") | $calls_has of $calls, $(percent "$calls_has" "$calls") |"
		awk '!$3' "$work/result" >>"$work/missing"
	done
	printf '\nMissing, with the number of calls, where several of them have it or there are ten:\n\n'
	# shellcheck disable=SC2016 # back ticks are markdown's
	awk '{ n[$2] += $1; of[$2]++ } END { for (x in n) if (of[x] > 1 || n[x] >= 10) print n[x], x }' "$work/missing" |
		sort -k 1,1nr -k 2 | sed 's/\(.*\) \(.*\)/`\2` \1/' | paste -sd ',' | sed 's/,/, /g' |
		fold -s -w 110 | sed 's/ *$//'
}

all=
globs=
# Patterns are for the names of files, wherever they are: not for the shell.
set -f
while [ $# -gt 0 ]; do
	case $1 in
	--table)
		[ $# -eq 1 ] || usage
		table
		exit
		;;
	--without)
		[ $# -gt 1 ] || usage
		globs="$globs $2"
		shift
		;;
	--all) all=1 ;;
	-*) usage ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || usage
report "$@"
