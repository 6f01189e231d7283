#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a guest that uses mtty goes from one QEMU to another, and not a byte is lost
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

# All by the same guest, which ticks through all of it.
migrates() { # MODULE STEP...
	"$MDEV" image --init tests/nested/ticks-init.sh --file tests/nested/begin.sh:/begin.sh --file "$NESTED/nested-ticks:/bin/nested-ticks" \
		--output "$TMP/l2.initrd" &&
		NESTED_SECONDS=200 nested_moves tests/nested/l1-migrate.sh "$1" "$TMP/l2.initrd" "STEPS='${*:2}'"
}

# Each number once, in order; and nothing else came.
ticks_follow() {
	local count
	sed -n 's/^l2: tick //p' "$TMP/said" >"$TMP/ticks"
	count=$(wc -l <"$TMP/ticks")
	grep -E '^l2: (where|the ticks)' "$TMP/said" && return 1
	echo "$count ticks"
	[ "$count" -ge 10 ] && seq "$count" | diff - "$TMP/ticks"
}

loses_ticks() { # PATCH
	local broken
	broken=$(driver_copy examples/mtty "tests/broken/mtty/$1.patch") || return 1
	migrates "$broken" unix || return 1
	step unix '^migration to unix:.*: completed' && expect 1 '^l2: where tick' ticks_follow
}

nested_build
framework_log=$(KVER=6.1 framework/build.sh framework 2>&1) || echo "$framework_log" >&2
module=$(driver_copy examples/mtty)
check "a guest that ticks is started" migrates "$module" unix cancel refuse file
check "it is moved to another QEMU" step unix '^migration to unix:.*: completed'
check "it ticks on there" step unix "^it ticks on in 'second'"
check "a migration that is cancelled ends so" step cancel '^migration to unix:.*: cancelled'
check "and the guest ticks on where it is" step cancel "^it ticks on in 'second'"
check "a migration to a card with one port fails" step refuse '^migration to unix:.*: failed'
check "and the kernel's log says why" nested_refused 2
check "and the guest ticks on where it is" step refuse "^it ticks on in 'second'"
check "it is moved to a file" step file '^migration to file:.*: completed'
check "and ticks on when it was read back" step file "^it ticks on in 'third'"
check "no tick of all is missing, and none came twice" ticks_follow
nested_figures unix file | diag
for name in fifo-stays count-stays; do
	check "$name is caught" loses_ticks $name
done
nested_retries
finish
