#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds a driver's tree as a program of user space, by user.mk, and the framework for it.
# usage: build.sh [--sanitizer address|thread|none|coverage|fuzzer] [--out DIR] [--program server|fuzz|stream]
#        [--main "FILE..."] TREE
#        build.sh [--sanitizer S] framework
# Prints the program's path. Without --out it is below TREE/build/user/. The server is the
# default; fuzz plays files of events, and searches for some with --sanitizer fuzzer, by libFuzzer;
# stream, with that sanitizer alone, searches for streams of a migration.
# exit 2: usage, 3: it does not build
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
builds=$("$top/framework/build-folder.sh")/user
sanitizer=address
out=
main=
which=server

die() { # STATUS TEXT...
	status=$1
	shift
	echo "mdev-sdk: $*" >&2
	exit "$status"
}

usage() {
	die 2 "usage: build.sh [--sanitizer address|thread|none|coverage|fuzzer] [--out DIR]" \
		"[--program server|fuzz|stream] [--main FILES] TREE|framework"
}

while [ $# -gt 1 ]; do
	case $1 in
	--sanitizer) sanitizer=$2 ;;
	--out) out=$2 ;;
	--main) main=$2 ;;
	--program) which=$2 ;;
	*) usage ;;
	esac
	shift 2
done
[ $# -eq 1 ] || usage
tree=$1
case $sanitizer in
address | thread | none | coverage | fuzzer) ;;
*) die 2 "--sanitizer $sanitizer: needed is address, thread, none, coverage or fuzzer" ;;
esac
case $which in
server | fuzz) ;;
stream) [ "$sanitizer" = fuzzer ] || die 2 "--program stream: needed is --sanitizer fuzzer" ;;
*) die 2 "--program $which: needed is server, fuzz or stream" ;;
esac

# What make takes apart; build.sh of the framework says more of it.
case $top$tree$out$builds in
*[[:space:]:\#%\$\'\"\\\;\&\(\)\|\<\>\*?,\`]*)
	die 3 "'$tree' or the folder of mdev-sdk or of the build has a blank or a character of make's in its path: move it" ;;
esac

# What is missing in the shim is named, with the way out.
explain() { # LOG
	missing=$(sed -n "s/.*error: implicit declaration of function ‘\([^’]*\)’.*/\1/p;
		s/.*fatal error: \([a-z]*\/[^:]*\.h\): No such file.*/\1/p" "$1" | sort -u | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	echo "mdev-sdk: user space has no ${missing% }: docs/user-api.md lists what there is; fake what is" \
		"missing in $tree/tests/user/*.c, and declare it in $tree/tests/user/fake.h"
}

run_make() { # ARGUMENT...
	mkdir -p "$builds/$sanitizer"
	log=$(mktemp)
	# Two trees may be built at a time, and both build the framework.
	if ! LC_ALL=C.UTF-8 flock "$builds/$sanitizer/lock" make --no-print-directory -s \
		-f "$top/framework/user/user.mk" BUILD="$builds" SAN="$sanitizer" "$@" >"$log" 2>&1; then
		cat "$log" >&2
		explain "$log" >&2
		rm -f "$log"
		exit 3
	fi
	# Warnings.
	cat "$log" >&2
	rm -f "$log"
}

if [ "$tree" = framework ]; then
	run_make framework
	echo "$builds/$sanitizer/framework.o"
	exit
fi
[ -f "$tree/Kbuild" ] || die 3 "$tree: no Kbuild there: it says which modules the driver has, and of which files"
tree=$(CDPATH='' cd -- "$tree" && pwd)
[ -n "$out" ] || out=$tree/build/user/$sanitizer
mkdir -p "$out"
out=$(CDPATH='' cd -- "$out" && pwd)
files=
for file in $main; do
	case $file in
	/*) files="$files $file" ;;
	*) files="$files $PWD/$file" ;;
	esac
done
if [ -n "$main" ]; then
	run_make TREE="$tree" OUT="$out" MAIN="${files# }"
else
	run_make TREE="$tree" OUT="$out" PROGRAM="$which"
fi
cat "$out/program-$which"
