#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers run as processes under sanitizers, and planted mistakes are named with the driver's line
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

program="tests/user/main.c tests/user/guest.c tests/user/ports.c tests/user/rings.c"
# What a sanitizer found ends a program, and a leak too.
export ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=halt_on_error=0

generate() {
	local kind
	for kind in minimal serial vgpu nic; do
		"$MDEV" new --name user_$kind --kind $kind --dir "$TMP/user_$kind" || return 1
	done
	"$MDEV" new --name user_minimal --kind minimal --irq msix:4 --dir "$TMP/user_msix"
}

# built SANITIZER TREE: the program's path.
built() {
	framework/user/build.sh --sanitizer "$1" --out "$TMP/out/$1/$(basename "$2")" --main "$program" "$2"
}

# drives SANITIZER TREE [storm]: no failure, no report.
drives() {
	local path
	path=$(built "$1" "$2") && "$path" ${3:+"$3"} 2>&1 | tee "$TMP/drives"
	[ "${PIPESTATUS[0]}" = 0 ] && grep -q ': 0 failures$' "$TMP/drives" &&
		! grep -E 'Sanitizer|runtime error' "$TMP/drives"
}

# Two threads meet by chance, and less often on a busy machine: a storm is made until it ends with a report.
reports() { # PROGRAM [storm]
	local try
	for ((try = 0; try < ${2:+25} + 1; try++)); do
		"$@" >"$TMP/report" 2>&1 || return 0
	done
	echo "nothing found"
	return 1
}

# caught VARIANT SANITIZER FILE ERE [storm]: the report says it, and names a line of the driver's file.
caught() {
	local tree=$TMP/caught path
	rm -rf "$tree" "$TMP/out/$2/caught"
	cp -r examples/vgpu-stub "$tree" && patch -s -p1 -d "$tree" <"tests/broken/user/$1.patch" &&
		path=$(built "$2" "$tree") || return 1
	reports "$path" ${5:+"$5"} || return 1
	head -n 30 "$TMP/report"
	grep -qE "$4" "$TMP/report" && grep -qE "/caught/$3:[0-9]+" "$TMP/report"
}

# One changed line, and the framework built: 1.5 s of CPU are the most.
is_quick() {
	local tree=$TMP/quick cpu
	cp -r examples/vgpu-stub "$tree" && built address "$tree" && echo '/* changed */' >>"$tree/ring.c" || return 1
	TIMEFORMAT='%U %S'
	cpu=$({ time built address "$tree" >/dev/null; } 2>&1) || return 1
	echo "seconds of CPU: $cpu"
	awk '{ exit !($1 + $2 < 1.5) }' <<<"$cpu"
}

# refuses WORDS SED FILE: a copy of mtty with that, and what the build says.
refuses() {
	local tree=$TMP/mtty
	rm -rf "$tree"
	cp -r examples/mtty "$tree" && sed -i "$2" "$tree/mtty.c" || return 1
	expect 3 "$1" built address "$tree"
}

# What the shim lacks a tree fakes.
fakes() {
	local tree=$TMP/faked
	cp -r examples/mtty "$tree" && mkdir -p "$tree/tests/user" || return 1
	echo 'static int __maybe_unused mtty_clk(void) { return clk_enable(NULL); }' >>"$tree/mtty.c"
	echo 'int clk_enable(void *clk);' >"$tree/tests/user/fake.h"
	printf '#include <linux/errno.h>\nint clk_enable(void *clk) { return -ENODEV; }\n' >"$tree/tests/user/clk.c"
	drives address "$tree"
}

sleeps_in_atomic() {
	local tree=$TMP/sleeps path
	cp -r examples/vgpu-stub "$tree" || return 1
	sed -i 's/^\tstate->status = ring_run/\tpreempt_disable();\n\tkfree(kmalloc(8, GFP_KERNEL));\n&/; 1a #include <linux/slab.h>' \
		"$tree/ring.c"
	path=$(built none "$tree") || return 1
	expect 70 'sleeps/ring.c:[0-9]*: bug: this call may sleep' "$path"
}

list_is_new() {
	framework/user/api.sh | diff docs/user-api.md -
}

# Each name of the list is one that the shim has.
list_is_true() {
	framework/user/api.sh words | awk '{ print $NF }' | sort -u >"$TMP/words"
	[ "$(wc -l <"$TMP/words")" -gt 900 ] && ! grep -vE '^[A-Za-z][A-Za-z0-9_]*$' "$TMP/words"
}

race_in_the_framework() {
	local copy=$TMP/sdk path
	mkdir -p "$copy" && tar c framework sdk tests/user tests/fixtures/mdkrings examples | tar x -C "$copy" &&
		patch -s -p1 -d "$copy" <tests/broken/user/framework-race.patch || return 1
	path=$(cd "$copy" && framework/user/build.sh --sanitizer thread --out "$TMP/out/race" --main "$program" examples/vgpu-stub) ||
		return 1
	reports "$path" storm || return 1
	grep -m 1 'SUMMARY: ThreadSanitizer: data race .*framework/' "$TMP/report"
}

check "drivers are generated" generate
trees=(examples/vgpu-stub examples/mtty tests/fixtures/rawv11 tests/fixtures/mdkrings tests/fixtures/vrng
	"$TMP/user_minimal" "$TMP/user_msix" "$TMP/user_serial" "$TMP/user_vgpu" "$TMP/user_nic")
for tree in "${trees[@]}"; do
	check "$(basename "$tree"): as a process, no report of AddressSanitizer" drives address "$tree"
done
for tree in examples/vgpu-stub "$TMP/user_nic"; do
	check "$(basename "$tree"): two clients and a storm, no report of ThreadSanitizer" drives thread "$tree" storm
done
check "a changed line is built in 1.5 s of CPU" is_quick
check "caught: overflow by a ring's length" \
	caught overflow-by-ring-length address ring.c 'AddressSanitizer: heap-buffer-overflow'
check "caught: use after reset" caught use-after-reset address ring.c 'AddressSanitizer: heap-use-after-free'
check "caught: leak" caught leak address ring.c 'LeakSanitizer: detected memory leaks'
check "caught: undefined shift" caught undefined-shift address ring.c 'shift exponent 64 is too large'
check "caught: race of a worker and a register" \
	caught race-with-worker thread main.c 'ThreadSanitizer: data race' storm
check "caught: a sleep where none may be" sleeps_in_atomic
check "an unknown call is named" refuses 'user space has no clk_enable: docs/user-api.md' \
	's/^static const struct mdk_irq/static int x(void) { return clk_enable(NULL); }\n&/'
check "an unknown header is named" refuses 'user space has no linux/clk.h: docs/user-api.md' \
	's/^#include <mdk/#include <linux\/clk.h>\n&/'
check "a tree fakes what is missing" fakes
check "docs/user-api.md is that of the shim" list_is_new
check "its names are names" list_is_true
if full_tier; then
	for tree in "${trees[@]}"; do
		check "$(basename "$tree"): no report of ThreadSanitizer" drives thread "$tree"
	done
	check "caught: a race in the framework" race_in_the_framework
fi
finish
