#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk fuzz finds planted mistakes, cuts them down and plays them again; files of events are refused or exact
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

tree=$TMP/tree
replay=("$MDEV" fuzz "$tree" --replay)

# copy_of [VARIANT]: the vgpu-stub, with that mistake.
copy_of() {
	rm -rf "$tree"
	cp -r examples/vgpu-stub "$tree" && rm -rf "$tree/build" || return 1
	[ $# = 0 ] || patch -s -p1 -d "$tree" <"$1"
}

# What came of each event, and when, is the same each time.
exact() {
	copy_of && "${replay[@]}" tests/fuzz/fence.txt 2>"$TMP/first" && "${replay[@]}" tests/fuzz/fence.txt 2>"$TMP/second" &&
		[ "$(grep -c ' -> ' "$TMP/first")" = 30 ] && diff "$TMP/first" "$TMP/second"
}

refused_lines='found .raed., needed is an event|raed bar0 0 4
found .bar7., needed is a region|read bar7 0 4
found .3., needed is a width|read bar0 0 3
found the end of the line, needed is a number|write bar0 0 4
found .4x., needed is a number|write bar0 0 4 4x
found .wr., needed is r, w or rw|map 0x100000 0x1000 wr
found .up., needed is off, on|irqs msi up 0 1
found .65., needed is how many|irqs msi on 0 65
found .256., needed is u8, u16|fill 0x100000 1 256
found .again., needed is the end|reset again
found .sleep., needed is suspend, resume|parent sleep
found the end of the line, needed is a number|plane
found .@x., needed is @|@x open
found the end of the line, needed is bytes|fill 0x100000
found .==., needed is = and a value|read bar0 0 4 == 1'

# refused WORDS LINE: behind a line that is right.
refused() {
	printf 'open\n%s\n' "$2" >"$TMP/wrong.txt"
	expect 2 "wrong.txt:2: $1.* \[U30\]" "$TMP/player" --here "$TMP/wrong.txt"
}

all_refused() {
	local words line
	cp "$(framework/user/build.sh --program fuzz --out "$TMP/out" examples/vgpu-stub)" "$TMP/player" || return 1
	while IFS='|' read -r words line; do
		refused "$words" "$line" || return 1
	done <<<"$refused_lines"
	printf 'open\0\n' >"$TMP/zero.txt"
	expect 2 'zero.txt:1: found a zero byte' "$TMP/player" --here "$TMP/zero.txt"
	expect 2 'nowhere.txt cannot be read: .*U35' "$TMP/player" --here "$TMP/nowhere.txt"
}

# oracle VARIANT WORDS [FILE]: the file is played on a driver with that mistake.
oracle() {
	copy_of "tests/broken/fuzz/$1.patch" && expect 1 "$2" "${replay[@]}" "${3:-tests/fuzz/fence.txt}"
}

# A worker's stack is no place that keeps a leak from being seen.
on_a_stack() {
	copy_of tests/broken/fuzz/leak-deep.patch &&
		expect 1 'LeakSanitizer: detected memory leaks' "${replay[@]}" tests/fuzz/leak-on-a-stack.txt
}

# It is one for a framework whose workers' stacks are not cleared.
hidden_on_a_stack() {
	local player
	mkdir "$TMP/sdk" && tar c framework sdk | tar x -C "$TMP/sdk" && copy_of tests/broken/fuzz/leak-deep.patch || return 1
	sed -i 's/^\tuser_virtual_forget();/\t;/' "$TMP/sdk/framework/user/fuzz/player.c" "$TMP/sdk/framework/user/shell/modules.c"
	player=$("$TMP/sdk/framework/user/build.sh" --program fuzz --out "$TMP/hidden" "$tree") &&
		expect 0 '^ok leak-on-a-stack' "$player" tests/fuzz/leak-on-a-stack.txt
}

# Causes that mask themselves, or have a vector that the guest picks, and the pin: a line each of
# the variant, what is found, and what a guest does. The driver as it is has none of it.
forgotten_causes='raised-by-hand|bits 0x1 of the status register at 0x90 .* no message|irqs msix on 0 4
raised-by-hand|bits 0x2 of the status register at 0x90 .* no message|irqs msix on 0 4\nwrite bar0 0x9c 4 0x200
pin-by-hand|bits 0x1 of the status register at 0x90 .* the pin is not asserted|irqs intx on 0 1'

# plays STATUS WORDS: on $TMP/rows, the raise of a bit that is let through.
plays() {
	expect "$1" "$2" "$MDEV" fuzz "$TMP/rows" --replay "$TMP/causes.txt"
}

forgotten() {
	local variant words lines bit
	while IFS='|' read -r variant words lines; do
		bit=${words#bits } bit=${bit%% *}
		printf 'open\nwrite config 4 2 6\n%b\nwrite bar0 0x94 4 0xf\nwrite bar0 0xa4 4 %s\nrun 0\n' "$lines" "$bit" >"$TMP/causes.txt"
		rm -rf "$TMP/rows"
		cp -r tests/fixtures/mdkrows "$TMP/rows" && rm -rf "$TMP/rows/build" && plays 0 "write bar0 0xa4" || return 1
		patch -s -p1 -d "$TMP/rows" <"tests/broken/fuzz/$variant.patch" && plays 1 "finding: interrupt: $words" || return 1
	done <<<"$forgotten_causes"
}

# A message that may wait for its gap is not missed before that is over.
forgotten_fence() {
	copy_of tests/broken/fuzz/fence-by-hand.patch && sed '/= /d; s/^run 1000/write bar2 0x838 4 5000\n&/' tests/fuzz/fence.txt >"$TMP/early.txt" || return 1
	sed 's/^run 1000/&\nrun 5000\nrun 2000/' "$TMP/early.txt" >"$TMP/late.txt"
	expect 0 'unmap' "${replay[@]}" "$TMP/early.txt" || return 1
	expect 1 'finding: interrupt: bits 0x1 of the status register at 0x81c' "${replay[@]}" "$TMP/late.txt" &&
		copy_of && expect 0 'unmap' "${replay[@]}" "$TMP/late.txt"
}

without_values() {
	sed 's/ = .*//' tests/fuzz/fence.txt >"$TMP/plain.txt"
}

asleep() {
	copy_of && expect 0 'parent resume  -> 0' "${replay[@]}" tests/fuzz/asleep.txt
}

# A driver on layer 1 alone, which has no SDK to look at what it says.
plane_beyond() {
	rm -rf "$TMP/raw"
	cp -r tests/fixtures/rawv11 "$TMP/raw" && rm -rf "$TMP/raw/build" && patch -s -p1 -d "$TMP/raw" <tests/broken/fuzz/plane-beyond.patch &&
		printf 'open\nplane 4\n' >"$TMP/plane.txt" && expect 1 'finding: plane: 1073741824 bytes of region 0' "$MDEV" fuzz "$TMP/raw" --replay "$TMP/plane.txt"
}

wrong_value() {
	copy_of && sed 's/= 0x77/= 0x78/' tests/fuzz/fence.txt >"$TMP/value.txt" &&
		expect 1 'finding: value: the read gave 0x77, and the file says 0x78; event 10' "${replay[@]}" "$TMP/value.txt"
}

# finds VARIANT KEY: within a minute, at most 12 events, and the file does it again.
finds() {
	local file
	copy_of "tests/broken/user/$1.patch" || return 1
	expect 1 "^found +$2" "$MDEV" fuzz "$tree" --time 60 --jobs 1 --seed "${3:-1}" || return 1
	file=$(sed -n 's/^ *[0-9]* events: //p' "$TMP/expect.out")
	cat "$file"
	[ "$(grep -vc '^#' "$file")" -le 12 ] && expect 1 "${2%% in *}|${2%% *}" "${replay[@]}" "$file"
}

table_lines='1|found .x., needed is struct|x 0 u32 number
1|found .257., needed is 1 to 256 bytes|struct command 0x101
1|found .copys., needed is the name of a ring|struct command 64 copys
1|found .copies., needed is a ring of descriptors of 65 bytes|struct command 65 copies
2|found .int., needed is u8|struct command 64\nop 0 int number
2|found .nubmer., needed is number, length|struct command 64\nop 0 u32 nubmer
2|found the end of the line, needed is a number|struct command 64\nop 0 u32 one-of
2|found .again., needed is the end|struct command 64\nnext 0 u64 next again
2|found .op., needed is a field inside|struct command 64\nop 61 u32 number
2|found .pixel., needed is the name of a structure|struct command 64\nat 0 u64 address pixel'

# What is wrong in a table of structures: by the program, and for who types the command.
refused_tables() {
	local path nr words lines
	path=$(framework/user/build.sh --sanitizer fuzzer --program fuzz --out "$TMP/tables" examples/vgpu-stub) || return 1
	while IFS='|' read -r nr words lines; do
		printf '%b\n' "$lines" >"$TMP/table.txt"
		MDK_FUZZ_STRUCTURES=$TMP/table.txt expect 3 "table.txt:$nr: $words.* \[U38\]" "$path" -help=1 || return 1
	done <<<"$table_lines"
	MDK_FUZZ_STRUCTURES=$TMP/nowhere.txt expect 3 'nowhere.txt cannot be read: .*U39' "$path" -help=1 || return 1
	copy_of && echo 'color 4 u32 nubmer' >>"$tree/tests/structures.txt" &&
		expect 2 'tests/structures.txt:[0-9]*: found .nubmer.' "$MDEV" fuzz "$tree" --time 5 --jobs 1
}

# A number that the table alone knows; without its row the mistake is not found.
by_table() {
	copy_of tests/broken/fuzz/only-by-table.patch && sed -i '/^color/d' "$tree/tests/structures.txt" &&
		expect 0 '^nothing was found' "$MDEV" fuzz "$tree" --time 10 --jobs 1 --seed 1 || return 1
	echo 'color 4 u32 one-of 1 0x84ecc83e' >>"$tree/tests/structures.txt"
	expect 1 '^found .*ring.c:50' "$MDEV" fuzz "$tree" --time 60 --jobs 1 --seed 1
}

# A device of virtio says of itself how a guest begins; a chain has to be long both ways.
of_virtio() {
	cp -r tests/fixtures/mdkvirtio "$TMP/virtio" && rm -rf "$TMP/virtio/build" &&
		patch -s -p1 -d "$TMP/virtio" <tests/broken/fuzz/echo-beyond.patch &&
		expect 1 '^found +AddressSanitizer: heap-buffer-overflow' "$MDEV" fuzz "$TMP/virtio" --time 300 --jobs 1 --seed 1
}

# What --merge has written is played by test --user, until the driver is mended and after that.
merged() {
	copy_of tests/broken/user/undefined-shift.patch || return 1
	expect 1 '^merged +[1-9][0-9]* seeds' "$MDEV" fuzz "$tree" --time 60 --jobs 1 --seed 1 --merge || return 1
	ls "$tree"/tests/crashes/shift-exponent-*.txt "$tree"/tests/seeds/*.txt || return 1
	expect 1 'FAILED  crashes.shift-exponent' "$MDEV" test "$tree" --user --only crashes || return 1
	patch -s -R -p1 -d "$tree" <tests/broken/user/undefined-shift.patch
	expect 0 '^[1-9][0-9]* passed, 0 failed, 0 skipped' "$MDEV" test "$tree" --user --only crashes --only seeds
}

# The suite's results and those of the files, as one.
beside_the_suite() {
	mkdir -p "$tree/tests/crashes" && cp tests/fuzz/fence.txt "$tree/tests/crashes/" &&
		expect 0 '^ +ok +crashes: 1 tests?|crashes.fence' "$MDEV" test "$tree" --user --type 4m --only device --only crashes.fence --ktap "$TMP/ktap" &&
		grep -q '^ok [0-9]* crashes.fence$' "$TMP/ktap" && [ "$(grep -c '^1\.\.' "$TMP/ktap")" = 1 ]
}

# One seed is one run: the same inputs, one after the other.
same_run() {
	local path
	path=$(framework/user/build.sh --sanitizer fuzzer --program fuzz --out "$TMP/fuzzer" examples/vgpu-stub) || return 1
	for run in 1 2; do
		mkdir "$TMP/corpus"
		if ! setarch -R "$path" -seed=3 -runs=400 -reload=0 -max_len=16384 "$TMP/corpus" >"$TMP/log" 2>&1; then
			tail -n 20 "$TMP/log"
			return 1
		fi
		mv "$TMP/corpus" "$TMP/corpus-$run"
	done
	[ "$(find "$TMP/corpus-1" -type f | wc -l)" -gt 20 ] && diff -r "$TMP/corpus-1" "$TMP/corpus-2"
}

in_gdb() {
	copy_of tests/broken/fuzz/warning.patch || return 1
	printf 'bt\nquit\n' | "${replay[@]}" tests/fuzz/fence.txt --gdb >"$TMP/gdb" 2>&1
	cat "$TMP/gdb"
	grep -q 'received signal SIGABRT' "$TMP/gdb" && grep -q 'finding (what=' "$TMP/gdb"
}

wrong_options() {
	expect 2 'T160' "$MDEV" fuzz "$tree" --time soon && expect 2 'T160' "$MDEV" fuzz "$tree" --gdb &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --replay x --merge && expect 2 'T160' "$MDEV" fuzz "$tree" --type 1 --type 2 &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --jobs 1000 && expect 2 'T160' "$MDEV" fuzz "$tree" --coverage --time 1m &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --coverage --replay x && expect 2 'T154' "$MDEV" fuzz "$tree" --framework &&
		expect 2 'T154' "$MDEV" test "$tree" --user --framework
}

no_clang() {
	mkdir -p "$TMP/bin"
	printf '#!/bin/sh\nexit 127\n' >"$TMP/bin/clang" && chmod +x "$TMP/bin/clang"
	PATH=$TMP/bin:$PATH expect 3 'T161' "$MDEV" fuzz "$tree"
}

coverage=("$MDEV" fuzz "$tree" --type 8m --coverage)

# Before there is a corpus, seeds, or gcovr.
no_coverage() {
	copy_of tests/broken/fuzz/unreached.patch && expect 3 'no corpus of .*T164' "${coverage[@]}" || return 1
	mkdir -p "$tree/tests/seeds" "$TMP/no-gcovr" && cp tests/fuzz/fence.txt "$tree/tests/seeds/" || return 1
	printf '#!/bin/sh\nexit 127\n' >"$TMP/no-gcovr/gcovr" && chmod +x "$TMP/no-gcovr/gcovr"
	PATH=$TMP/no-gcovr:$PATH expect 3 'T159' "${coverage[@]}"
}

# The planted line is one that no test reaches, and it is named until an input reaches it: of a
# corpus, or of the tree.
covered() {
	local corpus
	corpus=$("$MDEV" fuzz "$tree" --type 8m --time 1 --jobs 1 --seed 1 | sed -n 's/.*; corpus //p')
	[ -d "$corpus" ] && expect 0 '^ring\.c .* 51(,|$)' "${coverage[@]}" || return 1
	grep -q '^  ok  *seeds.fence' "$TMP/expect.out" && grep -q '^the driver .* [6-9][0-9]%$' "$TMP/expect.out" || return 1
	sed 's/ = .*//; s/0x77/0x84ecc83e/' tests/fuzz/fence.txt >"$TMP/reaches.txt"
	cp "$TMP/reaches.txt" "$corpus/reaches"
	expect 0 '^framework/run/access +[1-9][0-9]+ .* [4-9][0-9]%$' "${coverage[@]}" --framework || return 1
	reached || return 1
	rm -r "$corpus"
	cp "$TMP/reaches.txt" "$tree/tests/seeds/" && expect 0 '^ring\.c' "${coverage[@]}" && reached
}

# With HTML that says so.
reached() {
	grep '^ring\.c' "$TMP/expect.out" | grep -vqE ' 51(,|$)' &&
		grep -q 'href="index.ring.c' "$(sed -n 's/^pages *//p' "$TMP/expect.out")"
}

check "a file is played twice and gives the same, with the times" exact
check "lines that are wrong are refused, with file, line and what is needed" all_refused
check "a read that gives something else than the file says is found" wrong_value
check "what a later user sees of an earlier one is found" oracle earlier-user 'finding: earlier user: .* region 2 at 0x514'
check "memory that nobody has written is found" oracle unset-memory 'finding: second run:'
check "a leak is found although a worker's stack still has the address" on_a_stack
check "a parent sleeps, is reset, and is there again" asleep
check "a driver that warns of that is found" oracle suspend-warns 'finding: warning:' tests/fuzz/asleep.txt
check "more is shown than there is" plane_beyond
check "a mistake that needs a ring in guest memory is found, cut down, played again" finds undefined-shift 'shift exponent'
check "a table of structures that is wrong is refused, with file, line and what is needed" refused_tables
check "what was merged is played by test --user" merged
check "results of files stand beside the suite's" beside_the_suite
check "options that cannot be" wrong_options
check "without clang" no_clang
check "coverage without a corpus, and without gcovr" no_coverage
check "coverage: a line that nothing reaches is named, until an input reaches it" covered
if full_tier; then
	check "causes that no message or pin tells of are found" forgotten
	check "a message that waits for its gap, and does not come, is found" forgotten_fence
	check "a mistake that needs what the table of structures says is found by it alone" by_table
	check "a buffer of virtio that is too short is found" of_virtio
	check "one seed is one run" same_run
	check "that stack is what hides it" hidden_on_a_stack
	if command -v gdb >/dev/null; then
		check "a debugger stops where it goes wrong" in_gdb
	else
		skip "a debugger stops where it goes wrong" "no gdb here"
	fi
	check "a warning is found" oracle warning 'finding: warning:'
	without_values
	check "a wait without an end is found" oracle waits-for-ever 'this waits for ever' "$TMP/plain.txt"
	for seed in 1 2 3; do
		for variant in "overflow-by-ring-length|AddressSanitizer: heap-buffer-overflow in ring.c" \
			"use-after-reset|AddressSanitizer: heap-use-after-free in ring.c" "leak|LeakSanitizer: detected memory leaks"; do
			check "${variant%|*}, seed $seed: found within a minute, at most 12 events" finds "${variant%|*}" "${variant#*|}" $seed
		done
	done
fi
finish
