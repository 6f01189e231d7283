# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases about mdk_mdev.ko beside the kernel's core. Sourced after tests/lib.sh.

driver_for() { # KERNEL
	mkdir -p "$TMP/mdkcaps-$1"
	cp tests/fixtures/mdkcaps/{Kbuild,mdkcaps.c} "$TMP/mdkcaps-$1/"
	KVER=$1 framework/build.sh module "$TMP/mdkcaps-$1" >"$TMP/fixture.log" 2>&1
}

# boot_beside KERNEL FOLDER: tests/fixtures/beside.sh says what it finds.
boot_beside() {
	local name files=()
	for name in mdk_mdev mdk_vfio_mdev mdk_model mdk_mdev_kernel; do
		files+=(--file "$2/$name.ko:/lab/$name.ko")
	done
	"$MDEV" boot --no-framework --kernel "$1" --kernel-module mdev --kernel-module vfio_pci \
		"${files[@]}" --file "$TMP/mdkcaps-$1/mdkcaps.ko:/lab/mdkcaps.ko" \
		--file "$SDK/tests/fixtures/beside.sh:/beside.sh" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke" \
		--run 'sh /beside.sh' --ktap "$TMP/said" --log "$TMP/log" --timeout 90
}
