#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk fuzz --kernel drives real descriptors in a guest: what it counts, what it finds, what it plays again
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh

tree=$TMP/tree
kernel=6.1
plain=$TMP/plain.txt

# copy_of [VARIANT]: the vgpu-stub, with that mistake.
copy_of() {
	rm -rf "$tree"
	cp -r examples/vgpu-stub "$tree" && rm -rf "$tree/build" || return 1
	[ $# = 0 ] || patch -s -p1 -d "$tree" <"tests/broken/fuzz/$1.patch"
}

guest() { # OPTION...
	"$MDEV" fuzz "$tree" --kernel "$kernel" "$@"
}

# Events, and SET_IRQS that the kernel has taken.
counts() {
	copy_of && expect 0 '^nothing was found' guest --events 3000 --seed 1 &&
		grep -Eq '^events  3[0-9]{3} events, [0-9]+ inputs, .* a second; [1-9][0-9]* of [0-9]+ SET_IRQS were valid' "$TMP/expect.out"
}

inputs() { # SEED
	guest --events 2000 --seed "$1" | sed -n 's/ inputs, .*//p'
}

# The same inputs for the same seed, others for another one; a file of the tree is the first of them.
by_seed() {
	copy_of && mkdir -p "$tree/tests/seeds" && cp tests/fuzz/fence.txt "$tree/tests/seeds/" || return 1
	inputs 3 >"$TMP/first" && inputs 3 >"$TMP/second" && inputs 4 >"$TMP/other" && cat "$TMP/first" "$TMP/other"
	[ -s "$TMP/first" ] && diff "$TMP/first" "$TMP/second" && ! diff "$TMP/first" "$TMP/other"
}

# A recording of what a process gave is what the kernel's device gives.
plays() {
	copy_of && expect 0 '^ *10 .* read bar2 0x818 4 = 0x77  -> 119' guest --replay tests/fuzz/fence.txt &&
		grep -q '^nothing was found' "$TMP/expect.out"
}

# finds VARIANT KEY [2]: in what it looks for, and with the file that it has written; 2: with all of the device's.
finds() {
	local file
	copy_of "$1" && expect 1 "^found +$2" guest --events 60000 --seed 1 || return 1
	file=$(sed -n 's/^ *[0-9]* events: //p' "$TMP/expect.out" | sed -n "${3:-1}p")
	head -n 200 "$file"
	grep -q "^# $2" "$file" && expect 1 "^found +$2" guest --replay "$file"
}

# oracle VARIANT KEY FILE: the file is played on a driver with that mistake.
oracle() {
	copy_of "$1" && expect 1 "^found +$2" guest --replay "$3"
}

wrong_value() {
	copy_of && sed 's/= 0x77/= 0x78/' tests/fuzz/fence.txt >"$TMP/value.txt" &&
		expect 1 '^found +value: the read gave 0x77' guest --replay "$TMP/value.txt"
}

wrong_line() {
	copy_of && printf 'open\nraed bar0 0 4\n' >"$TMP/wrong.txt" &&
		expect 2 'replay.txt:2: found .raed., needed is an event' guest --replay "$TMP/wrong.txt"
}

# A number that the tree's table of structures alone knows.
by_table() {
	copy_of only-by-table && sed -i 's/^color .*/color 4 u32 one-of 1 0x84ecc83e/' "$tree/tests/structures.txt" &&
		expect 1 '^found +WARNING in (ring_fence|vgpu_ring_work)' guest --events 60000 --seed 1 || return 1
	sed -i '/^color/d' "$tree/tests/structures.txt"
	expect 0 '^nothing was found' guest --events 3000 --seed 1
}

wrong_table() {
	copy_of && echo 'color 4 u32 nubmer' >>"$tree/tests/structures.txt" &&
		expect 2 'tests/structures.txt:[0-9]*: found .nubmer.' guest --events 3000
}

# None of these boots.
wrong_options() {
	copy_of && expect 2 'T160' guest --jobs 2 && expect 2 'T160' guest --merge && expect 2 'T160' guest --type 1 --type 2 &&
		expect 2 'T160' guest --replay x --time 1m && expect 2 'T170' guest --replay "$TMP/nowhere" &&
		expect 2 'T160' "$MDEV" fuzz "$tree" --events 10 && expect 2 'a number from 1' guest --events 0 &&
		expect 2 "unknown kernel '9.9'" "$MDEV" fuzz "$tree" --kernel 9.9
}

sed 's/ = .*//' tests/fuzz/fence.txt >"$plain"
check "options that cannot be" wrong_options
check "events are counted, and SET_IRQS that are valid" counts
check "one seed is one list of inputs" by_seed
check "a file of a process gives the same on a kernel's device" plays
check "a line that is wrong is refused" wrong_line
check "a table of structures says what memory is filled with" by_table
check "a line of the table that is wrong is refused" wrong_table
check "a read that gives something else than the file says is found" wrong_value
check "a warning of the kernel is found" oracle warning 'WARNING in vgpu_ring_work' "$plain"
check "a worker that hangs is found" oracle waits-for-ever 'INFO: task kworker' "$plain"
check "what a later user sees of an earlier one is found, and again" finds earlier-user 'earlier user:' 2
for kernel in "${KERNELS[@]}"; do
	check "$kernel: a mistake that ends the kernel is found, and again" finds kernel-pointer 'BUG: kernel NULL pointer dereference'
done
finish
