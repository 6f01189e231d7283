#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: bus=kernel: the contract on the kernel's own mdev core, beside another vendor's driver on it
# tier: full
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

neighbour_for() { # KERNEL
	FIXTURE=neighbour fixture_for "$1"
}

# The neighbour first, then all about create, open, remove and unregister.
beside_neighbour() { # KERNEL
	local neighbour pinner
	neighbour=$(neighbour_for "$1") && pinner=$(fixture_for "$1") || return
	VARS='sh /neighbour.sh; ROUNDS=100' run_piece "$1" lifetime --bus kernel \
		--file "$neighbour:/lab/neighbour.ko" --file "$pinner:/lab/pinner.ko" \
		--file "$SDK/tests/clients/neighbour.sh:/neighbour.sh" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke"
}

# The guest's files for doctor, after a command of it; the kernel's own words about two buses of one
# name are no verdict.
snapshot_after() { # COMMAND BOOT-OPTION...
	local run=$1
	shift
	rm -rf "$TMP/guest"
	"$MDEV" boot --kernel "$kernel" --file "tests/doctor/snapshot.sh:/lab/snapshot" \
		--run "$run; . /lab/snapshot" --ktap "$TMP/shot" --log "$TMP/log" --timeout 90 "$@" \
		>"$TMP/boot.out" 2>&1
	mkdir "$TMP/guest"
	sed -n '/^snapshot begins/,/^snapshot ends/p' "$TMP/shot" | sed '1d;$d' | base64 -d |
		tar -xz -C "$TMP/guest"
	cat "$TMP/boot.out"
	[ -d "$TMP/guest/proc" ]
}

doctor_says() { # ERE
	MDK_ROOT=$TMP/guest expect 1 "$1" "$MDEV" doctor
}

kernels_mdev() {
	find "$("$MDEV" kernel "$kernel" --print moddir)/kernel/drivers/vfio/mdev" -name 'mdev.ko*'
}

# busybox's insmod takes what the kernel takes, and that is no .xz everywhere.
unpacked_mdev() {
	local file
	file=$(kernels_mdev)
	case $file in
	*.xz) xz -dc "$file" >"$TMP/mdev.ko" ;;
	*) cp "$file" "$TMP/mdev.ko" ;;
	esac
}

ours_first() {
	unpacked_mdev && snapshot_after 'insmod /lab/mdev.ko && echo loaded' \
		--file "$TMP/mdev.ko:/lab/mdev.ko" &&
		! grep -x loaded "$TMP/shot" &&
		doctor_says '^problem +core .*was refused, because the bus mdev belongs to mdk_mdev.*\[D100\]'
}

kernels_first() {
	snapshot_after 'insmod /lab/mdk_mdev.ko && echo loaded' --no-framework --kernel-module mdev \
		--file "build/$release/framework/mdk_mdev.ko:/lab/mdk_mdev.ko" &&
		! grep -x loaded "$TMP/shot" && grep -q "share it with bus=kernel.*\[K1\]" "$TMP/log" &&
		doctor_says "^problem +core .*kernel's own mdev.ko: mdk_mdev cannot be loaded.*\[D16\]" &&
		grep 'do: modprobe mdk_mdev bus=kernel' "$TMP/expect.out"
}

# Nothing to sit on, and a module that came without a mode that it is for.
no_kernels_core() {
	expect 1 'no|FAILED' "$MDEV" boot --kernel "$kernel" --no-framework --log "$TMP/log" \
		--module "build/$release/framework/mdk_mdev.ko bus=kernel" --run true &&
		grep "bus=kernel: the kernel's own mdev core is not loaded and cannot be.*\[K100\]" "$TMP/log"
}

wrong_mode() {
	expect 1 'cannot load mdk_mdev_kernel' "$MDEV" boot --kernel "$kernel" --no-framework \
		--log "$TMP/log" --module "build/$release/framework/mdk_mdev.ko bus=private" \
		--module "build/$release/framework/mdk_mdev_kernel.ko" --run true &&
		grep 'mdk_mdev_kernel is for bus=kernel, and mdk_mdev was loaded with bus=private.*\[K102\]' \
			"$TMP/log"
}

# With a modprobe, as on a host: the kernel's core with mdk_mdev, the rest with the first parent.
loads_what_it_needs() {
	local name driver files=()
	driver=$(FIXTURE=rawv11 fixture_for "$kernel") && unpacked_mdev || return 1
	for name in mdk_mdev_kernel mdk_vfio_mdev; do
		files+=(--file "build/$release/framework/$name.ko:/lab/$name.ko")
	done
	"$MDEV" boot --kernel "$kernel" --no-framework --log "$TMP/log" \
		--kernel-module vfio_iommu_type1 --kernel-module vfio_virqfd "${files[@]}" \
		--file "$SDK/tests/clients/modprobe.sh:/sbin/modprobe" --file "$TMP/mdev.ko:/lab/mdev.ko" \
		--file "build/$release/framework/mdk_mdev.ko:/lab/mdk_mdev.ko" \
		--file "$driver:/lab/rawv11.ko" \
		--run 'insmod /lab/mdk_mdev.ko bus=kernel && lsmod && insmod /lab/rawv11.ko && lsmod &&
			[ -d /sys/class/mdev_bus/*/mdev_supported_types ]' \
		--ktap "$TMP/said" || { cat "$TMP/said" "$TMP/log"; return 1; }
	cat "$TMP/said"
	# The first list, before the parent, and the second one.
	[ "$(grep -c '^mdev ' "$TMP/said")" = 2 ] &&
		[ "$(grep -c '^mdk_mdev_kernel ' "$TMP/said")" = 1 ] &&
		[ "$(grep -c '^mdk_vfio_mdev ' "$TMP/said")" = 1 ]
}

client_build
for kernel in 6.1 newest; do
	release=$("$MDEV" kernel "$kernel" --print release)
	beside_neighbour "$kernel"
	check "$kernel: ours first: the kernel's core is refused, and doctor says why" ours_first
	check "$kernel: the kernel's first: ours is refused with a way out, and doctor says why" \
		kernels_first
done
kernel=6.1
release=$("$MDEV" kernel "$kernel" --print release)
check "6.1: bus=kernel loads what it needs" loads_what_it_needs
check "6.1: bus=kernel without that core says a sentence" no_kernels_core
check "6.1: mdk_mdev_kernel with bus=private says a sentence" wrong_mode
finish
