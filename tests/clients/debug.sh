# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the *-debug cases: the kernel with KASAN, lockdep, kmemleak and debug objects.
# Sourced after tests/lib.sh.

# Five times slower than a stock kernel, on a busy machine far more: waits are longer, and LIMIT
# is there to end a guest that hangs.
# shellcheck disable=SC2034
SLOWLY='ROUNDS=100 SLOW=5'
# shellcheck disable=SC2034
LIMIT=1200

# For the guest, after what was to be watched. kmemleak leaves alone what is younger than five
# seconds. The judge knows its words; /dev/kmsg takes a line at a time.
# shellcheck disable=SC2016,SC2034 # the guest's shell expands it
SCAN='sleep 6; for i in 1 2; do echo scan >/sys/kernel/debug/kmemleak; done;
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
