#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: shares of a PCI device while that is reset, sleeps and goes, under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 3600
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

# For the guest: what has ever been taken inside the lock of an instance's mappings.
# shellcheck disable=SC2034,SC2089 # the guest's shell expands it
INSIDE="$SCAN; sed -n '/: &inst->maps_lock\$/,/^\$/p' /proc/lockdep | while read -r line; do
	echo \"inside: \$line\" >/dev/kmsg
done"

# That kernel has no userfaultfd.
slow_is_built() {
	slow=$(FIXTURE=slow fixture_for "$kernel")
}

# Who fences all instances waits for that lock; how long memory takes is up to a user's limits.
nothing_allocated_inside() {
	grep 'inside:' "$TMP/log"
	grep -q 'inside: .*: &inst->maps_lock' "$TMP/log" &&
		! grep -q 'inside: -> .*fs_reclaim' "$TMP/log"
}

parent_debug_piece() { # PIECE
	VARS=$SLOWLY AFTER=$INSIDE parent_piece "$kernel" "$1" --module "$slow" "${BOTH[@]}" \
		--timeout $LIMIT
	check "$1: the instruments were on, on two processors" instruments_are 1
}

# With a fault of the framework that only an instrument sees.
boot_broken() { # KERNEL FIXTURE PIECE BOOT-OPTION...
	KVER=$1 "$TMP/sdk/framework/build.sh" framework unless-built >"$TMP/framework.log" 2>&1 ||
		{ tail -n 20 "$TMP/framework.log"; return 3; }
	"$TMP/sdk/mdev-sdk" boot --kernel "$1" --module "$2" --file "$CLIENT:/bin/core-client" \
		--ktap "$TMP/ktap" --log "$TMP/log" "${PARENT[@]}" "${BOTH[@]}" "${@:4}"
}

# broken PATCH COMMAND...
broken() {
	local status=0
	rm -f "$TMP/log" "$TMP/ktap"
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	"${@:2}" || status=$?
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	return $status
}

seen_here() { # PIECE ERE
	boot_broken "$kernel" "$ko" "$1" --module "$slow" --timeout $LIMIT \
		--run "$SLOWLY core-client $1; $INSIDE" >"$TMP/boot.out" 2>&1
	tail -n 20 "$TMP/boot.out"
	grep -E "$2" "$TMP/log"
}

unseen_elsewhere() { # PIECE
	boot_broken 6.1 "$stock_ko" "$1" --timeout 120 --run "core-client $1"
}

client_build
debug_kernel_needed
framework_for "$kernel"
check "memory that keeps whoever touches it is built" slow_is_built
for piece in pci pcilost pcileave pcistall pcikill pciremove; do
	parent_debug_piece $piece
	[ -z "${KEEP-}" ] || cp "$TMP/log" "$KEEP.$piece.log"
	case $piece in pci | pciremove)
		check "$piece: nothing is allocated under the lock of the mappings" nothing_allocated_inside ;;
	esac
done
ko=$(fixture_for "$kernel")
stock_ko=$(fixture_for 6.1)
copy_sdk
check "caught by lockdep: memory is allocated under the lock of the mappings" \
	broken page-under-the-lock seen_here pci 'inside: -> .*fs_reclaim'
check "caught by lockdep: a copy to the user under it" broken copied-under-the-lock seen_here pci \
	'possible circular locking dependency'
check "and by no stock kernel" broken copied-under-the-lock unseen_elsewhere pci
check "caught by kmemleak: a call that was left alone is not freed" \
	broken left-call-leaked seen_here pcikill 'kmemleak: .*unreferenced object'
check "and by no stock kernel" broken left-call-leaked unseen_elsewhere pcikill
finish
