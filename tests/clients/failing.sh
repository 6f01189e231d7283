# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A framework whose calls of the kernel fail when a test says so, for stock kernels, which have no
# fault injection: tests/failing. Sourced after tests/clients/lib.sh.

FAILING=$SDK/tests/failing

# Behind all headers of a file, so that no declaration is taken for a call.
includes_fail() { # FILE, LINE BEFORE
	local file=$TMP/sdk/framework/$1
	sed -i "s|^$2\$|&\n#include \"../mdev/fail.h\"|" "$file"
	grep -q 'fail\.h' "$file" || { echo "no line '$2' in $1"; return 1; }
}

# In the copy that copy_sdk has made.
make_failing() {
	cp "$FAILING/fail.h" "$TMP/sdk/framework/mdev/"
	cat "$FAILING/fail.c" >>"$TMP/sdk/framework/mdev/main.c"
	includes_fail mdev/mdev_private.h '#include "bus.h"' &&
		includes_fail vfio_mdev/bridge.h '#include "pins.h"' &&
		includes_fail mdev_kernel/kernel.c '#include "../mdev/bus.h"' &&
		includes_fail run/registry.c '#include "unmap.h"' &&
		includes_fail run/card.h '#include <mdk/card.h>'
}

# The modules of the fixtures pinner and mdkcaps.
ko=
model=

failing_in_guest() { # KERNEL MODE BOOT-OPTION...
	local kernel=$1 mode=$2
	shift 2
	"$TMP/sdk/mdev-sdk" boot --kernel "$kernel" --bus "$mode" --file "$ko:/lab/pinner.ko" \
		--file "$model:/lab/mdkcaps.ko" --file "$SDK/tests/clients/failing-guest.sh:/lab/failing" \
		--run "sh /lab/failing $mode" --ktap "$TMP/ktap" --log "$TMP/log" "$@" >"$TMP/boot.out" 2>&1
}

failing_run() { # KERNEL MODE
	local status=0
	rm -f "$TMP/ktap"
	failing_in_guest "$1" "$2" --timeout 240 || status=$?
	[ ! -f "$TMP/ktap" ] || guest_results "$1, bus=$2: " "$TMP/ktap"
	check "$1, bus=$2: the run" run_is_clean $status
}

failing_on() { # KERNEL
	if build_copy_for "$1" >"$TMP/why" && ko=$(fixture_for "$1") &&
		model=$(FIXTURE=mdkcaps fixture_for "$1"); then
		failing_run "$1" own
		failing_run "$1" kernel
	else
		fail "$1: build" "$(tail -n 20 "$TMP/why" "$TMP"/*.log)"
	fi
}
