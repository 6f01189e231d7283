#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: revoking one device's mappings leaves another device's and a virtual processor's alone
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

FIXTURE=mdkirq
PATCHES=tests/broken/sdk
# QEMU emulates what kvm_amd needs.
kvm=(--qemu '-cpu EPYC' --kernel-module kvm_amd)

neighbours_are_zapped() {
	BOOT_OPTIONS=("${kvm[@]}")
	caught revoke-zaps-neighbours revoke '^not ok .*reset.the_virtual_processor_keeps_its_page'
}

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" revoke "${kvm[@]}"
done
if full_tier; then
	ko=$(fixture_for 6.1)
	copy_sdk
	check "a revocation that reaches the neighbours is caught" neighbours_are_zapped
fi
finish
