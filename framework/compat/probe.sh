#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Finds out how a kernel differs, by compiling both forms of each difference in one Kbuild pass.
# usage: probe.sh KDIR WORKDIR OUTPUT [make variables...]
# Two controls guard against a broken toolchain, which must never read as "feature absent".
# shellcheck disable=SC2310 # compiled() is one command
set -eu

kdir=$1 work=$2 out=$3
shift 3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
log=$work/probe.log

die() {
	echo "probe: $*" >&2
	exit 3
}

# The lines of a list without comments. Kept before they are looped over: nobody sees how the first
# command of a pipe ended, and a list that cannot be read is no empty one.
lines_of() { # file
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/$1"
}

write_form() { # name form
	printf '#define PROBE_FORM %s\n#include "%s/probes/%s.c"\n' "$2" "$here" "$1" \
		>"$work/$1-$2.c"
	echo "obj-m += $1-$2.o" >>"$work/Kbuild"
}

compiled() { # name form
	[ -e "$work/$1-$2.o" ]
}

show_log() { # name
	grep -A6 -- "$1-[12]\.c\|$1\.c\|Error\|rror:" "$log" | head -n 40 >&2
}

names=$(lines_of probes.list)
exports=$(lines_of exports.list)
[ -n "$names" ] || die "no probe in $here/probes.list; take it from your version control"
[ -f "$kdir/Makefile" ] || die "no kernel headers in '$kdir': give KDIR=, or KVER= of a line that './mdev-sdk kernel' fetches"
rm -rf "$work"
mkdir -p "$work"
# The last is clang's word on what -fms-extensions allows; gcc does not look at a -Wno- that it does not know.
echo 'ccflags-y := -Werror -Wno-unused-function -Wno-missing-prototypes -Wno-missing-declarations -fms-extensions -Wno-microsoft-anon-tag' >"$work/Kbuild"
write_form control_good 1
write_form control_good 2
write_form control_bad 1
write_form control_bad 2
echo "$names" | while read -r name _; do
	write_form "$name" 1
	write_form "$name" 2
done

# Most of these fail on purpose; what each one did is read from its object file.
make -k -j2 -C "$kdir" M="$work" KBUILD_MODPOST_WARN=1 "$@" modules >"$log" 2>&1 || true

if ! compiled control_good 1 || ! compiled control_good 2; then
	show_log control_good
	die "the control that must compile does not: the compiler or the headers in '$kdir' are broken (whole log: $log)"
fi
if compiled control_bad 1 || compiled control_bad 2; then
	die "the control that must not compile does: the compiler does not report errors (whole log: $log)"
fi

tmp=$out.tmp
printf '/* Made by framework/compat/probe.sh for %s; do not edit. */\n' "$kdir" >"$tmp"
echo "$names" | while read -r name macro; do
	new=0 old=0
	! compiled "$name" 1 || new=1
	! compiled "$name" 2 || old=1
	if [ $new = $old ]; then
		show_log "$name"
		die "probe '$name': found $((new + old)) of its two forms to compile, exactly one must; a third form? See framework/compat/probes/$name.c"
	fi
	[ $new = 0 ] || echo "#define $macro 1"
done >>"$tmp"

if [ -f "$kdir/Module.symvers" ]; then
	echo "$exports" | while read -r symbol what; do
		grep -q "	$symbol	" "$kdir/Module.symvers" ||
			die "the kernel of '$kdir' does not export $symbol: it lacks $what; take another kernel or flavour"
	done
fi
# An unchanged answer keeps its time, so that nothing is rebuilt.
if cmp -s "$tmp" "$out"; then rm "$tmp"; else mv "$tmp" "$out"; fi
