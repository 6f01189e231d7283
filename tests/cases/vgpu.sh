#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the vgpu-stub: modes, planes, rings and monitor as a VFIO user sees them, hostile ones included
# tier: quick
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

PATCHES=tests/broken/vgpu
# Two processors, so that a guest changes a command while it is read.
BOOT_OPTIONS=(--qemu '-smp 2')

# driver_for KERNEL [PATCH]: prints the module's path.
driver_for() {
	local copy=$TMP/vgpu-$1${2:+-$2}
	rm -rf "$copy"
	mkdir "$copy"
	cp -r examples/vgpu-stub/{Kbuild,*.[ch],expected-skips,tests} "$copy"
	[ -z "${2:-}" ] || patch -s -p1 -d "$copy" <"$PATCHES/$2.patch" >"$TMP/driver.log" 2>&1 ||
		return 1
	KVER=$1 framework/build.sh module "$copy" >"$TMP/driver.log" 2>&1 || return 1
	echo "$copy/vgpu_stub.ko"
}

boot_vgpu() { # kernel module
	"$MDEV" boot --kernel "$1" "${BOOT_OPTIONS[@]}" --module "$2 dmabuf=1" \
		--file "$CLIENT:/bin/core-client" --run 'core-client vgpu' --ktap "$TMP/ktap" \
		--log "$TMP/log" >"$TMP/boot.out" 2>&1
}

run_client() { # kernel
	local ko status=0
	rm -f "$TMP/ktap"
	ko=$(driver_for "$1") || { fail "$1: build" "$(tail -n 20 "$TMP/driver.log")"; return; }
	boot_vgpu "$1" "$ko" || status=$?
	guest_results "$1: " "$TMP/ktap"
	check "$1: the run" run_is_clean $status
	check "$1: the device passes the suite" expect 0 ' 0 failed' "$MDEV" test "$ko"
}

is_caught() { # variant pattern
	local ko
	ko=$(driver_for 6.1 "$1") || { tail -n 20 "$TMP/driver.log"; return 1; }
	rm -f "$TMP/ktap"
	boot_vgpu 6.1 "$ko"
	cat "$TMP/boot.out" "$TMP/ktap"
	grep -Eq "^not ok .*$2" "$TMP/ktap"
}

# variant | results that must fail; of what the SDK does for a display
sdk_variants() {
	cat <<-'END'
	vram-not-zeroed|^not ok .*next.finds_no_pixel
	ring-place-unchecked|^not ok .*hostile.tail_behind_the_ring
	held-memory-freed|^not ok .*held|BUG|Bad page|Oops
	monitor-of-user-before|^not ok .*next.(finds_no_mode_no_monitor|describes_its_own)
	monitor-size-unchecked|^not ok .*edid.a_size_of_all_ones
	monitor-changes-silently|^not ok .*edid.plugged_is_an_interrupt
	monitor-half-seen|^not ok .*edid.not_seen_before_it_is_whole
	monitor-lost-by-reset|^not ok .*edid.outlives_a_reset
	largest-mode-of-first-type|^not ok .*types.largest_mode_is_the_type
	stats-outlive-reset|^not ok .*(stats.a_reset_clears|next.(finds_no_numbers|counts_from_zero))
	stats-read-back|^not ok .*stats.what_a_guest_writes
	END
}

sdk_is_caught() { # variant pattern
	ko="$(driver_for 6.1) dmabuf=1" || return 1
	PATCHES=tests/broken/sdk caught "$1" vgpu "$2"
}

client_build
framework_for 6.1
for kernel in "${KERNELS[@]}"; do
	run_client "$kernel"
done
check "docs/vgpu-stub.md has the registers of the driver" tools/docs/vgpu-page --check
if full_tier; then
	check "caught: wrong stride" is_caught wrong-stride 'mode.is_the_plane|paint.fill'
	check "caught: a command fetched twice" is_caught fetched-twice change.never_outside
	check "caught: a fence before its work" is_caught fence-too-early fence.comes_by_MSI_after
	check "caught: a refused copy reported as done" is_caught reports-all-as-done copies.hostile.outside
	check "caught: pixels onto reports" is_caught downloads-onto-reports copies.hostile.onto_reports
	copy_sdk
	while IFS='|' read -r variant pattern; do
		check "caught: $variant" sdk_is_caught "$variant" "$pattern"
	done < <(sdk_variants)
fi
finish
