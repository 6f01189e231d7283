#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a broken toolchain is told apart from a kernel without a feature
# tier: quick
# shellcheck source=tests/lib.sh
. tests/lib.sh

kdir=$("$MDEV" kernel 6.1 --print kdir) || exit 3

# What the system's compiler is for a build of 6.1, with a fault of ours in front of it.
compiler() { # script line
	printf '#!/bin/sh\n%s\nexec gcc "$@"\n' "$1" >"$TMP/cc"
	chmod +x "$TMP/cc"
}

# The one of the kernel's headers, gcc-12, is not in other Debians.
probe() {
	framework/compat/probe.sh "$kdir" "$TMP/work" "$TMP/out.h" CC=gcc "$@"
}

copy() {
	rm -rf "$TMP/framework"
	cp -r framework "$TMP/framework"
}

check "the probes answer on 6.1" probe
check "6.1 takes three arguments for the compat link" grep -q MDK_CLASS_COMPAT_LINK_3 "$TMP/out.h"

compiler "case \"\$*\" in *-c*probe*|*work/*) echo 'cc1: out of memory' >&2; exit 1;; esac"
check "a compiler that fails is not 'feature absent'" \
	expect 3 'control that must compile does not' probe CC="$TMP/cc"

# Compiles an empty file whenever the real one would fail.
compiler "gcc \"\$@\" 2>/dev/null && exit 0
out=; prev=; for a; do [ \"\$prev\" = -o ] && out=\$a; prev=\$a; done
case \"\$out\" in *.o) : | gcc -xc -c -o \"\$out\" -; exit;; esac; exit 1"
check "a compiler that accepts anything is caught" \
	expect 3 'control that must not compile does' probe CC="$TMP/cc"

copy
sed -i 's/#if PROBE_FORM == 1/#if PROBE_FORM > 0/' "$TMP/framework/compat/probes/bus_match_const.c"
sed -i 's/const struct device_driver/struct device_driver/' "$TMP/framework/compat/probes/bus_match_const.c"
check "two forms that both compile are refused by name" expect 3 "probe 'bus_match_const': found 2" \
	"$TMP/framework/compat/probe.sh" "$kdir" "$TMP/work" "$TMP/out.h" CC=gcc

copy
echo 'no_such_symbol_of_any_kernel	the moon' >>"$TMP/framework/compat/exports.list"
check "a symbol that the kernel does not export is named" expect 3 'does not export no_such_symbol' \
	"$TMP/framework/compat/probe.sh" "$kdir" "$TMP/work" "$TMP/out.h" CC=gcc
finish
