#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the kernel's API in a process keeps its promises, says what breaks them, and is measured
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

export ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=halt_on_error=0

# built SANITIZER: the program's path.
built() {
	framework/user/build.sh --sanitizer "$1" --out "$TMP/out/$1" --main tests/user/shim.c tests/fixtures/usershim
}

# keeps SANITIZER: all promises, and no report.
keeps() {
	local path
	path=$(built "$1") && expect 0 '^usershim: 0 failures$' "$path" numbers=1,2,-3 word=seven && ! grep -E 'Sanitizer|runtime error' "$TMP/expect.out"
}

# wrong NAME SANITIZER STATUS ERE: what that ends with, and says.
wrong() {
	local path
	path=$(built "$2") && expect "$3" "$4" timeout 60 "$path" "wrong=$1"
}

# parameter NAME=VALUE: it is not taken.
parameter() {
	local path
	path=$(built address) && expect 2 'numbers|word' "$path" "$1"
}

# linked REPOSITORY OBJECTS: functions that a header of the shim declares and that are not there.
linked() {
	local shim=$1/framework/user/shim
	local flags=(-std=gnu11 -w -D__KERNEL__ -DMODULE -I"$shim/include" -I"$1/framework/user/shell/twins"
		-I"$1/framework" -I"$1/framework/include" -I"$1/sdk/include")
	(cd "$shim/include" && find linux asm -name '*.h') | sort | sed 's/.*/#include <&>/' >"$TMP/headers.c"
	gcc "${flags[@]}" -E -dM "$TMP/headers.c" | awk '{ sub(/\(.*/, "", $2); print $2 }' | sort -u >"$TMP/macros"
	"$1/framework/user/api.sh" words | grep -v ' ' | sort -u | comm -23 - "$TMP/macros" >"$TMP/functions"
	{
		cat "$TMP/headers.c"
		# Types are in the list too, and of those nobody takes the address.
		sed -nE '/_t$|^[su][0-9]+$/!s/.*/void *user_&(void) { return \&&; }/p' "$TMP/functions"
		echo 'struct module *const user_modules[] = { NULL }, user_module_mdk_model, user_module_mdk_net;'
		echo 'int main(void) { return 0; }'
	} >"$TMP/all.c"
	gcc "${flags[@]}" -O0 -o "$TMP/all" -pthread "$TMP/all.c" "$2" 2>&1 | sed -n 's/.*undefined reference to `\([^'"'"']*\).*/\1/p; /error: /p' | sort -u
	[ "${PIPESTATUS[0]}" = 0 ]
}

declared_are_there() {
	local objects
	objects=$(framework/user/build.sh --sanitizer none framework) && linked . "$objects"
}

# In a copy one is declared that nobody has made.
missing_is_seen() {
	local copy=$TMP/sdk
	mkdir -p "$copy" && tar c framework sdk | tar x -C "$copy" || return 1
	sed -i 's/^void user_yield(void);/&\nvoid nobody_made(void);/' "$copy/framework/user/shim/include/user/sched.h"
	linked "$copy" build/user/none/framework.o | tee "$TMP/missing"
	grep -qx nobody_made "$TMP/missing"
}

# A tree with three calls of the kernel's, one of which user space has not, and a file that is not the driver's.
sample() {
	mkdir -p "$TMP/driver" && cat >"$TMP/driver/driver.c" <<'END' && cat >"$TMP/driver/kcompat.h" <<'END2'
#include <linux/slab.h>
#include <linux/clk.h>
#include "kcompat.h"
#define OWN(_x) kfree(_x)
/* not_called(1) and "not_called(2)" */
static int own(struct ops *ops, int (*callback)(int x))
{
	void *mem = kmalloc(8, GFP_KERNEL);

	if (ops->not_called(3) || callback(4))
		clk_enable(mem);
	clk_enable(mem);
	OWN(mem);
	return own(ops, callback);
}
END
#define kmalloc(_size, _flags) older_kmalloc(_size)
END2
}

# measures ERE... of the sample: lines of the report.
measures() {
	local ere
	framework/user/measure.sh --all --without 'kcompat*' "$TMP/driver" >"$TMP/measured" || return 1
	cat "$TMP/measured"
	for ere; do
		grep -qxE "$ere" "$TMP/measured" || { echo "no line is '$ere'"; return 1; }
	done
	! grep not_called "$TMP/measured"
}

counts() {
	measures '1 files, 15 lines' 'headers of the kernel: 2, here 1' 'functions and macros of the kernel and the SDK: 3, in the shim 2, 66 %' \
		'calls of them: 4, in the shim 2, 50 %' 'headers that are missing: linux/clk.h' '  2 clk_enable' '  1 kfree' \
		'  1 kmalloc'
}

# With what it fakes itself, kmalloc() is its own.
counts_fakes() {
	framework/user/measure.sh --all "$TMP/driver" | tee "$TMP/measured"
	grep -qx '  1 older_kmalloc' "$TMP/measured" && ! grep -x '  1 kmalloc' "$TMP/measured"
}

check "promises are kept, under AddressSanitizer" keeps address
check "promises are kept, under ThreadSanitizer" keeps thread
for name in alloc_page devm_kmalloc down guard vfree kvfree vunmap idr_alloc ida_alloc xa_store alloc_workqueue synchronize_rcu device_del; do
	check "caught: $name() with a spinlock held" wrong $name none 70 'this call may sleep, .* it holds 1 spinlocks'
done
while IFS='|' read -r name status ere; do
	check "caught: $name" wrong "$name" address "$status" "$ere"
done <<'END'
rcu-mightsleep-inside|70|may sleep, .* 1 read sections of RCU
rcu-unlock-twice|70|wrong.c:.*rcu_read_unlock\(\) without rcu_read_lock\(\)
preempt-enable-twice|70|wrong.c:.*without what disables it
cache-not-empty|1|1 objects of 'usershim' are not given back
vfree-of-kmalloc|70|vfree\(\) of what is not vmalloc\(\)'s
kfree-of-vmalloc|70|kfree\(\) of what is vmalloc\(\)'s
kfree-of-error|70|kfree\(\) of the errno 12
use-of-nothing|1|SEGV on unknown address 0x0*10
kmalloc-too-long|1|67108864 bytes at once, and 4194304 are the most
devm-kfree-of-kmalloc|70|devm_kfree\(\) of what is not this device's
too-many-pages|1|2\^11 pages at once, and 2\^10 are the most
ida-free-twice|1|ida_free\(\) of 0, which is not taken
write-lock-twice|70|wrong.c:.*already writes under this lock
down-write-twice|70|wrong.c:.*already writes under this lock
read-after-write|70|wrong.c:.*already writes under this lock
up-read-of-nobody|70|a reader unlocks, and no reader has this lock
up-write-of-reader|70|this thread does not write under this lock
read-unlock-of-nobody|70|a reader unlocks, and no reader has this lock
reference-of-nothing|1|a reference is taken of what has none left
too-many-references|1|more references than a number holds
flush-from-inside|70|wrong.c:.*a worker waits for its own end
timer-keeps-lock|70|a timer has ended with a lock
srcu-with-reader|70|cleanup_srcu_struct\(\) with a reader inside
END
check "caught: a race" wrong plain-race thread 66 'data race .*usershim/wrong.c:[0-9]+ in count_plainly'
check "caught: an idr that two change without a lock" wrong idr-without-lock thread 66 'data race .* in idr_alloc'
check "too many values of a parameter are refused" parameter numbers=1,2,3,4,5
check "a text too long for a parameter is refused" parameter word=eightchr
check "what is declared is there" declared_are_there
check "caught: what is declared and not there" missing_is_seen
check "a tree is made" sample
check "what a tree calls is counted" counts
check "what fakes a newer kernel counts unless it is left out" counts_fakes
check "no folder is refused" expect 2 'usage: measure.sh' framework/user/measure.sh
check "a folder without sources is refused" expect 3 'no .c or .h file' framework/user/measure.sh docs/schema
finish
