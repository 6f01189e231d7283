# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases that run a guest inside a guest; sourced after tests/lib.sh.
#
# The outer guest emulates a processor with virtualisation (QEMU's EPYC under TCG), so the inner one
# runs on KVM. It sees this machine's root file system, read-only, and runs this machine's QEMU.

# shellcheck source=tests/lspci.sh
. tests/lspci.sh

NESTED=$SDK/build/host/nested

nested_build() {
	make -s -C tests/nested O="$NESTED" >"$TMP/nested.log" 2>&1 ||
		{ cat "$TMP/nested.log" >&2; return 1; }
}

# driver_copy FOLDER: builds a copy of an example, prints its module.
driver_copy() { # folder [patch]
	local copy
	copy=$TMP/driver-$(basename "$1")${2:+-$(basename "$2" .patch)}
	rm -rf "$copy"
	cp -r "$1" "$copy"
	[ -z "${2:-}" ] || patch -s -p1 -d "$copy" <"$2" || return 1
	KVER=6.1 framework/build.sh module "$copy" >"$TMP/driver.log" 2>&1 ||
		{ tail -n 20 "$TMP/driver.log" >&2; return 1; }
	ls "$copy"/*.ko
}

# QEMU warns at each start of a device that does not declare ERR.
qemu_is_content() {
	! grep 'Could not enable error recovery' "$TMP/said"
}

# What a second try was needed for, at the end of a case.
nested_retries() {
	[ ! -f "$TMP/retries" ] || diag <"$TMP/retries"
}

# nested_boot MODULE INITRD VARS [BOOT OPTION...]: what the outer guest printed goes to $TMP/said.
# An inner guest freezes now and then on an emulated processor, on a busy host more often; two more
# tries, and it is said. One that does not freeze takes less than a minute; or NESTED_SECONDS.
nested_boot() {
	local module=$1 initrd=$2 vars=$3 seconds=${NESTED_SECONDS:-80} try
	shift 3
	for try in 1 2 3; do
		"$MDEV" boot --kernel 6.1 --module "$module" --kernel-module kvm_amd \
			--kernel-module 9p --kernel-module 9pnet_virtio --kernel-module virtio_pci \
			--qemu '-cpu EPYC -m 1500' \
			--qemu '-virtfs local,path=/,mount_tag=root9p,security_model=none,readonly=on,multidevs=remap' \
			--file tests/nested/l1.sh:/l1.sh --file "$initrd:/l2.initrd" --timeout $((seconds + 40)) \
			--log "$TMP/l1.log" "$@" --run "export $vars L2_INITRD=/l2.initrd L2_SECONDS=$seconds \
				L2_KERNEL=$("$MDEV" kernel 6.1 --print vmlinux); sh /l1.sh" \
			>"$TMP/said" 2>&1 && grep -q 'l2: end' "$TMP/said" && return 0
		[ $try = 3 ] || echo "the inner guest did not come to its end; tried once more" >>"$TMP/retries"
	done
	tail -n 60 "$TMP/said"
	return 1
}
