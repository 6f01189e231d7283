# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the *-debug cases: the kernel with KASAN, lockdep, kmemleak and debug objects.
# Sourced after tests/lib.sh.

# Races are hunted there, and most need two processors.
# shellcheck disable=SC2034
BOTH=(--qemu '-smp 2')

# Five times slower than a stock kernel, on a busy machine far more: waits are longer, and LIMIT
# is there to end a guest that hangs.
# shellcheck disable=SC2034
SLOWLY='ROUNDS=100 SLOW=5'
# shellcheck disable=SC2034
LIMIT=1200

# For the guest, after what was to be watched. kmemleak leaves alone what is younger than five
# seconds, and refuses to scan when it has switched itself off, as lockdep does too. The judge knows
# their words; /dev/kmsg takes a line at a time.
# shellcheck disable=SC2016,SC2034 # the guest's shell expands it
SCAN='sleep 6; leak=on; for i in 1 2; do echo scan >/sys/kernel/debug/kmemleak || leak=off; done;
	locks=$(sed -n "s/^ debug_locks: *//p" /proc/lockdep_stats);
	kasan=$(grep -c " kasan_report$" /proc/kallsyms);
	echo "instruments: $(nproc) processors, kasan $kasan, lockdep $locks, kmemleak $leak" \
		>/dev/kmsg;
	head -n 60 /sys/kernel/debug/kmemleak | while read -r line; do
		echo "kmemleak: $line" >/dev/kmsg
	done'

# Its release, in $kernel; without it the case is over.
debug_kernel_needed() {
	if kernel=$(tools/lab/debug-kernel 2>"$TMP/kernel.err"); then
		pass "the debug kernel is built"
		return
	fi
	fail "the debug kernel is built" "$(cat "$TMP/kernel.err")"
	finish
	exit
}

# The last run had them to its end: two processors, KASAN, lockdep (1, or 0 after a report), kmemleak.
instruments_are() { # LOCKDEP
	grep 'instruments:' "$TMP/log"
	grep -q "instruments: 2 processors, kasan 1, lockdep $1, kmemleak on" "$TMP/log"
}

# debug_piece PIECE BOOT-OPTION...: as run_piece, and one more result for the instruments.
debug_piece() {
	VARS=$SLOWLY AFTER=$SCAN run_piece "$kernel" "$1" "${BOTH[@]}" --timeout "$LIMIT" "${@:2}"
	check "$1${2:+ ${*:2}}: the instruments were on, on two processors" instruments_are 1
}
